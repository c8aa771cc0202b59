using System.Runtime.CompilerServices;

namespace FerSharp.History;

/// <summary>Scores added up over time, for one bin.</summary>
internal struct ScoreSum
{
    private Eight _sums;

    /// <summary>The bin's place from the session's start on, in bins.</summary>
    public long Index;

    /// <summary>The covered time.</summary>
    public float Seconds;

    public void Add(ReadOnlySpan<float> scores, float seconds)
    {
        for (int e = 0; e < EmotionScores.Count; e++)
        {
            _sums[e] += seconds * scores[e];
        }

        Seconds += seconds;
    }

    public void Add(in ScoreSum other)
    {
        for (int e = 0; e < EmotionScores.Count; e++)
        {
            _sums[e] += other._sums[e];
        }

        Seconds += other.Seconds;
    }

    public readonly float Mean(Emotion emotion) => _sums[(int)emotion] / Seconds;

    public readonly EmotionScores MeanScores() => Normalized(_sums);

    /// <summary>Scores in proportion to sums; empty where there are none.</summary>
    public static EmotionScores Normalized(ReadOnlySpan<float> sums)
    {
        double total = 0;
        foreach (float sum in sums)
        {
            total += sum;
        }

        if (!(total > 0))
        {
            return default;
        }

        Span<float> scores = stackalloc float[EmotionScores.Count];
        for (int e = 0; e < scores.Length; e++)
        {
            scores[e] = (float)(sums[e] / total);
        }

        return new EmotionScores(scores);
    }

    [InlineArray(EmotionScores.Count)]
    private struct Eight
    {
        private float _first;
    }
}
