namespace FerSharp.Evaluation;

/// <summary>Two classifiers on the same samples. Immutable.</summary>
public sealed record PairedComparison
{
    private PairedComparison(int onlyFirst, int onlySecond, Interval accuracy, Interval macroF1)
    {
        OnlyFirstRight = onlyFirst;
        OnlySecondRight = onlySecond;
        McNemarP = McNemarExact(onlyFirst, onlySecond);
        AccuracyDifference = accuracy;
        MacroF1Difference = macroF1;
    }

    /// <summary>Number of samples that only the first answers rightly.</summary>
    public int OnlyFirstRight { get; }

    /// <summary>Number of samples that only the second answers rightly.</summary>
    public int OnlySecondRight { get; }

    /// <summary>Two-sided p of the exact McNemar test that both are right equally often. With several comparisons see <see cref="HolmCorrection"/>.</summary>
    public double McNemarP { get; }

    /// <summary>Accuracy of the second minus that of the first, with the bootstrap's percentile interval.</summary>
    public Interval AccuracyDifference { get; }

    /// <summary>Macro F1 of the second minus that of the first, with the bootstrap's percentile interval.</summary>
    public Interval MacroF1Difference { get; }

    /// <summary>Compares two classifiers; both are measured on the same resamples.</summary>
    /// <param name="first">One classifier's readings.</param>
    /// <param name="second">The other's, of the same samples in the same order.</param>
    /// <param name="bootstrap">How to draw, over as many samples.</param>
    /// <param name="level">Confidence level, above 0 and below 1.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The truths differ, or the bootstrap is for another number of samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside its range.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static PairedComparison Of(ScoredSamples first, ScoredSamples second, Bootstrap bootstrap, double level = 0.95, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(bootstrap);
        MetricInput.Level(level, nameof(level));
        MetricInput.SameLength(first.Count, bootstrap.Count, nameof(bootstrap));
        if (!first.Truth.SequenceEqual(second.Truth))
        {
            throw new ArgumentException("The two have different truths. A paired comparison needs the same samples in the same order.", nameof(second));
        }

        int onlyFirst = 0, onlySecond = 0;
        for (int i = 0; i < first.Count; i++)
        {
            onlyFirst += first.IsRight(i) && !second.IsRight(i) ? 1 : 0;
            onlySecond += second.IsRight(i) && !first.IsRight(i) ? 1 : 0;
        }

        IReadOnlyList<BootstrapDistribution> runs = bootstrap.Run(
            2,
            (indices, values) =>
            {
                ClassificationMetrics one = ClassificationMetrics.Of(first, indices);
                ClassificationMetrics other = ClassificationMetrics.Of(second, indices);
                (values[0], values[1]) = (other.Accuracy - one.Accuracy, other.MacroF1 - one.MacroF1);
            },
            cancellationToken);
        return new PairedComparison(onlyFirst, onlySecond, runs[0].Interval(level), runs[1].Interval(level));
    }

    /// <summary>Exact conditional McNemar test (McNemar 1947): two-sided binomial p that the discordant pairs fall either way with probability 1/2.</summary>
    /// <param name="onlyFirst">Pairs of which only the first is right, at least 0.</param>
    /// <param name="onlySecond">Pairs of which only the second is right, at least 0.</param>
    /// <returns>p, 0 to 1; 1 without discordant pairs.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static double McNemarExact(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int less = Math.Min(onlyFirst, onlySecond);
        double count = (double)onlyFirst + onlySecond;
        double logTerm = -count * Math.Log(2);
        for (int k = 1; k <= less; k++)
        {
            logTerm += Math.Log((count - k + 1) / k);
        }

        // From the largest term down, each by its ratio to the one before.
        double term = 1, sum = 0;
        for (int k = less; k >= 0 && term > 0; k--)
        {
            sum += term;
            term *= k / (count - k + 1);
        }

        return Math.Min(1, 2 * Math.Exp(logTerm + Math.Log(sum)));
    }
}

/// <summary>Holm's step-down correction for several tests (Holm 1979): keeps the chance of any false alarm at the wanted level.</summary>
public static class HolmCorrection
{
    /// <summary>Adjusts p values.</summary>
    /// <param name="pValues">The p values, each 0 to 1.</param>
    /// <returns>Adjusted p values in the same order, each 0 to 1 and not below its own: compare them with the level.</returns>
    /// <exception cref="ArgumentException">There are none, or one is no number from 0 to 1.</exception>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        MetricInput.NotEmpty(pValues.Length, nameof(pValues));
        int[] order = new int[pValues.Length];
        double[] sorted = pValues.ToArray();
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            MetricInput.Share(sorted[i], nameof(pValues));
        }

        Array.Sort(sorted, order);
        double[] adjusted = new double[order.Length];
        double highest = 0;
        for (int i = 0; i < order.Length; i++)
        {
            highest = Math.Max(highest, Math.Min(1, (order.Length - i) * sorted[i]));
            adjusted[order[i]] = highest;
        }

        return adjusted;
    }
}
