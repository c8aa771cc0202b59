namespace FerSharp.Evaluation;

/// <summary>Precision and recall of one class at every threshold on its probability. Immutable.</summary>
/// <remarks>A sample counts as the class where its probability is at least the threshold. Same points and same average precision as scikit-learn's
/// <c>precision_recall_curve</c> and <c>average_precision_score</c>, without the added end point (precision 1, recall 0).</remarks>
public sealed record PrecisionRecallCurve
{
    private PrecisionRecallCurve(Emotion emotion, int positives, IReadOnlyList<PrecisionRecallPoint> points)
    {
        Emotion = emotion;
        Positives = positives;
        Points = points;
        double before = 0;
        foreach (PrecisionRecallPoint point in points)
        {
            AveragePrecision += (point.Recall - before) * point.Precision;
            before = point.Recall;
        }
    }

    /// <summary>The class.</summary>
    public Emotion Emotion { get; }

    /// <summary>Number of its samples.</summary>
    public int Positives { get; }

    /// <summary>One point for each distinct probability, from the highest threshold down: recall never falls.</summary>
    public IReadOnlyList<PrecisionRecallPoint> Points { get; }

    /// <summary>Sum over the points of the step in recall times the precision, not interpolated, 0 to 1; 0 where the class has no samples.</summary>
    public double AveragePrecision { get; }

    /// <summary>Computes the curve.</summary>
    /// <param name="samples">Truths and probabilities.</param>
    /// <param name="emotion">The class.</param>
    /// <exception cref="ArgumentNullException"><paramref name="samples"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public static PrecisionRecallCurve Of(ScoredSamples samples, Emotion emotion)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (emotion > Emotion.Contempt)
        {
            throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "Not a defined expression.");
        }

        double[] keys = new double[samples.Count];
        bool[] positive = new bool[samples.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = -samples.Probabilities(i)[(int)emotion];
            positive[i] = samples.Truth[i] == emotion;
        }

        Array.Sort(keys, positive);
        int positives = positive.Count(p => p);
        var points = new List<PrecisionRecallPoint>();
        int hits = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            hits += positive[i] ? 1 : 0;
            if (i == keys.Length - 1 || keys[i + 1] != keys[i])
            {
                points.Add(new PrecisionRecallPoint(-keys[i], hits / (i + 1.0), MetricInput.Ratio(hits, positives)));
            }
        }

        return new PrecisionRecallCurve(emotion, positives, points);
    }

    /// <summary>The point of the highest recall whose precision is at least the wanted one; null where no threshold reaches it.</summary>
    /// <param name="precision">Wanted precision, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number from 0 to 1.</exception>
    public PrecisionRecallPoint? ForPrecision(double precision)
    {
        MetricInput.Share(precision, nameof(precision));
        PrecisionRecallPoint[] enough = [.. Points.Where(point => point.Precision >= precision)];
        return enough.Length == 0 ? null : enough.OrderBy(point => point.Recall).ThenBy(point => point.Precision).Last();
    }

    /// <summary>The point of the highest precision whose recall is at least the wanted one; null where the class has no samples.</summary>
    /// <param name="recall">Wanted recall, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number from 0 to 1.</exception>
    public PrecisionRecallPoint? ForRecall(double recall)
    {
        MetricInput.Share(recall, nameof(recall));
        PrecisionRecallPoint[] enough = [.. Points.Where(point => point.Recall >= recall)];
        return Positives == 0 ? null : enough.OrderBy(point => point.Precision).ThenBy(point => point.Recall).Last();
    }
}

/// <summary>Precision and recall at one threshold.</summary>
/// <param name="Threshold">Least score that counts as the class.</param>
/// <param name="Precision">Share of right ones among those that count, 0 to 1.</param>
/// <param name="Recall">Share of the class's samples that count, 0 to 1.</param>
public readonly record struct PrecisionRecallPoint(double Threshold, double Precision, double Recall);
