using System.Globalization;
using FerSharp.Cli.Output;
using Spectre.Console;

namespace FerSharp.Cli.Streaming;

/// <summary>A session at a glance: a row for each track, with when it was there, how long it could be read, and which expressions were clear for which share of that.</summary>
internal sealed class SummaryTable
{
    /// <summary>Rows that are kept; a camera that runs for days sees more tracks than anybody reads.</summary>
    private const int MostTracks = 256;

    private readonly SortedDictionary<int, (TimeSpan From, TimeSpan To, int Frames)> _lives = [];
    private int _left;

    /// <summary>How many tracks there were.</summary>
    public int Tracks => _left + _lives.Count;

    /// <summary>Takes a result.</summary>
    public void Take(StreamResult result)
    {
        foreach (FaceTrackEvent change in result.TrackEvents.Where(change => change.Phase == FaceTrackPhase.Started))
        {
            _lives[change.TrackId] = (change.Timestamp, result.Timestamp, 0);
            if (_lives.Count > MostTracks)
            {
                _lives.Remove(_lives.First().Key);
                _left++;
            }
        }

        foreach (FaceEmotion face in result.Analysis.Faces)
        {
            if (_lives.TryGetValue(face.TrackId, out (TimeSpan From, TimeSpan To, int Frames) life))
            {
                _lives[face.TrackId] = life with { To = result.Timestamp, Frames = life.Frames + 1 };
            }
        }
    }

    /// <summary>Writes the table; nothing where there was no track.</summary>
    public void Write(IAnsiConsole console, EmotionTimeline timeline)
    {
        if (_left > 0)
        {
            console.Write(new Text($"{Words.Count(_left, "track")} before these\n"));
        }

        if (_lives.Count == 0)
        {
            return;
        }

        Table table = new Table().NoBorder();
        foreach (string header in new[] { "track", "from", "to", "frames", "readable" })
        {
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap().Padding(0, 0, 2, 0));
        }

        table.AddColumn(new TableColumn("expressions").Padding(0, 0));
        foreach ((int track, (TimeSpan from, TimeSpan to, int frames)) in _lives)
        {
            TimelineSummary? summary = timeline.GetTrack(track)?.Summary;
            table.AddRow(
                Number(track), Words.Clock(from), Words.Clock(to), Number(frames),
                string.Create(CultureInfo.InvariantCulture, $"{summary?.Covered.TotalSeconds ?? 0:0.0} s"), summary is null ? "" : ExpressionsOf(summary));
        }

        console.Write(table);
    }

    private static string ExpressionsOf(TimelineSummary summary)
    {
        double total = summary.Covered.TotalSeconds;
        string[] shares =
        [
            .. summary.ExpressionTime.OrderByDescending(pair => pair.Value)
                .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{Words.Of(pair.Key)} {100 * pair.Value.TotalSeconds / total:0} %")),
        ];
        return shares.Length > 0 ? string.Join(", ", shares) : total > 0 ? "none clear" : "";
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
