namespace FerSharp.Evaluation;

/// <summary>One figure of a report: what comparisons and gates go by.</summary>
/// <param name="Name">A stable name in camel case, such as <c>macroF1</c> or <c>recall.sadness</c>.</param>
/// <param name="Value">The value.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
public sealed record ReportFigure(string Name, double Value, bool HigherIsBetter)
{
    /// <summary>The figures of a report, in the order in which they are shown: those that classes of unequal size do not flatter come first.</summary>
    internal static IReadOnlyList<ReportFigure> Of(EvaluationReport report)
    {
        ClassificationMetrics m = report.Metrics;
        var figures = new List<ReportFigure>
        {
            new("macroF1", m.MacroF1, true),
            new("balancedAccuracy", m.BalancedAccuracy, true),
            new("accuracy", m.Accuracy, true),
            new("accuracyOnAll", report.Coverage.OnAll.Estimate, true),
            new("coverage", report.Coverage.Found.Estimate, true),
            new("weightedF1", m.WeightedF1, true),
            new("matthewsCorrelation", m.MatthewsCorrelation, true),
            new("cohenKappa", m.CohenKappa, true),
            new("informedness", m.Informedness, true),
            new("markedness", m.Markedness, true),
            new("topTwoAccuracy", m.TopTwoAccuracy, true),
            new("logLoss", m.LogLoss, false),
            new("brier", m.Brier, false),
            new("calibrationErrorEqualWidth", report.Calibration.EqualWidthError, false),
            new("calibrationErrorEqualMass", report.Calibration.EqualMassError, false),
            new("riskCoverageArea", report.RiskCoverage.Area, false),
        };
        foreach (ClassMetrics one in m.Classes.Where(one => one.Support > 0))
        {
            string name = EmotionName.Of(one.Emotion);
            figures.Add(new($"precision.{name}", one.Precision, true));
            figures.Add(new($"recall.{name}", one.Recall, true));
            figures.Add(new($"f1.{name}", one.F1, true));
        }

        return figures;
    }

    /// <summary>The intervals of those figures that have one: recalls by Wilson, the others by bootstrap.</summary>
    internal static IReadOnlyDictionary<string, Interval> IntervalsOf(EvaluationReport report)
    {
        ClassificationIntervals by = report.Intervals;
        var intervals = new Dictionary<string, Interval>
        {
            ["macroF1"] = by.MacroF1,
            ["balancedAccuracy"] = by.BalancedAccuracy,
            ["accuracy"] = report.BySubject ? by.Accuracy : by.WilsonAccuracy,
            ["accuracyOnAll"] = report.Coverage.OnAll,
            ["coverage"] = report.Coverage.Found,
            ["weightedF1"] = by.WeightedF1,
            ["matthewsCorrelation"] = by.MatthewsCorrelation,
            ["cohenKappa"] = by.CohenKappa,
            ["topTwoAccuracy"] = by.TopTwoAccuracy,
            ["logLoss"] = by.LogLoss,
            ["brier"] = by.Brier,
            ["calibrationErrorEqualWidth"] = by.CalibrationError,
        };
        foreach (ClassMetrics one in report.Metrics.Classes.Where(one => one.Support > 0))
        {
            intervals[$"recall.{EmotionName.Of(one.Emotion)}"] = Interval.Wilson(report.Metrics.Confusion[one.Emotion, one.Emotion], one.Support, report.Options.Level);
        }

        return intervals;
    }
}

/// <summary>The names of expressions in reports: the nouns of the enum in lower case, as in manifests.</summary>
internal static class EmotionName
{
    private static readonly string[] Names = [.. Enum.GetValues<Emotion>().Select(emotion => emotion.ToString().ToLowerInvariant())];

    public static string Of(Emotion emotion) => Names[(int)emotion];

    public static bool TryParse(string? name, out Emotion emotion)
    {
        int index = Array.IndexOf(Names, name);
        emotion = index < 0 ? default : (Emotion)index;
        return index >= 0;
    }
}
