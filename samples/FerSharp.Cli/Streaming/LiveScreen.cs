using System.Diagnostics;
using System.Globalization;
using FerSharp.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FerSharp.Cli.Streaming;

/// <summary>A table on a terminal: a row for each track with a bar for each expression. Redrawn a few times a second, whatever the frame rate, so that it can be read.</summary>
internal sealed class LiveScreen(IAnsiConsole console, string name, IReadOnlyList<Emotion> expressions) : StreamOutput
{
    private const int BarWidth = 5, MostAlerts = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Queue<EmotionAlert> _alerts = [];
    private readonly SortedDictionary<int, SmoothedEmotion> _tracks = [];
    private LiveDisplayContext? _display;
    private long _drawn;
    private long _analyzedBefore;
    private double _rate;

    /// <summary>Shows the table for as long as work lasts; it stays on the screen as it was last.</summary>
    public Task<T> ShowAsync<T>(Func<Task<T>> work) => console.Live(new Text("waiting for the first frame")).AutoClear(false).StartAsync(context =>
    {
        _display = context;
        _drawn = Stopwatch.GetTimestamp();
        return work();
    });

    public override ValueTask TakeAsync(StreamResult result)
    {
        foreach (FaceEmotion face in result.Analysis.Faces.Where(face => face.TrackId > 0))
        {
            _tracks[face.TrackId] = face.Smoothed;
        }

        foreach (FaceTrackEvent change in result.TrackEvents.Where(change => change.Phase == FaceTrackPhase.Ended))
        {
            _tracks.Remove(change.TrackId);
        }

        TimeSpan since = Stopwatch.GetElapsedTime(_drawn);
        if (since >= Interval)
        {
            _rate = (result.Counters.Analyzed - _analyzedBefore) / since.TotalSeconds;
            (_analyzedBefore, _drawn) = (result.Counters.Analyzed, Stopwatch.GetTimestamp());
            _display?.UpdateTarget(Draw(result));
        }

        return ValueTask.CompletedTask;
    }

    public override void Take(EmotionAlert alert)
    {
        _alerts.Enqueue(alert);
        if (_alerts.Count > MostAlerts)
        {
            _alerts.Dequeue();
        }
    }

    /// <summary>A bar of a width in eighths of a cell; of whole cells where the terminal has no such characters.</summary>
    internal static string Bar(double share, int width, bool unicode)
    {
        int eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * width * 8);
        return unicode
            ? (new string('█', eighths / 8) + (eighths % 8 > 0 ? " ▏▎▍▌▋▊▉"[eighths % 8].ToString() : "")).PadRight(width, '·')
            : new string('#', (eighths + 4) / 8).PadRight(width, '.');
    }

    private Rows Draw(StreamResult result)
    {
        Table table = new Table().NoBorder();
        table.AddColumn(new TableColumn("track").RightAligned().NoWrap().Padding(0, 0, 2, 0));
        table.AddColumn(new TableColumn("expression").Width(10).NoWrap().Padding(0, 0, 2, 0));
        table.AddColumn(new TableColumn("score").NoWrap().Padding(0, 0, 2, 0));
        foreach (Emotion emotion in expressions)
        {
            table.AddColumn(new TableColumn(Words.Of(emotion)[..Math.Min(BarWidth, Words.Of(emotion).Length)]).Width(BarWidth).NoWrap().Padding(0, 0, 1, 0));
        }

        // Rows that do not fit would make the terminal scroll, and the table flicker.
        int most = Math.Max(1, console.Profile.Height - 6 - _alerts.Count);
        foreach ((int track, SmoothedEmotion reading) in _tracks.Take(most))
        {
            Style style = reading.IsFresh ? Style.Plain : new Style(Color.Grey);
            string expression = reading.Scores.IsEmpty ? "no reading" : reading.Expression is { } clear ? Words.Of(clear) : "unclear";
            string score = reading.Expression is { } known ? Number(reading.Scores[known]) : "";
            table.AddRow(
                [new Text(Number(track), style), new Text(expression, style), new Text(score, style), .. expressions.Select(emotion => new Text(Bar(reading.Scores[emotion], BarWidth, console.Profile.Capabilities.Unicode), style))]);
        }

        StreamCounters counters = result.Counters;
        var rows = new List<IRenderable> { new Text(Terminal.Printable(name), new Style(decoration: Decoration.Bold)), table };
        if (_tracks.Count > most)
        {
            rows.Add(new Text($"and {_tracks.Count - most} more"));
        }

        rows.AddRange(_alerts.Select(alert => new Text($"{Words.Clock(alert.To)} {alert.Message}", new Style(Color.Yellow))));
        rows.Add(new Text(
            string.Create(CultureInfo.InvariantCulture, $"{Words.Clock(result.Timestamp)}  {_rate:0.0} frames/s, {result.Age.TotalMilliseconds:0} ms behind, {counters.Read} read, {counters.Dropped} dropped. Ctrl+C ends."),
            new Style(Color.Grey)));
        return new Rows(rows);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(float score) => score.ToString("0.00", CultureInfo.InvariantCulture);
}
