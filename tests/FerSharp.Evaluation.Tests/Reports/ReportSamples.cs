using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>Runs and reports for the tests of reports.</summary>
internal static class ReportSamples
{
    /// <summary>What could break a page, a table or a chart if it were taken for markup.</summary>
    public const string Hostile = "<script>alert('x')</script> \"q\" & | * _ ` [a](http://example.org) \r\n# <img src=http://example.org/x.png> \u0001\uD800 ]]> -->";

    public static readonly TimeProvider Clock = new FixedClock();

    public static ReportOptions Options { get; } = new() { Resamples = 50, Clock = Clock };

    /// <summary>A report on seeded readings that are right more often than not.</summary>
    public static EvaluationReport Random(int seed = 1, int count = 200, Func<int, Prediction, Prediction>? change = null, ReportOptions? options = null) =>
        EvaluationReport.Create(RandomRun(seed, count, change), options ?? Options);

    public static PredictionSet RandomRun(int seed = 1, int count = 200, Func<int, Prediction, Prediction>? change = null)
    {
        ScoredSamples samples = Metrics.MetricSamples.Random(seed, count);
        var predictions = new Prediction[count];
        for (int i = 0; i < count; i++)
        {
            float[] scores = [.. samples.Probabilities(i).ToArray().Select(p => (float)p)];
            predictions[i] = new Prediction($"{i}", samples.Truth[i], PredictionStatus.Read, new EmotionScores(scores));
            predictions[i] = change?.Invoke(i, predictions[i]) ?? predictions[i];
        }

        return Run(predictions);
    }

    public static PredictionSet Run(params Prediction[] predictions)
    {
        using var classifier = new FakeEmotionClassifier(EmotionSet.All);
        return new PredictionSet(classifier.Model, new DatasetInfo("generated", "test", "abc123"), predictions, [], TimeSpan.FromSeconds(2));
    }

    /// <summary>A reading with one answer.</summary>
    public static Prediction Answer(string id, Emotion truth, Emotion answer, float score = 0.86f) => new(id, truth, PredictionStatus.Read, Scores(answer, score));

    public static Prediction Missed(string id, Emotion truth) => new(id, truth, PredictionStatus.FaceMissed, default);

    public static EmotionScores Scores(Emotion answer, float score = 0.86f)
    {
        float[] scores = new float[EmotionScores.Count];
        Array.Fill(scores, (1 - score) / 7);
        scores[(int)answer] = score;
        return new EmotionScores(scores);
    }

    /// <summary>A report of one answer for each truth; an answer of null is a missed face.</summary>
    public static EvaluationReport Answers(Emotion[] truth, Emotion?[] answers, ReportOptions? options = null) => EvaluationReport.Create(
        Run([.. truth.Select((label, i) => answers[i] is { } answer ? Answer($"{i}", label, answer) : Missed($"{i}", label))]), options ?? Options);

    public static EvaluationReport Named(this EvaluationReport report, string model) =>
        EvaluationReport.Create(report.Predictions with { Model = report.Predictions.Model with { Id = model } }, report.Options);

    /// <summary>A report in which every name is hostile.</summary>
    public static EvaluationReport HostileReport()
    {
        PredictionSet run = RandomRun(change: (i, one) => i == 3 ? Missed(Hostile, one.Truth) : one with { Id = $"{Hostile}{i}", Subject = i % 3 == 0 ? null : $"{Hostile}{i % 20}" });
        return EvaluationReport.Create(
            run with
            {
                Model = run.Model with { Id = Hostile, Version = Hostile, Backend = Hostile },
                Detector = run.Model with { Id = Hostile },
                Dataset = new DatasetInfo(Hostile, Hostile, Hostile),
                Faults = [new DatasetFault(Hostile, Hostile), new DatasetFault("row 7", new string('x', 5000))],
                LeftOut = new Dictionary<string, int> { [Hostile] = 3 },
            },
            Options);
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    }
}
