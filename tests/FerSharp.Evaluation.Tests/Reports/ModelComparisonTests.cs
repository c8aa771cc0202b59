namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>Several models on the same data; tests and corrections by hand.</summary>
public sealed class ModelComparisonTests
{
    private static readonly Emotion[] Truth = [.. Enumerable.Repeat(Emotion.Fear, 10), .. Enumerable.Repeat(Emotion.Anger, 10)];

    [Fact]
    public void Of_ThreeModels_HasMcNemarAndHolmByHand()
    {
        // Against the reference, which is always right: 6 lost, p = 2/2^6 = 0.03125; 8 lost, p = 2/2^8 = 0.0078125; 1 lost, p = 1.
        EvaluationReport[] reports = [Wrong([]).Named("reference"), Wrong(Range(0, 6)).Named("six"), Wrong(Range(0, 8)).Named("eight"), Wrong([3]).Named("one")];
        var comparison = ModelComparison.Of(reports, TestContext.Current.CancellationToken);
        Assert.Equal(reports, comparison.Reports);
        Assert.Equal([null, 0.03125, 0.0078125, 1], comparison.Rows.Select(row => row.McNemarP), Close);
        Assert.Equal([null, 2 * 0.03125, 3 * 0.0078125, 1], comparison.Rows.Select(row => row.HolmP), Close);
        Assert.Null(comparison.Rows[0].Paired);
        Assert.Equal([-0.3, -0.4, -0.05], comparison.Rows.Skip(1).Select(row => row.Paired!.AccuracyDifference.Estimate), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Of_ErrorsOfBoth_DoNotCount()
    {
        // Only the reference right: 0, 1, 2, 3, 4; only the other right: 10. p = 2 (1 + 6) / 2^6.
        ModelComparisonRow row = Compare(Wrong([10, 15]), Wrong([0, 1, 2, 3, 4, 15]));
        Assert.Equal(14.0 / 64, row.McNemarP!.Value, 1e-12);
        Assert.Equal((5, 1), row.Discordant);
    }

    [Fact]
    public void Of_MissedFaces_AreWrongAnswers()
    {
        ModelComparisonRow row = Compare(Wrong([]), Missing(Range(0, 6)));
        Assert.Equal(0.03125, row.McNemarP!.Value, 1e-12);
        Assert.Null(row.Paired);
        // Missed by both, or missed by one where the other is wrong: no difference.
        Assert.Equal(1, Compare(Missing(Range(0, 6)), Missing(Range(0, 6))).McNemarP);
        Assert.Equal(1, Compare(Wrong(Range(0, 6)), Missing(Range(0, 6))).McNemarP);
    }

    [Fact]
    public void Of_PicturesThatCouldNotBeLoaded_AreNobodysError()
    {
        PredictionSet run = Wrong([]).Predictions;
        var other = EvaluationReport.Create(
            run with { Predictions = [.. run.Predictions.Select((one, i) => i < 6 ? new Prediction(one.Id, one.Truth, PredictionStatus.Unreadable, default) : one)] }, ReportSamples.Options);
        Assert.Equal(1, Compare(Wrong([]), other).McNemarP);
        Assert.Equal(1, Compare(other, Wrong([])).McNemarP);
    }

    [Fact]
    public void Of_OneModel_HasNothingToTest()
    {
        var comparison = ModelComparison.Of([Wrong([1])], TestContext.Current.CancellationToken);
        Assert.Equal((null, null), (Assert.Single(comparison.Rows).McNemarP, comparison.Rows[0].HolmP));
        Assert.DoesNotContain("McNemar", comparison.ToDocument().ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OtherDataOrLevelOrNothing_IsRefused()
    {
        PredictionSet run = Wrong([]).Predictions;
        var other = EvaluationReport.Create(run with { Dataset = run.Dataset with { Sha256 = "0123456789abcdef" } }, ReportSamples.Options);
        ArgumentException e = Assert.Throws<ArgumentException>("reports", () => ModelComparison.Of([Wrong([]), other]));
        Assert.Contains("20 samples, SHA-256 0123456789ab)", e.Message, StringComparison.Ordinal);
        var level = EvaluationReport.Create(run, ReportSamples.Options with { Level = 0.9 });
        Assert.Contains("0.95 and 0.9", Assert.Throws<ArgumentException>("reports", () => ModelComparison.Of([Wrong([]), level])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("reports", () => ModelComparison.Of([]));
        Assert.Throws<ArgumentNullException>("reports", () => ModelComparison.Of(null!));
    }

    [Fact]
    public void Of_Cancelled_Throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => ModelComparison.Of([Wrong([]), Wrong([1])], new CancellationToken(canceled: true)));

    [Fact]
    public void ToDocument_Tables_HaveFiguresBaselineAndTests()
    {
        EvaluationReport[] reports = [Wrong([]).Named("reference"), Wrong(Range(0, 8)).Named("eight")];
        string text = ModelComparison.Of(reports, TestContext.Current.CancellationToken).ToDocument().ToMarkdown();
        Assert.Contains("| reference | 1.000 |", text, StringComparison.Ordinal);
        Assert.Matches(@"\| eight \| .* \| 0\.600 \|", text);
        // Always anger, which comes first in the order of expressions: F1 2/3 and 0.
        Assert.Contains("| always anger | 0.333 |  | 0.500 |  | 0.500 |", text, StringComparison.Ordinal);
        Assert.Matches(@"\| eight \| -0\.400 \| .* \| 8 \| 0 \| 0\.0078 \| 0\.0078 \|", text);
        Assert.DoesNotContain("faces found", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToDocument_DetectorsAndRestrictedAnswers_AreStated()
    {
        EvaluationReport missing = Missing(Range(0, 5));
        var detected = EvaluationReport.Create(missing.Predictions with { Detector = missing.Predictions.Model with { Id = "the-detector" } }, ReportSamples.Options);
        var within = EvaluationReport.Create(Wrong([]).Predictions.Within(EmotionSet.Basic), ReportSamples.Options);
        string text = ModelComparison.Of([within, detected], TestContext.Current.CancellationToken).ToDocument().ToMarkdown();
        Assert.Contains("the largest face that the-detector finds", text, StringComparison.Ordinal);
        Assert.Contains("scores of others dropped", text, StringComparison.Ordinal);
        Assert.Contains("| faces found | accuracy on all |", text, StringComparison.Ordinal);
        Assert.Contains("| 0.750 | 0.750 |", text, StringComparison.Ordinal);
        Assert.Contains("a face that was not found is a wrong answer", text, StringComparison.Ordinal);
        Assert.Contains("Macro F1 and accuracy on found faces", text, StringComparison.Ordinal);
    }

    private static ModelComparisonRow Compare(EvaluationReport first, EvaluationReport second) => ModelComparison.Of([first, second], TestContext.Current.CancellationToken).Rows[1];

    private static int[] Range(int start, int count) => [.. Enumerable.Range(start, count)];

    private static EvaluationReport Wrong(int[] wrong) =>
        ReportSamples.Answers(Truth, [.. Truth.Select((label, i) => (Emotion?)(wrong.Contains(i) ? label == Emotion.Fear ? Emotion.Anger : Emotion.Fear : label))]);

    private static EvaluationReport Missing(int[] missing) => ReportSamples.Answers(Truth, [.. Truth.Select((label, i) => missing.Contains(i) ? null : (Emotion?)label)]);

    private static bool Close(double? a, double? b) => a is null ? b is null : b is not null && Math.Abs(a.Value - b.Value) < 1e-12;
}
