using static FerSharp.Evaluation.Charts;

namespace FerSharp.Evaluation;

/// <summary>Several models on the same data, side by side, each tested against the first. Immutable.</summary>
public sealed class ModelComparison
{
    private ModelComparison(IReadOnlyList<EvaluationReport> reports, IReadOnlyList<ModelComparisonRow> rows) => (Reports, Rows) = (reports, rows);

    /// <summary>The reports in the order in which they were given; the first is the reference.</summary>
    public IReadOnlyList<EvaluationReport> Reports { get; }

    /// <summary>One row for each report.</summary>
    public IReadOnlyList<ModelComparisonRow> Rows { get; }

    /// <summary>Compares reports.</summary>
    /// <param name="reports">
    /// The reports, the reference first; all on the same samples, with intervals of the same level. A face that a detector missed counts as a wrong answer
    /// in the tests; a picture that could not be loaded for one of the two is left out of their test.
    /// </param>
    /// <param name="cancellationToken">Stops the comparison.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reports"/> is null.</exception>
    /// <exception cref="ArgumentException">There are no reports, they are on different data, or their intervals have different levels.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ModelComparison Of(IReadOnlyList<EvaluationReport> reports, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reports);
        MetricInput.NotEmpty(reports.Count, nameof(reports));
        EvaluationReport first = reports[0];
        foreach (EvaluationReport report in reports)
        {
            if (!SameData(first, report))
            {
                throw new ArgumentException(DifferentData(first, report), nameof(reports));
            }

            if (report.Options.Level != first.Options.Level)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The intervals are at different levels, {first.Options.Level} and {report.Options.Level}. Create the reports with the same ReportOptions.Level."), nameof(reports));
            }
        }

        (int OnlyFirst, int OnlySecond)[] pairs = [.. reports.Skip(1).Select(report => Discordant(first, report))];
        double[] p = [.. pairs.Select(pair => PairedComparison.McNemarExact(pair.OnlyFirst, pair.OnlySecond))];
        double[] adjusted = p.Length > 0 ? HolmCorrection.Adjust(p) : [];
        var rows = new List<ModelComparisonRow> { new(first, null, null, null) };
        for (int i = 1; i < reports.Count; i++)
        {
            PairedComparison? paired = SameSamples(first, reports[i]) ? PairedComparison.Of(first.Samples, reports[i].Samples, first.Bootstrap, first.Options.Level, cancellationToken) : null;
            rows.Add(new ModelComparisonRow(reports[i], p[i - 1], adjusted[i - 1], paired) { Discordant = pairs[i - 1] });
        }

        return new ModelComparison([.. reports], rows);
    }

    /// <summary>The comparison as a document for people.</summary>
    public ReportDocument ToDocument()
    {
        EvaluationReport first = Reports[0];
        var document = new ReportDocument($"Models on {first.Predictions.Dataset.Name} {first.Predictions.Dataset.Split}".TrimEnd());
        document.Text($"Data SHA-256 {first.Predictions.Dataset.Sha256}, {first.Predictions.Predictions.Count} labelled samples. Reference: {first.Predictions.Model.Id}.");
        bool detected = Reports.Any(report => report.Predictions.Detector is not null);
        foreach (EvaluationReport report in Reports.Where(report => report.Predictions.Detector is not null || report.Predictions.AnswersWithin is not null))
        {
            document.Text($"{report.Predictions.Model.Id}: {EvaluationDocument.Conditions(report.Predictions)}.");
        }

        document.Table(
            $"Figures. Intervals at {Text(100 * first.Options.Level, "0.#")} %.",
            [
                "model", "macro F1", "interval", "accuracy", "interval", "balanced accuracy", $"F1 of {EmotionName.Of(first.Options.Focus)}", "log-loss", "calibration error",
                .. detected ? ["faces found", "accuracy on all"] : Array.Empty<string>(),
            ],
            [.. Reports.Select(report => Figures(report, detected)), BaselineFigures(first.Metrics, detected)]);
        document.Text(
            $"{(detected ? "All but the last two columns are over the faces that were found. " : "")}Calibration error: bins of equal mass. Log-loss of the last row: answering with the classes' shares. "
            + $"Chance (evenly): accuracy {Text(first.Metrics.Baselines.UniformAccuracy, "0.000")}.");
        if (Rows.Count > 1)
        {
            document.Table(
                $"Each model against the reference {first.Predictions.Model.Id}: exact McNemar test, with Holm's correction for {Rows.Count - 1} {(Rows.Count == 2 ? "test" : "tests")}; differences are model minus reference.",
                ["model", "accuracy", "interval", "macro F1", "interval", "only reference right", "only model right", "p", "p, Holm"],
                Rows.Skip(1).Select(Tests));
            if (Rows.Skip(1).Any(row => row.Paired is null))
            {
                document.Text("Differences are given where both read the same pictures. In the test a face that was not found is a wrong answer.");
            }
        }

        document.Chart(Bars(
            detected ? "Macro F1 and accuracy on found faces" : "Macro F1 and accuracy",
            string.Join("; ", Reports.Select(report => $"{report.Predictions.Model.Id}: macro F1 {Text(report.Metrics.MacroF1, "0.000")}, accuracy {Text(report.Metrics.Accuracy, "0.000")}")) + ".",
            [.. Reports.Select(report => report.Predictions.Model.Id)],
            [("macro F1", [.. Reports.Select(report => report.Metrics.MacroF1)]), ("accuracy", [.. Reports.Select(report => report.Metrics.Accuracy)])],
            new ChartAxis("", 0, 1.1),
            "0.000"));
        return document;
    }

    internal static bool SameData(EvaluationReport one, EvaluationReport other) =>
        one.Predictions.Dataset.Sha256 == other.Predictions.Dataset.Sha256
        && one.Predictions.Predictions.Count == other.Predictions.Predictions.Count
        && one.Predictions.Predictions.Zip(other.Predictions.Predictions).All(pair => pair.First.Id == pair.Second.Id && pair.First.Truth == pair.Second.Truth);

    /// <summary>Whether both have a reading for the same samples.</summary>
    internal static bool SameSamples(EvaluationReport one, EvaluationReport other) =>
        one.Predictions.Predictions.Zip(other.Predictions.Predictions).All(pair => (pair.First.Status == PredictionStatus.Read) == (pair.Second.Status == PredictionStatus.Read));

    internal static string DifferentData(EvaluationReport one, EvaluationReport other) =>
        $"The reports are on different data: {one.Predictions.Dataset.Name} {one.Predictions.Dataset.Split} ({Short(one)}) and {other.Predictions.Dataset.Name} {other.Predictions.Dataset.Split} ({Short(other)}). Evaluate both models on the same data.";

    private static string Short(EvaluationReport report) =>
        $"{report.Predictions.Predictions.Count} samples, SHA-256 {report.Predictions.Dataset.Sha256[..Math.Min(12, report.Predictions.Dataset.Sha256.Length)]}";

    private static (int OnlyFirst, int OnlySecond) Discordant(EvaluationReport first, EvaluationReport second)
    {
        int onlyFirst = 0, onlySecond = 0;
        foreach ((Prediction one, Prediction other) in first.Predictions.Predictions.Zip(second.Predictions.Predictions))
        {
            if (one.Status == PredictionStatus.Unreadable || other.Status == PredictionStatus.Unreadable)
            {
                continue;
            }

            bool a = IsRight(one), b = IsRight(other);
            onlyFirst += a && !b ? 1 : 0;
            onlySecond += b && !a ? 1 : 0;
        }

        return (onlyFirst, onlySecond);
    }

    private static bool IsRight(in Prediction prediction) => prediction.Status == PredictionStatus.Read && prediction.Scores.Top == prediction.Truth;

    private IReadOnlyList<string> Figures(EvaluationReport report, bool detected)
    {
        IReadOnlyDictionary<string, Interval> intervals = report.FigureIntervals;
        return
        [
            report.Predictions.Model.Id,
            Text(report.Metrics.MacroF1, "0.000"),
            EvaluationDocument.Range(intervals["macroF1"]),
            Text(report.Metrics.Accuracy, "0.000"),
            EvaluationDocument.Range(intervals["accuracy"]),
            Text(report.Metrics.BalancedAccuracy, "0.000"),
            Text(report.Metrics.Classes.FirstOrDefault(one => one.Emotion == Reports[0].Options.Focus)?.F1 ?? 0, "0.000"),
            Text(report.Metrics.LogLoss, "0.000"),
            Text(report.Calibration.EqualMassError, "0.000"),
            .. detected ? [Text(report.Coverage.Found.Estimate, "0.000"), Text(report.Coverage.OnAll.Estimate, "0.000")] : Array.Empty<string>(),
        ];
    }

    private static IReadOnlyList<string> BaselineFigures(ClassificationMetrics metrics, bool detected)
    {
        Baselines baselines = metrics.Baselines;
        double balanced = 1.0 / metrics.Classes.Count(one => one.Support > 0);
        return
        [
            $"always {EmotionName.Of(baselines.MajorityClass)}", Text(baselines.MajorityMacroF1, "0.000"), "", Text(baselines.MajorityAccuracy, "0.000"), "",
            Text(balanced, "0.000"), "", Text(baselines.PriorLogLoss, "0.000"), "", .. detected ? ["", ""] : Array.Empty<string>(),
        ];
    }

    private static IReadOnlyList<string> Tests(ModelComparisonRow row) =>
    [
        row.Report.Predictions.Model.Id,
        .. row.Paired is { } paired ? [.. Difference(paired.AccuracyDifference), .. Difference(paired.MacroF1Difference)] : new[] { "", "", "", "" },
        Text(row.Discordant.OnlyFirst, "0"),
        Text(row.Discordant.OnlySecond, "0"),
        P(row.McNemarP ?? 1),
        P(row.HolmP ?? 1),
    ];

    private static string[] Difference(Interval interval) => [Text(interval.Estimate, "+0.000;-0.000;0.000"), EvaluationDocument.Range(interval)];

    private static string P(double p) => p < 0.0001 ? "< 0.0001" : Text(p, "0.0000");
}

/// <summary>One model of a <see cref="ModelComparison"/>.</summary>
/// <param name="Report">Its report.</param>
/// <param name="McNemarP">p of the exact McNemar test against the reference; null for the reference itself.</param>
/// <param name="HolmP">The same, corrected for all tests of the comparison; null for the reference itself.</param>
/// <param name="Paired">Differences to the reference with intervals; null for the reference, and where the two did not read the same samples.</param>
public sealed record ModelComparisonRow(EvaluationReport Report, double? McNemarP, double? HolmP, PairedComparison? Paired)
{
    /// <summary>Samples that only the reference, and only this model, answers rightly.</summary>
    internal (int OnlyFirst, int OnlySecond) Discordant { get; init; }
}
