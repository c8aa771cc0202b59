using System.Globalization;
using System.Text;
using System.Text.Json;
using FerSharp.History;

namespace FerSharp;

/// <summary>Writes a timeline to a text. Numbers only; a title is the only text from outside, and it is escaped. Times are seconds of the source.</summary>
/// <remarks>Deterministic: the same snapshot gives the same bytes. The writer stays the caller's. Thread-safe, as snapshots do not change.</remarks>
public static class TimelineExport
{
    /// <summary>Version of the JSON lines' layout: 1.</summary>
    public const int Schema = 1;

    /// <summary>
    /// Writes the overview as comma-separated values, one line for each bin: <c>track,from_s,to_s,covered_s</c>, then the eight mean scores by name. Line ends are LF.
    /// </summary>
    /// <param name="snapshot">What to write.</param>
    /// <param name="writer">Where to.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void WriteCsv(TimelineSnapshot snapshot, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"track,from_s,to_s,covered_s,{string.Join(',', Enum.GetNames<Emotion>().Select(name => name.ToLowerInvariant()))}\n");
        foreach (TimelineTrack track in snapshot.Tracks)
        {
            foreach (TimelineBin bin in track.Overview)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{track.Id},{bin.From.TotalSeconds:0.###},{bin.To.TotalSeconds:0.###},{bin.Covered.TotalSeconds:0.###}"));
                for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
                {
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $",{bin.MeanScores[e]:0.####}"));
                }

                writer.Write('\n');
            }
        }
    }

    /// <summary>
    /// Writes JSON lines: one <c>session</c> line, then for each track one <c>track</c> line, its <c>segment</c> lines and its overview's <c>bin</c> lines. The
    /// session line alone, kept from several sessions, shows how they compare.
    /// </summary>
    /// <param name="snapshot">What to write.</param>
    /// <param name="writer">Where to.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void WriteJsonLines(TimelineSnapshot snapshot, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(writer);
        WriteLine(writer, json =>
        {
            json.WriteString("type", "session");
            json.WriteNumber("schema", Schema);
            Write(json, snapshot.Summary);
        });
        foreach (TimelineTrack track in snapshot.Tracks)
        {
            WriteLine(writer, json =>
            {
                json.WriteString("type", "track");
                json.WriteNumber("track", track.Id);
                Write(json, track.Summary);
            });
            foreach (TimelineSegment segment in track.Segments)
            {
                WriteLine(writer, json =>
                {
                    json.WriteString("type", "segment");
                    json.WriteNumber("track", track.Id);
                    WriteTimes(json, segment.From, segment.To);
                    json.WriteString("expression", Name(segment.Expression));
                    WriteNumber(json, "meanScore", segment.MeanScore);
                });
            }

            foreach (TimelineBin bin in track.Overview)
            {
                WriteLine(writer, json =>
                {
                    json.WriteString("type", "bin");
                    json.WriteNumber("track", track.Id);
                    WriteTimes(json, bin.From, bin.To);
                    WriteNumber(json, "covered_s", bin.Covered.TotalSeconds);
                    Write(json, bin.MeanScores);
                });
            }
        }
    }

    /// <summary>Writes a picture of the overview as SVG, a panel for each track: shares of the scores over time, below them the segments. Colours are told apart by colour-blind people; segments also carry names.</summary>
    /// <param name="snapshot">What to draw; of more than <see cref="MaxDrawnTracks"/> tracks, those seen longest.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="title">A title for people; escaped.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void WriteSvg(TimelineSnapshot snapshot, TextWriter writer, string title = "Expression timeline")
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(title);
        writer.Write(TimelineChart.Draw(snapshot, title));
    }

    /// <summary>Writes a page with the picture and tables, complete in itself: it loads nothing, runs no script and needs no network.</summary>
    /// <param name="snapshot">What to show.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="title">A title for people; escaped.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void WriteHtml(TimelineSnapshot snapshot, TextWriter writer, string title = "Expression timeline")
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(title);
        writer.Write(TimelinePage.Write(snapshot, title));
    }

    /// <summary>Most tracks that <see cref="WriteSvg"/> and <see cref="WriteHtml"/> draw: 32.</summary>
    public const int MaxDrawnTracks = 32;

    private static string Name(Emotion emotion) => emotion.ToString().ToLowerInvariant();

    private static void WriteLine(TextWriter writer, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        writer.Write('\n');
    }

    private static void Write(Utf8JsonWriter json, TimelineSummary summary)
    {
        WriteTimes(json, summary.From, summary.To);
        json.WriteNumber("tracks", summary.Tracks);
        WriteNumber(json, "covered_s", summary.Covered.TotalSeconds);
        WriteNumber(json, "sentiment", summary.Sentiment.Score);
        json.WriteStartObject("expression_s");
        foreach ((Emotion emotion, TimeSpan time) in summary.ExpressionTime)
        {
            WriteNumber(json, Name(emotion), time.TotalSeconds);
        }

        json.WriteEndObject();
        Write(json, summary.MeanScores);
    }

    private static void Write(Utf8JsonWriter json, in EmotionScores scores)
    {
        json.WriteStartObject("meanScores");
        for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
        {
            WriteNumber(json, Name(e), scores[e]);
        }

        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, TimeSpan from, TimeSpan to)
    {
        WriteNumber(json, "from_s", from.TotalSeconds);
        WriteNumber(json, "to_s", to.TotalSeconds);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value) => json.WriteNumber(name, Math.Round(value, 4));
}
