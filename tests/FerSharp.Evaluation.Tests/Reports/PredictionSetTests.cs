namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>Answers restricted to fewer classes.</summary>
public sealed class PredictionSetTests
{
    private static readonly EmotionSet Two = new(Emotion.Fear, Emotion.Anger);

    [Fact]
    public void Within_ScoresOfOthers_AreDroppedAndTheRestScaled()
    {
        float[] scores = [0.5f, 0, 0, 0, 0.1f, 0, 0.3f, 0.1f];
        PredictionSet run = ReportSamples.Run(new Prediction("a", Emotion.Fear, PredictionStatus.Read, new EmotionScores(scores, 0.25f, -0.5f)) { Subject = "s" }, ReportSamples.Missed("b", Emotion.Anger));
        PredictionSet within = run.Within(Two);
        Prediction one = within.Predictions[0];
        Assert.Equal((0.75f, 0.25f, 0f), (one.Scores[Emotion.Fear], one.Scores[Emotion.Anger], one.Scores[Emotion.Neutral]), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-6 && Math.Abs(a.Item2 - b.Item2) < 1e-6 && a.Item3 == b.Item3);
        Assert.Equal((0.25f, -0.5f, "s"), (one.Scores.Valence, one.Scores.Arousal, one.Subject));
        Assert.Equal((run.Predictions[1], Two), (within.Predictions[1], within.AnswersWithin));
        Assert.Equal((Emotion.Neutral, (EmotionSet?)null), (run.Predictions[0].Scores.Top, run.AnswersWithin));
    }

    [Fact]
    public void Within_ReadingThatGaveAllToDroppedOnes_BecomesEven()
    {
        PredictionSet run = ReportSamples.Run(new Prediction("a", Emotion.Anger, PredictionStatus.Read, new EmotionScores([1, 0, 0, 0, 0, 0, 0, 0])));
        EmotionScores scores = run.Within(Two).Predictions[0].Scores;
        Assert.Equal((0.5f, 0.5f), (scores[Emotion.Fear], scores[Emotion.Anger]));
    }

    [Fact]
    public void Within_Twice_AnswersWithinBoth()
    {
        PredictionSet run = ReportSamples.Run(ReportSamples.Answer("a", Emotion.Fear, Emotion.Fear)).Within(Two).Within(EmotionSet.Basic);
        Assert.Equal(Two, run.AnswersWithin);
    }

    [Fact]
    public void Within_Report_StatesIt()
    {
        EvaluationReport report = EvaluationReport.Create(ReportSamples.Run(ReportSamples.Answer("a", Emotion.Fear, Emotion.Contempt)).Within(Two), ReportSamples.Options);
        Assert.Contains("from anger, fear; scores of others dropped", report.ToDocument().ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(Two, report.Metrics.Confusion.Classes);
        Assert.Equal(Two, EvaluationReport.FromJson(report.ToJson()).Predictions.AnswersWithin);
    }

    [Fact]
    public void Within_LabelOutsideOrNoClass_IsRefused()
    {
        PredictionSet run = ReportSamples.Run(ReportSamples.Answer("sample 7", Emotion.Sadness, Emotion.Fear));
        Assert.Contains("sample 7", Assert.Throws<ArgumentException>("classes", () => run.Within(Two)).Message, StringComparison.Ordinal);
        Assert.Contains("no classes", Assert.Throws<ArgumentException>("classes", () => run.Within(default)).Message, StringComparison.Ordinal);
    }
}
