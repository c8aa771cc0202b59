using System.Globalization;
using Spectre.Console;

namespace FerSharp.Cli.Output;

/// <summary>The stages of a run with their times, for people.</summary>
internal static class TimingsTable
{
    public static Table Create(IReadOnlyList<StageReport> stages)
    {
        Table table = new Table().NoBorder();
        table.AddColumn(new TableColumn("stage").NoWrap().Padding(0, 0, 2, 0));
        foreach (string header in new[] { "count", "mean ms", "p50 ms", "p95 ms", "percent" })
        {
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap().Padding(0, 0, 2, 0));
        }

        foreach (StageReport stage in stages)
        {
            table.AddRow(
                new Text(stage.Stage), Cell(stage.Count, "0"), Cell(stage.MeanMs, "0.000"), Cell(stage.P50Ms, "0.000"), Cell(stage.P95Ms, "0.000"), Cell(stage.Percent, "0.0"));
        }

        return table;
    }

    private static Text Cell(double value, string format) => new(value.ToString(format, CultureInfo.InvariantCulture));
}
