namespace FerSharp.Evaluation;

/// <summary>The charts of an evaluation, each from the metric that it shows. Equal data give equal bytes.</summary>
public static class EvaluationCharts
{
    // More points are not seen, and make pages large.
    private const int MaxPoints = 400;

    /// <summary>Confusion matrix: a row for each truth, shares of the row as colours, counts and shares as text.</summary>
    /// <param name="confusion">The matrix.</param>
    /// <exception cref="ArgumentNullException"><paramref name="confusion"/> is null.</exception>
    public static Chart Confusion(ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        Emotion[] classes = confusion.Classes.ToArray();
        string[] names = [.. classes.Select(EmotionName.Of)];
        string[] rows = [.. classes.Select(emotion => $"{EmotionName.Of(emotion)} ({confusion.TruthCount(emotion)})")];
        return Charts.HeatMap(
            "Confusion matrix",
            $"Rows are true labels with their numbers, columns the answers; each cell has its count and its share of the row. {TopConfusions(confusion, 3)}",
            ("true label", rows),
            ("answer", names),
            (row, column) => confusion.RowShare(classes[row], classes[column]),
            (row, column) => $"{confusion[classes[row], classes[column]]}\n{Charts.Text(100 * confusion.RowShare(classes[row], classes[column]), "0")} %",
            0,
            1);
    }

    /// <summary>Precision, recall and F1 of each class that has samples.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    public static Chart Classes(ClassificationMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ClassMetrics[] classes = [.. metrics.Classes.Where(one => one.Support > 0)];
        ClassMetrics weakest = classes.MinBy(one => one.F1)!, strongest = classes.MaxBy(one => one.F1)!;
        return Charts.Bars(
            "Precision, recall and F1 of each class",
            $"F1 is highest for {EmotionName.Of(strongest.Emotion)} ({Charts.Text(strongest.F1, "0.00")}) and lowest for {EmotionName.Of(weakest.Emotion)} ({Charts.Text(weakest.F1, "0.00")}).",
            [.. classes.Select(one => EmotionName.Of(one.Emotion))],
            [
                ("precision", [.. classes.Select(one => one.Precision)]),
                ("recall", [.. classes.Select(one => one.Recall)]),
                ("F1", [.. classes.Select(one => one.F1)]),
            ],
            new ChartAxis("", 0, 1.12),
            "0.00");
    }

    /// <summary>Reliability diagram: accuracy over mean confidence, for bins of equal width and of equal mass; on the diagonal confidence is honest.</summary>
    /// <param name="calibration">The calibration.</param>
    /// <exception cref="ArgumentNullException"><paramref name="calibration"/> is null.</exception>
    public static Chart Reliability(CalibrationMetrics calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        static (double X, double Y)[] Points(IReadOnlyList<ReliabilityBin> bins) => [.. bins.Where(bin => bin.Count > 0).Select(bin => (bin.MeanConfidence, bin.Accuracy))];
        double gap = calibration.EqualMassBins.Sum(bin => bin.Count * bin.Gap) / calibration.EqualMassBins.Sum(bin => bin.Count);
        return Charts.Plot(
            "Reliability",
            $"Expected calibration error {Charts.Text(calibration.EqualWidthError, "0.000")} with bins of equal width, {Charts.Text(calibration.EqualMassError, "0.000")} with bins of equal mass. "
            + $"On the whole the mean score is {Charts.Text(Math.Abs(gap), "0.000")} {(gap < 0 ? "above" : "below")} the accuracy{(Math.Abs(gap) < 0.005 ? "" : gap < 0 ? ": the model is too sure" : ": the model is not sure enough")}.",
            new ChartAxis("mean confidence", 0, 1.02),
            new ChartAxis("accuracy", 0, 1.02),
            new ChartSeries("honest", [(0, 0), (1, 1)]) { Marks = ChartMarks.Dashes, Color = new Media.RgbColor(0x77, 0x77, 0x77) },
            new ChartSeries("equal width", Points(calibration.EqualWidthBins)) { Marks = ChartMarks.LineAndDots },
            new ChartSeries("equal mass", Points(calibration.EqualMassBins)) { Marks = ChartMarks.LineAndDots });
    }

    /// <summary>Precision over recall of one class, with the share of the class as the line that guessing reaches.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="count">Number of all samples.</param>
    /// <exception cref="ArgumentNullException"><paramref name="curve"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below the number of the class's samples, or below 1.</exception>
    public static Chart PrecisionRecall(PrecisionRecallCurve curve, int count)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, Math.Max(1, curve.Positives));
        double share = (double)curve.Positives / count;
        string name = EmotionName.Of(curve.Emotion);
        return Charts.Plot(
            $"Precision and recall of {name}",
            $"Average precision {Charts.Text(curve.AveragePrecision, "0.000")}; guessing reaches {Charts.Text(share, "0.000")}, the share of {name}.",
            new ChartAxis("recall", 0, 1.02),
            new ChartAxis("precision", 0, 1.02),
            Curve(name, Thin([.. curve.Points.Select(point => (point.Recall, point.Precision))])),
            new ChartSeries("guessing", [(0, share), (1, share)]) { Marks = ChartMarks.Dashes, Color = new Media.RgbColor(0x77, 0x77, 0x77) });
    }

    /// <summary>Share of wrong answers over the share that is answered, the surest first.</summary>
    /// <param name="curve">The curve.</param>
    /// <exception cref="ArgumentNullException"><paramref name="curve"/> is null.</exception>
    public static Chart Abstaining(RiskCoverage curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        double all = curve.Points[^1].Risk;
        RiskCoveragePoint half = curve.Points.First(point => point.Coverage >= 0.5);
        return Charts.Plot(
            "Risk and coverage",
            $"Answering all, {Charts.Text(100 * all, "0.0")} % are wrong; answering the surest {Charts.Text(100 * half.Coverage, "0")} %, {Charts.Text(100 * half.Risk, "0.0")} %. Area under the curve {Charts.Text(curve.Area, "0.000")}.",
            new ChartAxis("coverage: share that is answered", 0, 1.02),
            new ChartAxis("risk: share of wrong answers", 0),
            Curve(null, Thin([.. curve.Points.Select(point => (point.Coverage, point.Risk))])));
    }

    /// <summary>The commonest confusions in words.</summary>
    internal static string TopConfusions(ConfusionMatrix confusion, int count)
    {
        Emotion[] classes = confusion.Classes.ToArray();
        var pairs = classes.SelectMany(truth => classes.Where(answer => answer != truth).Select(answer => (truth, answer, Count: confusion[truth, answer])))
            .Where(pair => pair.Count > 0)
            .OrderByDescending(pair => pair.Count)
            .Take(count)
            .Select(pair => $"{EmotionName.Of(pair.truth)} read as {EmotionName.Of(pair.answer)} ({pair.Count})")
            .ToArray();
        return pairs.Length == 0 ? "There is no confusion." : $"The commonest confusions: {string.Join(", ", pairs)}.";
    }

    // A line through one point is not seen.
    private static ChartSeries Curve(string? name, (double X, double Y)[] points) => new(name, points) { Marks = points.Length < 20 ? ChartMarks.LineAndDots : ChartMarks.Line };

    private static (double X, double Y)[] Thin((double X, double Y)[] points)
    {
        if (points.Length <= MaxPoints)
        {
            return points;
        }

        // By distance along x, so that dense parts lose most; first and last stay.
        var kept = new List<(double X, double Y)> { points[0] };
        double step = Math.Abs(points[^1].X - points[0].X) / MaxPoints;
        foreach ((double X, double Y) point in points.AsSpan(1..^1))
        {
            if (Math.Abs(point.X - kept[^1].X) >= step || Math.Abs(point.Y - kept[^1].Y) >= 0.05)
            {
                kept.Add(point);
            }
        }

        kept.Add(points[^1]);
        return [.. kept];
    }
}
