using System.Text.Json;

namespace FerSharp.Evaluation.Tests.Metrics;

/// <summary>Metrics against scikit-learn and SciPy (tests/golden/README.md).</summary>
public sealed class GoldenMetricsTests
{
    private const double Tolerance = 1e-9;
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(TestFiles.InRepository("tests", "golden", "metrics.json"))).RootElement;

    public static TheoryData<string> Cases => [.. Golden.GetProperty("classification").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ClassificationMetrics_GoldenCase_EqualScikitLearn(string name)
    {
        (JsonElement golden, ScoredSamples samples) = Load(name);
        ClassificationMetrics metrics = ClassificationMetrics.Of(samples);
        Near(golden, "accuracy", metrics.Accuracy);
        Near(golden, "balancedAccuracy", metrics.BalancedAccuracy);
        Near(golden, "macroF1", metrics.MacroF1);
        Near(golden, "weightedF1", metrics.WeightedF1);
        Near(golden, "macroPrecision", metrics.MacroPrecision);
        Near(golden, "macroRecall", metrics.MacroRecall);
        Near(golden, "weightedPrecision", metrics.WeightedPrecision);
        Near(golden, "weightedRecall", metrics.Accuracy);
        Near(golden, "matthews", metrics.MatthewsCorrelation);
        Near(golden, "informedness", metrics.Informedness);
        Near(golden, "markedness", metrics.Markedness);
        Near(golden, "topTwo", metrics.TopTwoAccuracy);
        Near(golden, "logLoss", metrics.LogLoss);
        Near(golden, "brier", metrics.Brier);
        Near(golden, "majorityAccuracy", metrics.Baselines.MajorityAccuracy);
        Near(golden, "majorityMacroF1", metrics.Baselines.MajorityMacroF1);

        // scikit-learn's kappa is NaN where one class is all; the documented rule here is 0.
        Assert.Equal(golden.GetProperty("kappa").ValueKind == JsonValueKind.Null ? 0 : golden.GetProperty("kappa").GetDouble(), metrics.CohenKappa, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ClassMetricsAndConfusion_GoldenCase_EqualScikitLearn(string name)
    {
        (JsonElement golden, ScoredSamples samples) = Load(name);
        ClassificationMetrics metrics = ClassificationMetrics.Of(samples);
        foreach (ClassMetrics one in metrics.Classes)
        {
            int index = (int)one.Emotion;
            Assert.Equal(Numbers(golden, "precision")[index], one.Precision, Tolerance);
            Assert.Equal(Numbers(golden, "recall")[index], one.Recall, Tolerance);
            Assert.Equal(Numbers(golden, "f1")[index], one.F1, Tolerance);
            Assert.Equal(Numbers(golden, "support")[index], one.Support);
        }

        double[] cells = [.. from row in Enum.GetValues<Emotion>() from column in Enum.GetValues<Emotion>() select (double)metrics.Confusion[row, column]];
        Assert.Equal(Numbers(golden, "confusion"), cells);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void CalibrationMetrics_GoldenCase_EqualNumPy(string name)
    {
        (JsonElement golden, ScoredSamples samples) = Load(name);
        CalibrationMetrics calibration = CalibrationMetrics.Of(samples);
        Near(golden, "equalWidthError", calibration.EqualWidthError);
        Bins(golden.GetProperty("equalWidthBins"), calibration.EqualWidthBins);
        if (golden.GetProperty("equalMassError").ValueKind != JsonValueKind.Null)
        {
            Near(golden, "equalMassError", calibration.EqualMassError);
            Bins(golden.GetProperty("equalMassBins"), calibration.EqualMassBins);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PrecisionRecallCurve_GoldenCase_EqualsScikitLearn(string name)
    {
        (JsonElement golden, ScoredSamples samples) = Load(name);
        foreach (JsonElement expected in golden.GetProperty("curves").EnumerateArray())
        {
            var curve = PrecisionRecallCurve.Of(samples, (Emotion)expected.GetProperty("emotion").GetInt32());
            Near(expected, "averagePrecision", curve.AveragePrecision);
            Assert.Equal(Numbers(expected, "thresholds"), curve.Points.Select(point => point.Threshold));
            All(Numbers(expected, "precision"), curve.Points.Select(point => point.Precision));
            if (curve.Positives > 0)
            {
                All(Numbers(expected, "recall"), curve.Points.Select(point => point.Recall));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void RiskCoverage_GoldenCaseWithoutTies_EqualsItsDefinition(string name)
    {
        (JsonElement golden, ScoredSamples samples) = Load(name);
        Assert.Equal(1 - ClassificationMetrics.Of(samples).Accuracy, RiskCoverage.Of(samples).Points[^1].Risk, Tolerance);
        if (golden.GetProperty("aurc").ValueKind != JsonValueKind.Null)
        {
            Near(golden, "aurc", RiskCoverage.Of(samples).Area);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TemperatureFit_GoldenCase_FindsSciPysMinimum(string name)
    {
        (JsonElement golden, ScoredSamples samples) = Load(name);
        var fit = TemperatureFit.Fit(samples, new DatasetInfo("golden", name, name));
        if (golden.GetProperty("temperature").ValueKind == JsonValueKind.Null)
        {
            Assert.True(fit.IsAtLimit || fit.Temperature == 1);
            return;
        }

        Near(golden, "temperature", fit.Temperature);
        Near(golden, "temperedLogLoss", fit.OnFittingPart.LogLossAfter);
        Assert.True(fit.OnFittingPart.LogLossAfter <= fit.OnFittingPart.LogLossBefore);
    }

    [Fact]
    public void McNemarExact_GoldenCases_EqualsSciPysBinomialTest()
    {
        foreach (JsonElement golden in Golden.GetProperty("mcnemar").EnumerateArray())
        {
            Near(golden, "p", PairedComparison.McNemarExact(golden.GetProperty("b").GetInt32(), golden.GetProperty("c").GetInt32()));
        }
    }

    [Fact]
    public void Wilson_GoldenCases_EqualsSciPy()
    {
        foreach (JsonElement golden in Golden.GetProperty("wilson").EnumerateArray())
        {
            var interval = Interval.Wilson(golden.GetProperty("successes").GetInt32(), golden.GetProperty("trials").GetInt32(), golden.GetProperty("level").GetDouble());
            Near(golden, "lower", interval.Lower);
            Near(golden, "upper", interval.Upper);
        }
    }

    private static (JsonElement Golden, ScoredSamples Samples) Load(string name)
    {
        JsonElement golden = Golden.GetProperty("classification").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        return (golden, new ScoredSamples([.. Numbers(golden, "truth").Select(number => (Emotion)number)], Numbers(golden, "probabilities")));
    }

    private static double[] Numbers(JsonElement golden, string name) => [.. golden.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static void Near(JsonElement golden, string name, double actual)
    {
        double expected = golden.GetProperty(name).GetDouble();
        Assert.True(Math.Abs(expected - actual) <= Tolerance, $"{name}: expected {expected}, got {actual}");
    }

    private static void All(double[] expected, IEnumerable<double> actual)
    {
        double[] values = [.. actual];
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    private static void Bins(JsonElement expected, IReadOnlyList<ReliabilityBin> bins) =>
        All([.. expected.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(value => value.GetDouble()))], bins.SelectMany(bin => new[] { bin.Count, bin.MeanConfidence, bin.Accuracy }));
}
