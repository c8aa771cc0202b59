using CsCheck;

namespace FerSharp.Evaluation.Tests.Metrics;

/// <summary>What holds for metrics of any samples, and their rules for empty classes and bad input.</summary>
public sealed class MetricLawTests
{
    private static readonly int[] Same = [0, 1, 2, 3, 4, 5, 6, 7];
    private static readonly Gen<(int Seed, int Count, double Strength)> AnySamples = Gen.Select(Gen.Int[0, 100000], Gen.Int[1, 60], Gen.Double[0, 6]);

    [Fact]
    public void AllMetrics_OtherOrderOfSamples_StayTheSame() => AnySamples.Sample(any =>
    {
        ScoredSamples samples = MetricSamples.Random(any.Seed, any.Count, any.Strength);
        int[] order = [.. Enumerable.Range(0, any.Count)];
        new Random(any.Seed).Shuffle(order);
        Equal(Figures(samples), Figures(MetricSamples.Rearranged(samples, order, Same)));
    });

    [Fact]
    public void AllMetrics_OtherNamesOfClasses_StayTheSame() => AnySamples.Sample(any =>
    {
        ScoredSamples samples = MetricSamples.Random(any.Seed, any.Count, any.Strength);
        int[] names = [.. Same];
        new Random(any.Seed).Shuffle(names);
        Equal(Figures(samples), Figures(MetricSamples.Rearranged(samples, [.. Enumerable.Range(0, any.Count)], names)));
    });

    [Fact]
    public void Calibration_TiedConfidences_DoesNotDependOnOrder()
    {
        Emotion[] truth = [.. Enumerable.Range(0, 40).Select(i => (Emotion)(i % 8))];
        ScoredSamples samples = MetricSamples.Answers(truth, [.. truth.Select((t, i) => i < 25 ? t : Emotion.Neutral)]);
        int[] order = [.. Enumerable.Range(0, 40).Reverse()];
        Equal(Figures(samples), Figures(MetricSamples.Rearranged(samples, order, Same)));
    }

    [Fact]
    public void AllMetrics_AnySamples_StayInBounds() => AnySamples.Sample(any =>
    {
        ScoredSamples samples = MetricSamples.Random(any.Seed, any.Count, any.Strength);
        ClassificationMetrics m = ClassificationMetrics.Of(samples);
        var calibration = CalibrationMetrics.Of(samples);
        double[] shares =
        [
            m.Accuracy, m.BalancedAccuracy, m.MacroF1, m.WeightedF1, m.TopTwoAccuracy, m.Brier / 2, RiskCoverage.Of(samples).Area,
            PrecisionRecallCurve.Of(samples, Emotion.Sadness).AveragePrecision, calibration.EqualWidthError, calibration.EqualMassError, calibration.MaximumError,
        ];
        Assert.All(shares, share => Assert.InRange(share, 0, 1 + 1e-12));
        Assert.All(new[] { m.MatthewsCorrelation, m.CohenKappa, m.Informedness, m.Markedness }, value => Assert.InRange(value, -1 - 1e-12, 1 + 1e-12));
        Assert.True(m.TopTwoAccuracy >= m.Accuracy);
        Assert.True(calibration.EqualWidthError <= calibration.MaximumError + 1e-12);
        Assert.Equal(any.Count, calibration.EqualWidthBins.Sum(bin => bin.Count));
        Assert.Equal(any.Count, calibration.EqualMassBins.Sum(bin => bin.Count));
    });

    [Fact]
    public void Metrics_AllRight_AreOne()
    {
        Emotion[] truth = [.. Enumerable.Range(0, 23).Select(i => (Emotion)(i % 8))];
        ClassificationMetrics m = ClassificationMetrics.Of(MetricSamples.Answers(truth, truth));
        Assert.All(new[] { m.Accuracy, m.BalancedAccuracy, m.MacroF1, m.MatthewsCorrelation, m.CohenKappa, m.Informedness, m.Markedness }, value => Assert.Equal(1, value, 1e-12));
    }

    [Fact]
    public void Metrics_TwoClassesSwapped_AreMinusOne()
    {
        Emotion[] truth = [.. Enumerable.Range(0, 20).Select(i => (Emotion)(i % 2))];
        ClassificationMetrics m = ClassificationMetrics.Of(MetricSamples.Answers(truth, [.. truth.Select(t => (Emotion)(1 - (int)t))]));
        Assert.All(new[] { m.MatthewsCorrelation, m.CohenKappa, m.Informedness, m.Markedness }, value => Assert.Equal(-1, value, 1e-12));
    }

    [Fact]
    public void Metrics_OneClassOnly_CountUndefinedRatesAsZero()
    {
        Emotion[] truth = [Emotion.Fear, Emotion.Fear, Emotion.Fear, Emotion.Fear];
        ClassificationMetrics m = ClassificationMetrics.Of(MetricSamples.Answers(truth, [Emotion.Fear, Emotion.Fear, Emotion.Anger, Emotion.Fear]));
        ClassMetrics anger = m.Classes.Single(one => one.Emotion == Emotion.Anger);
        ClassMetrics empty = m.Classes.Single(one => one.Emotion == Emotion.Contempt);
        Assert.Equal((0, 0, 0, 0), (anger.Precision, anger.Recall, anger.F1, anger.Support));
        Assert.Equal((0, 0, 0, 0), (empty.Precision, empty.Recall, empty.F1, empty.Support));
        Assert.Equal((0, 0, 0, 0), (m.MatthewsCorrelation, m.CohenKappa, m.Informedness, m.Markedness));
        Assert.Equal(0.75, m.BalancedAccuracy, 1e-12);
        Assert.Equal(6.0 / 7 / 2, m.MacroF1, 1e-12);
    }

    [Fact]
    public void Calibration_AnswersRightAsOftenAsTheySay_IsNearZero()
    {
        Emotion[] truth = [.. Enumerable.Range(0, 1000).Select(i => i % 4 == 0 ? Emotion.Happiness : Emotion.Neutral)];
        var calibration = CalibrationMetrics.Of(MetricSamples.Answers(truth, new Emotion[1000], 0.75));
        Assert.All(new[] { calibration.EqualWidthError, calibration.EqualMassError, calibration.MaximumError }, error => Assert.Equal(0, error, 1e-9));
    }

    [Fact]
    public void PrecisionRecallCurve_OperatingPoints_AreTheBestThatReachTheWish() => AnySamples.Sample(any =>
    {
        var curve = PrecisionRecallCurve.Of(MetricSamples.Random(any.Seed, any.Count, any.Strength), Emotion.Sadness);
        PrecisionRecallPoint? precise = curve.ForPrecision(0.8);
        Assert.Equal(curve.Points.Where(point => point.Precision >= 0.8).Select(point => point.Recall).DefaultIfEmpty(-1).Max(), precise?.Recall ?? -1);
        PrecisionRecallPoint? complete = curve.ForRecall(0.5);
        Assert.Equal(curve.Positives > 0, complete is not null);
        Assert.True(complete is null || complete.Value.Recall >= 0.5);
    });

    [Fact]
    public void ScoredSamples_BadInput_SayWhichSampleAndWhy()
    {
        double[] row = [1, 0, 0, 0, 0, 0, 0, 0];
        double[] nan = [double.NaN, 1, 0, 0, 0, 0, 0, 0];
        Assert.Contains("Neutral in sample 0", Assert.Throws<ArgumentException>(() => new ScoredSamples([Emotion.Fear], nan)).Message, StringComparison.Ordinal);
        Assert.Contains("no samples", Assert.Throws<ArgumentException>(() => new ScoredSamples([], row)).Message, StringComparison.Ordinal);
        Assert.Contains("eight each", Assert.Throws<ArgumentException>(() => new ScoredSamples([Emotion.Fear, Emotion.Fear], row)).Message, StringComparison.Ordinal);
        Assert.Contains("no reading", Assert.Throws<ArgumentException>(() => new ScoredSamples([Emotion.Fear], new EmotionScores[1])).Message, StringComparison.Ordinal);
        Assert.Contains("add up to 0.5", Assert.Throws<ArgumentException>(() => new ScoredSamples([Emotion.Fear], [0.5, 0, 0, 0, 0, 0, 0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("no defined expression", Assert.Throws<ArgumentException>(() => new ScoredSamples([(Emotion)9], row)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix([Emotion.Fear], []));
        Assert.Contains("Contempt", Assert.Throws<ArgumentException>(() => new ConfusionMatrix([Emotion.Contempt], [Emotion.Fear], EmotionSet.Basic)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TemperatureFit_ReportOnTheFittingPart_Refuses()
    {
        ScoredSamples fitting = MetricSamples.Random(1, 50);
        ScoredSamples other = MetricSamples.Random(2, 50);
        var fit = TemperatureFit.Fit(fitting, new DatasetInfo("set", "PublicTest", "aa"));
        Assert.Throws<InvalidOperationException>(() => fit.Report(other, new DatasetInfo("set", "PrivateTest", "AA")));
        Assert.Throws<InvalidOperationException>(() => fit.Report(fitting, new DatasetInfo("renamed", "PrivateTest", "bb")));
        Assert.Throws<ArgumentException>(() => fit.Report(other, new DatasetInfo("set", "PrivateTest", "")));
        Assert.Equal(fit.Temperature, fit.Report(other, new DatasetInfo("set", "PrivateTest", "bb")).Temperature);
    }

    [Fact]
    public void CoverageMetrics_MissedFaces_CountAsErrorsOfAllOnly()
    {
        var happy = new EmotionScores([0, 1, 0, 0, 0, 0, 0, 0]);
        Prediction Make(PredictionStatus status, Emotion truth) => new("x", truth, status, status == PredictionStatus.Read ? happy : default);
        var coverage = CoverageMetrics.Of(
        [
            Make(PredictionStatus.Read, Emotion.Happiness), Make(PredictionStatus.Read, Emotion.Fear),
            Make(PredictionStatus.FaceMissed, Emotion.Neutral), Make(PredictionStatus.FaceMissed, Emotion.Happiness), Make(PredictionStatus.Unreadable, Emotion.Happiness),
        ]);
        Assert.Equal((0.5, 0.25, 0.5, 1), (coverage.OnFound!.Value.Estimate, coverage.OnAll.Estimate, coverage.Found.Estimate, coverage.Unreadable));
    }

    private static double[] Figures(ScoredSamples samples)
    {
        ClassificationMetrics m = ClassificationMetrics.Of(samples);
        var calibration = CalibrationMetrics.Of(samples);
        return
        [
            m.Accuracy, m.BalancedAccuracy, m.MacroF1, m.WeightedF1, m.MatthewsCorrelation, m.CohenKappa, m.Informedness, m.Markedness, m.TopTwoAccuracy, m.LogLoss, m.Brier,
            calibration.EqualWidthError, calibration.EqualMassError, calibration.MaximumError, RiskCoverage.Of(samples).Area,
        ];
    }

    private static void Equal(double[] expected, double[] actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
}
