using System.Globalization;
using System.Text.Json;

namespace FerSharp;

/// <summary>What a session came down to, under a name: one point of a trend. Immutable.</summary>
/// <param name="Name">A name for people: a date, a number. No person's, if others may read it.</param>
/// <param name="Summary">The session, from <see cref="EmotionTimeline.Summarize"/> or <see cref="SessionTrend.ReadJsonLines"/>.</param>
public sealed record SessionSummary(string Name, TimelineSummary Summary)
{
    /// <summary>For which share of the time in which faces were readable an expression was clear, 0 to 1; 0 where none was readable.</summary>
    /// <param name="expression">The expression.</param>
    public double ShareOf(Emotion expression) => Summary.Covered <= TimeSpan.Zero ? 0 : Math.Min(1, Summary.ExpressionTime.GetValueOrDefault(expression) / Summary.Covered);
}

/// <summary>Compares sessions: how much of its time each had which expression. It works on summaries, which hold neither pixels nor single readings.</summary>
/// <remarks>
/// Sessions differ in light, camera and length, and a model errs: a difference between two is no finding about a person. Deterministic. Thread-safe.
/// </remarks>
public static class SessionTrend
{
    /// <summary>
    /// Writes comma-separated values, a line for each session: <c>session,covered_s,tracks,sentiment</c>, then each expression's share by name, then <c>unclear</c>, the
    /// share in which none was. Line ends are LF; a name with commas or quotes is quoted (RFC 4180).
    /// </summary>
    /// <param name="sessions">The sessions, in the order to be written.</param>
    /// <param name="writer">Where to; it stays the caller's.</param>
    /// <exception cref="ArgumentNullException">An argument, or a session, is null.</exception>
    public static void WriteCsv(IEnumerable<SessionSummary> sessions, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"session,covered_s,tracks,sentiment,{string.Join(',', Enum.GetNames<Emotion>().Select(name => name.ToLowerInvariant()))},unclear\n");
        foreach (SessionSummary session in sessions)
        {
            ArgumentNullException.ThrowIfNull(session, nameof(sessions));
            TimelineSummary summary = session.Summary;
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Cell(session.Name)},{summary.Covered.TotalSeconds:0.###},{summary.Tracks},{summary.Sentiment.Score:0.####}"));
            double unclear = summary.Covered > TimeSpan.Zero ? 1 : 0;
            for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
            {
                double share = session.ShareOf(e);
                unclear -= share;
                writer.Write(string.Create(CultureInfo.InvariantCulture, $",{share:0.####}"));
            }

            writer.Write(string.Create(CultureInfo.InvariantCulture, $",{Math.Max(0, unclear):0.####}\n"));
        }
    }

    /// <summary>Reads the session out of what <see cref="TimelineExport.WriteJsonLines"/> wrote; its other lines are passed over.</summary>
    /// <param name="reader">The lines; it stays the caller's.</param>
    /// <param name="name">The session's name.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidDataException">No line has a session, or it is damaged, or its layout is newer than this version knows.</exception>
    public static SessionSummary ReadJsonLines(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(name);
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (!line.Contains("\"session\"", StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement session = document.RootElement;
                return session.GetProperty("schema").GetInt32() == TimelineExport.Schema
                    ? new SessionSummary(name, ToSummary(session))
                    : throw new InvalidDataException($"Line {number} has schema {session.GetProperty("schema")}; this version reads {TimelineExport.Schema}.");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException or OverflowException)
            {
                throw new InvalidDataException($"Line {number} is no session of a timeline: {e.Message}", e);
            }
        }

        throw new InvalidDataException("No line has a session; give the whole text that TimelineExport.WriteJsonLines wrote.");
    }

    private static TimelineSummary ToSummary(JsonElement session)
    {
        Span<float> scores = stackalloc float[EmotionScores.Count];
        var times = new SortedDictionary<Emotion, TimeSpan>();
        bool hasScores = false;
        for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
        {
            string key = e.ToString().ToLowerInvariant();
            scores[(int)e] = session.GetProperty("meanScores").GetProperty(key).GetSingle();
            hasScores |= scores[(int)e] > 0;
            if (session.GetProperty("expression_s").TryGetProperty(key, out JsonElement time))
            {
                times[e] = Seconds(time);
            }
        }

        return new TimelineSummary(
            Seconds(session.GetProperty("from_s")), Seconds(session.GetProperty("to_s")), session.GetProperty("tracks").GetInt32(), Seconds(session.GetProperty("covered_s")),
            hasScores ? new EmotionScores(scores) : default, times);
    }

    private static TimeSpan Seconds(JsonElement value) => TimeSpan.FromSeconds(value.GetDouble());

    private static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
