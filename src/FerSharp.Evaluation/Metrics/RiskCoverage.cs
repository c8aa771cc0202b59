namespace FerSharp.Evaluation;

/// <summary>What abstaining buys: the share of wrong answers among the surest, for every share that is answered (Geifman and El-Yaniv 2017). Immutable.</summary>
/// <remarks>Samples are answered from the highest confidence down. Samples of equal confidence are answered in random order, of which this is the expected value:
/// the order of the samples does not matter.</remarks>
public sealed record RiskCoverage
{
    private RiskCoverage(IReadOnlyList<RiskCoveragePoint> points, double area)
    {
        Points = points;
        Area = area;
    }

    /// <summary>One point for each distinct confidence, from the highest down; the last one answers all.</summary>
    public IReadOnlyList<RiskCoveragePoint> Points { get; }

    /// <summary>AURC: mean of the risk over coverages 1/n, 2/n, ... 1; 0 to 1, less is better.</summary>
    public double Area { get; }

    /// <summary>Computes the curve.</summary>
    /// <param name="samples">Truths and probabilities.</param>
    /// <exception cref="ArgumentNullException"><paramref name="samples"/> is null.</exception>
    public static RiskCoverage Of(ScoredSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int count = samples.Count;
        double[] keys = new double[count];
        bool[] right = new bool[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = -samples.Confidence[i];
            right[i] = samples.IsRight(i);
        }

        Array.Sort(keys, right);
        var points = new List<RiskCoveragePoint>();
        double area = 0;
        int wrong = 0;
        for (int start = 0, end; start < count; start = end)
        {
            end = start;
            int wrongHere = 0;
            while (end < count && keys[end] == keys[start])
            {
                wrongHere += right[end++] ? 0 : 1;
            }

            for (int taken = 1; taken <= end - start; taken++)
            {
                area += (wrong + ((double)wrongHere * taken / (end - start))) / (start + taken);
            }

            wrong += wrongHere;
            points.Add(new RiskCoveragePoint(-keys[start], (double)end / count, (double)wrong / end));
        }

        return new RiskCoverage(points, area / count);
    }

    /// <summary>The point of the largest coverage whose risk is not above the wanted one; null where none is.</summary>
    /// <param name="risk">Largest share of wrong answers, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number from 0 to 1.</exception>
    public RiskCoveragePoint? ForRisk(double risk)
    {
        MetricInput.Share(risk, nameof(risk));
        return Points.Where(point => point.Risk <= risk).Select(point => (RiskCoveragePoint?)point).LastOrDefault();
    }
}

/// <summary>What answering only from a confidence up gives.</summary>
/// <param name="Threshold">Least confidence that is answered.</param>
/// <param name="Coverage">Share of samples that are answered, above 0 to 1.</param>
/// <param name="Risk">Share of wrong ones among them, 0 to 1.</param>
public readonly record struct RiskCoveragePoint(double Threshold, double Coverage, double Risk);
