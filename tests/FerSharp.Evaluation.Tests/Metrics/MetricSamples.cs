namespace FerSharp.Evaluation.Tests.Metrics;

/// <summary>Samples for the tests of metrics.</summary>
internal static class MetricSamples
{
    /// <summary>Seeded samples whose probabilities lean towards the truth.</summary>
    public static ScoredSamples Random(int seed, int count, double strength = 2)
    {
        var random = new Random(seed);
        var truth = new Emotion[count];
        double[] rows = new double[count * 8];
        for (int i = 0; i < count; i++)
        {
            truth[i] = (Emotion)random.Next(8);
            double sum = 0;
            for (int c = 0; c < 8; c++)
            {
                rows[(i * 8) + c] = Math.Exp((random.NextDouble() * 4) + (c == (int)truth[i] ? strength : 0));
                sum += rows[(i * 8) + c];
            }

            for (int c = 0; c < 8; c++)
            {
                rows[(i * 8) + c] /= sum;
            }
        }

        return new ScoredSamples(truth, rows);
    }

    /// <summary>Samples with wanted answers, each with the same confidence.</summary>
    public static ScoredSamples Answers(Emotion[] truth, Emotion[] answers, double confidence = 0.86) => new(
        truth,
        [.. answers.SelectMany(answer => Enumerable.Range(0, 8).Select(c => c == (int)answer ? confidence : (1 - confidence) / 7))]);

    /// <summary>The same samples with other positions, and other names of the classes.</summary>
    public static ScoredSamples Rearranged(ScoredSamples samples, int[] order, int[] names)
    {
        double[] rows = new double[samples.Count * 8];
        var truth = new Emotion[samples.Count];
        for (int i = 0; i < order.Length; i++)
        {
            truth[i] = (Emotion)names[(int)samples.Truth[order[i]]];
            for (int c = 0; c < 8; c++)
            {
                rows[(i * 8) + names[c]] = samples.Probabilities(order[i])[c];
            }
        }

        return new ScoredSamples(truth, rows);
    }
}
