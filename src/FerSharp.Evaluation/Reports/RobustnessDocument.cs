using static FerSharp.Evaluation.Charts;

namespace FerSharp.Evaluation;

/// <summary>Writes a <see cref="RobustnessReport"/> for people.</summary>
internal static class RobustnessDocument
{
    public static ReportDocument Of(RobustnessReport report)
    {
        var document = new ReportDocument("Robustness");
        document.Text(
            $"{report.Model.Id} on {report.Dataset.Name} {report.Dataset.Split} whose pictures were made worse; seed {report.Seed}, {(report.Detector is { } detector ? $"faces found by {detector.Id}" : "pictures read whole")}.");
        foreach (string note in report.Notes)
        {
            document.Text(note);
        }

        document.Table(
            "A missed face is a wrong answer. Abstained: the library says «low quality» or «uncertain» in the place of an answer, by its default thresholds. Drop: accuracy of the same pictures unchanged, minus this.",
            ["pictures", "n", "accuracy", "interval", "drop", "interval", "macro F1", "found", "abstained", "low quality", "low score", "accuracy of the answers"],
            [.. report.Rows.Prepend(report.Clean).Select(Cells)]);
        foreach (IGrouping<PerturbationKind, RobustnessRow> kind in report.Rows.GroupBy(row => row.Perturbation!.Kind))
        {
            document.Chart(Chart(kind.Key, [.. kind], report.Clean));
        }

        return document;
    }

    private static IReadOnlyList<string> Cells(RobustnessRow row) =>
    [
        row.Name,
        Text(row.Count, "0"),
        Text(row.Accuracy.Estimate, "0.000"),
        EvaluationDocument.Range(row.Accuracy),
        row.Perturbation is null ? "" : Text(row.AccuracyDrop.Estimate, "+0.000;-0.000;0.000"),
        row.Perturbation is null ? "" : EvaluationDocument.Range(row.AccuracyDrop),
        Text(row.MacroF1.Estimate, "0.000"),
        Text(row.Abstention.Found, "0"),
        row.Abstention.Abstained is { } abstained ? Text(abstained.Estimate, "0.000") : "",
        Text(row.Abstention.LowQuality, "0"),
        Text(row.Abstention.LowTopScore, "0"),
        row.Abstention.AccuracyOnAnswered is { } answered ? Text(answered.Estimate, "0.000") : "",
    ];

    private static Chart Chart(PerturbationKind kind, RobustnessRow[] rows, RobustnessRow clean)
    {
        (double, double)[] Points(Func<RobustnessRow, double?> value) => [.. rows.Where(row => value(row).HasValue).OrderBy(row => row.Perturbation!.Strength).Select(row => (row.Perturbation!.Strength, value(row)!.Value))];
        RobustnessRow worst = rows.MinBy(row => row.Accuracy.Estimate)!;
        double first = rows.Min(row => row.Perturbation!.Strength), last = rows.Max(row => row.Perturbation!.Strength);
        return Plot(
            $"{kind}: accuracy and abstention by strength",
            $"Accuracy unchanged {Text(clean.Accuracy.Estimate, "0.000")}; lowest {Text(worst.Accuracy.Estimate, "0.000")} at {Text(worst.Perturbation!.Strength, "0.###")} ({worst.Perturbation.Unit}), "
            + $"where {Text(100 * (worst.Abstention.Abstained?.Estimate ?? 1), "0")} % of the found faces get no answer.",
            new ChartAxis(rows[0].Perturbation!.Unit),
            new ChartAxis("share", 0, 1),
            new ChartSeries("accuracy", Points(row => row.Accuracy.Estimate)) { Marks = ChartMarks.LineAndDots },
            new ChartSeries("abstained", Points(row => row.Abstention.Abstained?.Estimate)) { Marks = ChartMarks.LineAndDots },
            new ChartSeries("accuracy of the answers", Points(row => row.Abstention.AccuracyOnAnswered?.Estimate)) { Marks = ChartMarks.LineAndDots },
            new ChartSeries("accuracy unchanged", [(first, clean.Accuracy.Estimate), (last, clean.Accuracy.Estimate)]) { Marks = ChartMarks.Dashes, Color = new Media.RgbColor(0x77, 0x77, 0x77) });
    }
}
