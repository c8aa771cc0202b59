using BenchmarkDotNet.Attributes;
using FerSharp.Evaluation;

namespace FerSharp.Benchmarks.Evaluation;

/// <summary>Figures of 10,000 readings: what do the metrics cost beyond counting right answers, and what do intervals of 200 resamples?</summary>
public class MetricBenchmarks
{
    private const int Samples = 10_000, Resamples = 200;

    private readonly Emotion[] _truth = new Emotion[Samples];
    private readonly EmotionScores[] _scores = new EmotionScores[Samples];
    private ScoredSamples? _samples;

    [GlobalSetup]
    public void Setup()
    {
        Span<float> row = stackalloc float[EmotionScores.Count];
        for (int i = 0; i < Samples; i++)
        {
            _truth[i] = (Emotion)(i % EmotionScores.Count);
            row.Fill(0.04f);
            row[i * 7 % 11 % EmotionScores.Count] += 0.68f;
            _scores[i] = new EmotionScores(row);
        }

        _samples = new ScoredSamples(_truth, _scores);
    }

    [Benchmark(Baseline = true)]
    public int CountRightAnswers()
    {
        int right = 0;
        for (int i = 0; i < Samples; i++)
        {
            right += _scores[i].Top == _truth[i] ? 1 : 0;
        }

        return right;
    }

    [Benchmark]
    public ClassificationMetrics Metrics() => ClassificationMetrics.Of(new ScoredSamples(_truth, _scores));

    [Benchmark]
    public ClassificationIntervals Intervals() =>
        ClassificationIntervals.Of(_samples!, Bootstrap.Stratified(_samples!.Truth, new BootstrapOptions { Resamples = Resamples }));
}
