namespace FerSharp.Evaluation;

/// <summary>How well a classifier does on labelled samples. Every value is a point estimate; see <see cref="ClassificationIntervals"/>. Immutable.</summary>
/// <remarks>
/// <para>A rate whose denominator is 0 counts 0, as scikit-learn does with <c>zero_division=0</c>. Averages over classes take the classes that occur
/// as a truth or as an answer (scikit-learn's default); balanced accuracy those that occur as a truth.</para>
/// <para>Values agree with scikit-learn 1.2 except where that gives NaN: kappa of one class only is 0 here.</para>
/// </remarks>
public sealed record ClassificationMetrics
{
    private ClassificationMetrics(ConfusionMatrix confusion)
    {
        Confusion = confusion;
        Classes = [.. confusion.Classes.ToArray().Select(emotion => new ClassMetrics(confusion, emotion))];
        Accuracy = (double)confusion.Correct / confusion.Total;
        double occurring = 0, withTruth = 0, precision = 0, recall = 0, f1 = 0, weightedPrecision = 0, weighted = 0;
        foreach (ClassMetrics one in Classes)
        {
            occurring += one.Support > 0 || confusion.AnswerCount(one.Emotion) > 0 ? 1 : 0;
            withTruth += one.Support > 0 ? 1 : 0;
            precision += one.Precision;
            recall += one.Recall;
            f1 += one.F1;
            weightedPrecision += one.Precision * one.Support;
            weighted += one.F1 * one.Support;
        }

        BalancedAccuracy = recall / withTruth;
        MacroPrecision = precision / occurring;
        MacroRecall = recall / occurring;
        MacroF1 = f1 / occurring;
        WeightedPrecision = weightedPrecision / confusion.Total;
        WeightedF1 = weighted / confusion.Total;
        Agreement agreement = Agreement.Of(confusion);
        (MatthewsCorrelation, CohenKappa, Informedness, Markedness) = (agreement.Matthews, agreement.Kappa, agreement.Informedness, agreement.Markedness);
    }

    /// <summary>Number of samples.</summary>
    public int Count => Confusion.Total;

    /// <summary>The table of truths and answers.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Figures of each class, in enum order; also of classes without samples.</summary>
    public IReadOnlyList<ClassMetrics> Classes { get; }

    /// <summary>Share of right answers, 0 to 1.</summary>
    public double Accuracy { get; }

    /// <summary>Mean recall over the classes that occur as a truth, 0 to 1 (Brodersen et al. 2010).</summary>
    public double BalancedAccuracy { get; }

    /// <summary>Unweighted mean of precision over the classes that occur as truth or answer, 0 to 1.</summary>
    public double MacroPrecision { get; }

    /// <summary>Unweighted mean of recall over the classes that occur as truth or answer, 0 to 1: below <see cref="BalancedAccuracy"/> where a class is an answer but no truth.</summary>
    public double MacroRecall { get; }

    /// <summary>Mean of precision weighted by support, 0 to 1. Recall weighted so is <see cref="Accuracy"/>.</summary>
    public double WeightedPrecision { get; }

    /// <summary>Unweighted mean of F1 over the classes that occur as truth or answer, 0 to 1.</summary>
    public double MacroF1 { get; }

    /// <summary>Mean of F1 weighted by support, 0 to 1.</summary>
    public double WeightedF1 { get; }

    /// <summary>Multi-class Matthews correlation R_K, -1 to 1 (Gorodkin 2004); 0 where all truths or all answers are one class.</summary>
    public double MatthewsCorrelation { get; }

    /// <summary>Cohen's kappa, -1 to 1 (Cohen 1960); 0 where chance alone would agree always.</summary>
    public double CohenKappa { get; }

    /// <summary>
    /// Multi-class informedness, -1 to 1 (after Powers 2011; the weighting is the one stated here): mean over the classes of <c>recall + inverse recall - 1</c>, weighted by how often each class is the answer.
    /// A class that is no sample's truth or every sample's truth counts 0.
    /// </summary>
    public double Informedness { get; }

    /// <summary>
    /// Multi-class markedness, -1 to 1 (after Powers 2011; the weighting is the one stated here): mean over the classes of <c>precision + inverse precision - 1</c>, weighted by how often each class is the truth.
    /// A class that is never or always the answer counts 0.
    /// </summary>
    public double Markedness { get; }

    /// <summary>Share of samples whose truth is among the two most probable, 0 to 1; of equal probabilities the first in enum order goes first.</summary>
    public double TopTwoAccuracy { get; private init; }

    /// <summary>Mean of minus the logarithm of the truth's probability, in nats; probabilities are scaled to sum 1 and clipped at 2.2e-16.</summary>
    public double LogLoss { get; private init; }

    /// <summary>Mean over samples of the squared error summed over all classes, 0 to 2 (Brier 1950). Twice the two-class form.</summary>
    public double Brier { get; private init; }

    /// <summary>What answers without a look at the picture reach on these samples.</summary>
    public Baselines Baselines => new(Confusion);

    /// <summary>Computes the metrics.</summary>
    /// <param name="samples">Truths and probabilities.</param>
    /// <exception cref="ArgumentNullException"><paramref name="samples"/> is null.</exception>
    public static ClassificationMetrics Of(ScoredSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int[] all = new int[samples.Count];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = i;
        }

        return Of(samples, all);
    }

    /// <summary>Computes the metrics of some of the samples: a group, or a resample of a bootstrap.</summary>
    /// <param name="samples">Truths and probabilities.</param>
    /// <param name="indices">Positions of the samples; one that is named twice counts twice.</param>
    /// <exception cref="ArgumentNullException"><paramref name="samples"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="indices"/> is empty.</exception>
    /// <exception cref="IndexOutOfRangeException">An index is no sample's position.</exception>
    public static ClassificationMetrics Of(ScoredSamples samples, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(samples);
        MetricInput.NotEmpty(indices.Length, nameof(indices));
        ReadOnlySpan<double> losses = samples.LogLoss;
        ReadOnlySpan<double> briers = samples.Brier;
        ReadOnlySpan<bool> seconds = samples.InTopTwo;
        double logLoss = 0, brier = 0, topTwo = 0;
        foreach (int i in indices)
        {
            logLoss += losses[i];
            brier += briers[i];
            topTwo += seconds[i] ? 1 : 0;
        }

        return new ClassificationMetrics(new ConfusionMatrix(samples, indices))
        {
            LogLoss = logLoss / indices.Length,
            Brier = brier / indices.Length,
            TopTwoAccuracy = topTwo / indices.Length,
        };
    }
}
