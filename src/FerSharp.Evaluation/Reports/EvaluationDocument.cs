using static FerSharp.Evaluation.Charts;

namespace FerSharp.Evaluation;

/// <summary>Writes an <see cref="EvaluationReport"/> for people: what does not flatter comes first.</summary>
internal static class EvaluationDocument
{
    private const int ShownFaults = 100;

    /// <summary>Classes with fewer samples say little; the report warns of them.</summary>
    private const int FewSamples = 50;

    private static readonly double[] WantedPrecisions = [0.5, 0.6, 0.7, 0.8, 0.9];
    private static readonly double[] WantedRecalls = [0.5, 0.7, 0.9];
    private static readonly double[] AnsweredShares = [1, 0.9, 0.8, 0.7, 0.6, 0.5];

    private static readonly (string Name, string Text)[] Headline =
    [
        ("macroF1", "macro F1"),
        ("balancedAccuracy", "balanced accuracy"),
        ("accuracy", "accuracy"),
        ("weightedF1", "weighted F1"),
        ("matthewsCorrelation", "Matthews correlation"),
        ("cohenKappa", "Cohen's kappa"),
        ("informedness", "informedness"),
        ("markedness", "markedness"),
        ("topTwoAccuracy", "accuracy of the two best answers"),
        ("logLoss", "log-loss (nats; less is better)"),
        ("brier", "Brier score (0 to 2; less is better)"),
        ("calibrationErrorEqualWidth", "calibration error, equal width (less is better)"),
        ("calibrationErrorEqualMass", "calibration error, equal mass (less is better)"),
        ("riskCoverageArea", "area under risk and coverage (less is better)"),
    ];

    public static ReportDocument Of(EvaluationReport report, FaceDataset? pictures)
    {
        DatasetInfo data = report.Predictions.Dataset;
        var document = new ReportDocument($"{report.Predictions.Model.Id} on {data.Name}{(data.Split.Length > 0 ? " " + data.Split : "")}");
        document.Text("Scores are a model's reading of how a face looks. They do not say what a person feels.");
        WriteShort(document, report);
        WriteFacts(document, report);
        WriteClasses(document, report);
        WriteCalibration(document, report);
        WriteFocus(document, report);
        WriteAbstaining(document, report);
        if (pictures is not null)
        {
            PredictionGrids.Write(document, report, pictures);
        }

        WriteFaults(document, report.Predictions);
        return document;
    }

    public static string Range(Interval interval) => $"{Text(interval.Lower, "0.000")} to {Text(interval.Upper, "0.000")}";

    /// <summary>Under what conditions a model was run, in words.</summary>
    public static string Conditions(PredictionSet run) => $"answers: {Answers(run)}; pictures: {Pictures(run)}";

    private static string Answers(PredictionSet run) => run.AnswersWithin is { } within
        ? $"from {string.Join(", ", within.ToArray().Select(EmotionName.Of))}; scores of others dropped, the rest scaled to sum 1"
        : "all that the model knows";

    private static string Pictures(PredictionSet run) => run.Detector is null ? "face crops, read whole" : $"whole pictures; the largest face that {run.Detector.Id} finds";

    private static void WriteShort(ReportDocument document, EvaluationReport report)
    {
        IReadOnlyDictionary<string, Interval> intervals = report.FigureIntervals;
        Dictionary<string, double> values = report.Figures.ToDictionary(figure => figure.Name, figure => figure.Value);
        Baselines baselines = report.Metrics.Baselines;
        var floor = new Dictionary<string, double>
        {
            ["macroF1"] = baselines.MajorityMacroF1,
            ["balancedAccuracy"] = 1.0 / report.Metrics.Classes.Count(one => one.Support > 0),
            ["accuracy"] = baselines.MajorityAccuracy,
            ["logLoss"] = baselines.PriorLogLoss,
            // Answering with the classes' shares: 1 - 2 sum(p^2) + sum(p^2).
            ["brier"] = 1 - baselines.PriorAccuracy,
            ["matthewsCorrelation"] = 0,
            ["cohenKappa"] = 0,
            ["informedness"] = 0,
            ["markedness"] = 0,
        };
        document.Chapter("In short");
        document.Table(
            $"n = {report.Samples.Count}. Intervals at {Text(100 * report.Options.Level, "0.#")} %: {(report.BySubject ? "a bootstrap by subject" : "Wilson's for accuracy, for the others a bootstrap stratified by class")}, "
            + $"{report.Options.Resamples} resamples, seed {report.Options.Seed}.",
            ["figure", "value", "interval", "without a look at the picture"],
            Headline.Select(row => (IReadOnlyList<string>)
            [
                row.Text,
                Text(values[row.Name], "0.000"),
                intervals.TryGetValue(row.Name, out Interval interval) ? Range(interval) : "",
                floor.TryGetValue(row.Name, out double guess) ? Text(guess, "0.000") : "",
            ]));
        document.Text(
            $"Without a look at the picture: answering {EmotionName.Of(baselines.MajorityClass)} always reaches accuracy {Text(baselines.MajorityAccuracy, "0.000")}; "
            + $"answering by chance {Text(baselines.UniformAccuracy, "0.000")} (evenly) or {Text(baselines.PriorAccuracy, "0.000")} (by the classes' shares). "
            + "Log-loss and Brier score there: giving the classes' shares as scores. A calibration error comes out larger in resamples, so its interval may lie above it.");
        CoverageMetrics coverage = report.Coverage;
        if (report.Predictions.Detector is not null)
        {
            document.Table(
                $"The whole pipeline. Detector: {report.Predictions.Detector.Id}. A missed face is an error of the pipeline, so accuracy on all pictures counts it as wrong.",
                ["", "value", "interval"],
                [
                    ["faces found", Text(coverage.Found.Estimate, "0.000"), Range(coverage.Found)],
                    ["accuracy on found faces", Text(coverage.OnFound?.Estimate ?? 0, "0.000"), coverage.OnFound is { } found ? Range(found) : ""],
                    ["accuracy on all pictures", Text(coverage.OnAll.Estimate, "0.000"), Range(coverage.OnAll)],
                ]);
        }
    }

    private static void WriteFacts(ReportDocument document, EvaluationReport report)
    {
        PredictionSet run = report.Predictions;
        ModelManifest manifest = run.Model.Manifest;
        document.Chapter("What was measured");
        document.TextTable("", ["", ""],
        [
            ["model", $"{run.Model.Id} {run.Model.Version}"],
            ["model SHA-256", report.ModelSha256 ?? "unknown: the manifest does not give it"],
            ["backend", run.Model.Backend],
            ["expressions it knows", string.Join(", ", run.Model.Emotions.ToArray().Select(EmotionName.Of))],
            ["temperature", Text(manifest.Classifier?.Temperature ?? 1, "0.####")],
            ["licence", $"{manifest.License.Name}; commercial use: {manifest.License.Commercial.ToString().ToLowerInvariant()}"],
            ["trained on", manifest.TrainedOn ?? "not stated"],
            ["data set", $"{run.Dataset.Name} {run.Dataset.Split}".TrimEnd()],
            ["data SHA-256", run.Dataset.Sha256],
            ["samples", $"{run.Predictions.Count} labelled; {report.Coverage.Read} read, {report.Coverage.FaceMissed} faces missed, {report.Coverage.Unreadable} unreadable"],
            ["left out on request", run.LeftOut.Count == 0 ? "none" : string.Join("; ", run.LeftOut.Select(rule => $"{rule.Value}: {rule.Key}"))],
            ["rows and files at fault", run.Faults.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            ["answers", Answers(run)],
            ["pictures", Pictures(run)],
            ["speed", run.Elapsed > TimeSpan.Zero ? $"{Text(run.SamplesPerSecond, "0.#")} pictures a second, loading included (indicative)" : "not timed"],
            ["made", report.Created.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) + " UTC"],
            ["with", $"FerSharp {report.Environment.Library}, {report.Environment.Runtime}, {report.Environment.System}, {report.Environment.Architecture}, {report.Environment.Processors} processors, {report.Environment.VectorBits}-bit vectors"],
        ]);
        foreach (string warning in Warnings(report))
        {
            document.Warning(warning);
        }
    }

    private static IEnumerable<string> Warnings(EvaluationReport report)
    {
        if (report.ModelSha256 is null)
        {
            yield return "The manifest gives no SHA-256 of the model, so this report does not say which weights it is about.";
        }

        if (report.Predictions.Faults.Count > 0)
        {
            yield return $"{report.Predictions.Faults.Count} rows or files could not be used; the last chapter names them.";
        }

        if (report.BySubject)
        {
            yield return "Several pictures may show one person. The intervals of recalls, and of accuracy on all pictures and of coverage, take pictures for independent, so they are too narrow.";
        }

        foreach (ClassMetrics one in report.Metrics.Classes.Where(one => one.Support is > 0 and < FewSamples))
        {
            yield return $"Only {one.Support} {(one.Support == 1 ? "sample is" : "samples are")} labelled {EmotionName.Of(one.Emotion)}: its figures are uncertain, and with them every average over the classes.";
        }

        Emotion[] unknown = [.. report.Metrics.Classes.Where(one => one.Support > 0 && !report.Predictions.Model.Emotions.Contains(one.Emotion)).Select(one => one.Emotion)];
        if (unknown.Length > 0)
        {
            yield return $"The model does not know {string.Join(", ", unknown.Select(EmotionName.Of))}; samples of such labels count as errors.";
        }
    }

    private static void WriteClasses(ReportDocument document, EvaluationReport report)
    {
        ConfusionMatrix confusion = report.Metrics.Confusion;
        document.Chapter("Classes");
        document.Table(
            "",
            ["class", "precision", "recall", "interval of recall (Wilson)", "F1", "samples", "answers"],
            report.Metrics.Classes.Select(one => (IReadOnlyList<string>)
            [
                EmotionName.Of(one.Emotion),
                Text(one.Precision, "0.000"),
                Text(one.Recall, "0.000"),
                one.Support > 0 ? Range(Interval.Wilson(confusion[one.Emotion, one.Emotion], one.Support, report.Options.Level)) : "",
                Text(one.F1, "0.000"),
                Text(one.Support, "0"),
                Text(confusion.AnswerCount(one.Emotion), "0"),
            ]));
        document.Chart(EvaluationCharts.Classes(report.Metrics));
        document.Chart(EvaluationCharts.Confusion(confusion));
    }

    private static void WriteCalibration(ReportDocument document, EvaluationReport report)
    {
        document.Chapter("Calibration");
        document.Text("Answers given with a score of 0.8 should be right in 80 of 100 cases. A bin's gap is accuracy minus mean confidence: below 0 the model is too sure.");
        document.Chart(EvaluationCharts.Reliability(report.Calibration));
        document.Table(
            "Bins of equal width",
            ["confidence", "answers", "mean confidence", "accuracy", "gap"],
            report.Calibration.EqualWidthBins.Where(bin => bin.Count > 0).Select(bin => (IReadOnlyList<string>)
                [$"{Text(bin.Lower, "0.00")} to {Text(bin.Upper, "0.00")}", Text(bin.Count, "0"), Text(bin.MeanConfidence, "0.000"), Text(bin.Accuracy, "0.000"), Text(bin.Gap, "+0.000;-0.000;0.000")]));
    }

    private static void WriteFocus(ReportDocument document, EvaluationReport report)
    {
        PrecisionRecallCurve curve = report.FocusCurve;
        string name = EmotionName.Of(curve.Emotion);
        document.Chapter($"Finding {name}");
        if (curve.Positives == 0)
        {
            document.Text($"No sample is labelled {name}.");
            return;
        }

        static string[] Row(string wanted, PrecisionRecallPoint? point) => point is { } p
            ? [wanted, Text(p.Threshold, "0.000"), Text(p.Precision, "0.000"), Text(p.Recall, "0.000")]
            : [wanted, "not reached", "", ""];
        document.Chart(EvaluationCharts.PrecisionRecall(curve, report.Samples.Count));
        document.Table(
            $"Operating points: where the score of {name} is at least the threshold, the picture counts as {name}. Choose on validation data, then measure on other data.",
            ["wanted", "threshold", "precision", "recall"],
            [
                .. WantedPrecisions.Select(precision => Row($"precision {Text(precision, "0.0")}", curve.ForPrecision(precision))),
                .. WantedRecalls.Select(recall => Row($"recall {Text(recall, "0.0")}", curve.ForRecall(recall))),
            ]);
    }

    private static void WriteAbstaining(ReportDocument document, EvaluationReport report)
    {
        RiskCoverage curve = report.RiskCoverage;
        document.Chapter("Abstaining");
        document.Text("What it gives to answer only from a score up, and to say «uncertain» below it.");
        document.Chart(EvaluationCharts.Abstaining(curve));
        document.Table(
            "",
            ["answered", "threshold", "share answered", "wrong among the answered"],
            AnsweredShares.Select(share => (IReadOnlyList<string>)
            [
                $"at most {Text(100 * share, "0")} %",
                .. curve.Points.Where(point => point.Coverage <= share).Select(point => new[] { Text(point.Threshold, "0.000"), Text(point.Coverage, "0.000"), Text(point.Risk, "0.000") })
                    .LastOrDefault(["not reached", "", ""]),
            ]));
    }

    private static void WriteFaults(ReportDocument document, PredictionSet run)
    {
        if (run.Faults.Count == 0)
        {
            return;
        }

        document.Chapter("Rows and files at fault");
        document.TextTable(
            run.Faults.Count > ShownFaults ? $"The first {ShownFaults} of {run.Faults.Count}; the JSON report has all." : "",
            ["where", "what is wrong"],
            run.Faults.Take(ShownFaults).Select(fault => (IReadOnlyList<string>)[fault.Where, fault.Reason]));
    }
}
