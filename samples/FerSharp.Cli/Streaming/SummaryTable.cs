using System.Globalization;
using FerSharp.Cli.Output;
using Spectre.Console;

namespace FerSharp.Cli.Streaming;

/// <summary>A session at a glance: a row for each track, with the share of its time that each clear expression had.</summary>
internal static class SummaryTable
{
    public static void Write(IAnsiConsole console, TimelineSnapshot snapshot)
    {
        if (snapshot.Tracks.Count == 0)
        {
            console.Write(new Text("no face was followed\n"));
            return;
        }

        Table table = new Table().NoBorder();
        table.AddColumn(new TableColumn("track").RightAligned().NoWrap().Padding(0, 0, 2, 0));
        foreach (string header in new[] { "from", "to", "readable" })
        {
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap().Padding(0, 0, 2, 0));
        }

        table.AddColumn(new TableColumn("expressions").Padding(0, 0));
        foreach (TimelineTrack track in snapshot.Tracks)
        {
            TimelineSummary summary = track.Summary;
            table.AddRow(
                track.Id.ToString(CultureInfo.InvariantCulture), Words.Clock(summary.From), Words.Clock(summary.To),
                string.Create(CultureInfo.InvariantCulture, $"{summary.Covered.TotalSeconds:0.0} s"), ExpressionsOf(summary));
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
        return shares.Length == 0 ? "none clear" : string.Join(", ", shares);
    }
}
