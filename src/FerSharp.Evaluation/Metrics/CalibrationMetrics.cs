namespace FerSharp.Evaluation;

/// <summary>Whether answers given with a probability of p are right in a share p of the cases. Immutable.</summary>
/// <remarks>
/// <para>Expected calibration error: mean over samples of <c>|accuracy - mean confidence|</c> of the sample's bin; confidence is the probability of the answer.
/// Equal width: bins <c>((b-1)/B, b/B]</c> (Guo et al. 2017). Equal mass: by rising rank of confidence as even as possible, the larger bins first
/// (Nixon et al. 2019); samples of equal confidence stay together, in the bin of their middle rank, so the order of the samples does not matter.</para>
/// </remarks>
public sealed record CalibrationMetrics
{
    private CalibrationMetrics(IReadOnlyList<ReliabilityBin> width, IReadOnlyList<ReliabilityBin> mass)
    {
        EqualWidthBins = width;
        EqualMassBins = mass;
        EqualWidthError = Error(width);
        EqualMassError = Error(mass);
        MaximumError = width.Where(bin => bin.Count > 0).Max(bin => Math.Abs(bin.Gap));
    }

    /// <summary>Expected calibration error over bins of equal width, 0 to 1.</summary>
    public double EqualWidthError { get; }

    /// <summary>Expected calibration error over bins of equal mass, 0 to 1.</summary>
    public double EqualMassError { get; }

    /// <summary>Largest gap of a bin of equal width that holds samples, 0 to 1.</summary>
    public double MaximumError { get; }

    /// <summary>The reliability table with bins of equal width; empty bins are part of it.</summary>
    public IReadOnlyList<ReliabilityBin> EqualWidthBins { get; }

    /// <summary>The reliability table with bins of equal mass; a bin is empty only where samples share a confidence or are fewer than bins.</summary>
    public IReadOnlyList<ReliabilityBin> EqualMassBins { get; }

    /// <summary>Computes calibration.</summary>
    /// <param name="samples">Truths and probabilities.</param>
    /// <param name="bins">Number of bins, at least 1; 15 is the field's custom.</param>
    /// <exception cref="ArgumentNullException"><paramref name="samples"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is below 1.</exception>
    public static CalibrationMetrics Of(ScoredSamples samples, int bins = 15)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Of(samples, [.. Enumerable.Range(0, samples.Count)], bins);
    }

    /// <summary>Computes calibration of some of the samples.</summary>
    /// <param name="samples">Truths and probabilities.</param>
    /// <param name="indices">Positions of the samples; one that is named twice counts twice.</param>
    /// <param name="bins">Number of bins, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="samples"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="indices"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is below 1.</exception>
    /// <exception cref="IndexOutOfRangeException">An index is no sample's position.</exception>
    public static CalibrationMetrics Of(ScoredSamples samples, ReadOnlySpan<int> indices, int bins = 15)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        MetricInput.NotEmpty(indices.Length, nameof(indices));
        double[] confidence = new double[indices.Length];
        bool[] right = new bool[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            confidence[i] = samples.Confidence[indices[i]];
            right[i] = samples.IsRight(indices[i]);
        }

        Array.Sort(confidence, right);
        return new CalibrationMetrics(EqualWidth(confidence, right, bins), EqualMass(confidence, right, bins));
    }

    private static ReliabilityBin[] EqualWidth(double[] confidence, bool[] right, int bins)
    {
        var filled = new ReliabilityBin[bins];
        int start = 0;
        for (int bin = 0; bin < bins; bin++)
        {
            int end = start;
            while (end < confidence.Length && (bin == bins - 1 || Math.Ceiling(confidence[end] * bins) - 1 <= bin))
            {
                end++;
            }

            filled[bin] = Fill((double)bin / bins, (bin + 1.0) / bins, confidence.AsSpan(start..end), right.AsSpan(start..end));
            start = end;
        }

        return filled;
    }

    private static ReliabilityBin[] EqualMass(double[] confidence, bool[] right, int bins)
    {
        int count = confidence.Length;
        (int size, int larger) = (count / bins, count % bins);
        int[] ends = new int[bins];
        int groupStart = 0;
        while (groupStart < count)
        {
            int groupEnd = groupStart + 1;
            while (groupEnd < count && confidence[groupEnd] == confidence[groupStart])
            {
                groupEnd++;
            }

            int middle = (groupStart + groupEnd - 1) / 2;
            int inLarger = larger * (size + 1);
            ends[middle < inLarger ? middle / (size + 1) : larger + ((middle - inLarger) / size)] = groupEnd;
            groupStart = groupEnd;
        }

        var filled = new ReliabilityBin[bins];
        int start = 0;
        for (int bin = 0; bin < bins; bin++)
        {
            int end = Math.Max(start, ends[bin]);
            double lower = start > 0 ? confidence[start - 1] : 0;
            filled[bin] = Fill(lower, end > start ? confidence[end - 1] : lower, confidence.AsSpan(start..end), right.AsSpan(start..end));
            start = end;
        }

        return filled;
    }

    private static ReliabilityBin Fill(double lower, double upper, ReadOnlySpan<double> confidence, ReadOnlySpan<bool> right)
    {
        double sum = 0;
        foreach (double value in confidence)
        {
            sum += value;
        }

        return new ReliabilityBin(lower, upper, confidence.Length, MetricInput.Ratio(sum, confidence.Length), MetricInput.Ratio(right.Count(true), right.Length));
    }

    private static double Error(IReadOnlyList<ReliabilityBin> bins) => bins.Sum(bin => bin.Count * Math.Abs(bin.Gap)) / bins.Sum(bin => bin.Count);
}

/// <summary>One row of a reliability table.</summary>
/// <param name="Lower">Lower limit of confidence, not included.</param>
/// <param name="Upper">Upper limit of confidence, included.</param>
/// <param name="Count">Number of samples.</param>
/// <param name="MeanConfidence">Mean probability of the answers, 0 to 1; 0 in an empty bin.</param>
/// <param name="Accuracy">Share of right answers, 0 to 1; 0 in an empty bin.</param>
public readonly record struct ReliabilityBin(double Lower, double Upper, int Count, double MeanConfidence, double Accuracy)
{
    /// <summary>Accuracy minus mean confidence, -1 to 1; negative where the model is too sure.</summary>
    public double Gap => Accuracy - MeanConfidence;
}
