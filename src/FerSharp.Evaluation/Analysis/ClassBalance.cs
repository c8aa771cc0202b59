namespace FerSharp.Evaluation;

/// <summary>How many pictures each expression has, and what follows: shares, the rarest class, weights that make up for it. Immutable, thread-safe.</summary>
public sealed class ClassBalance
{
    private readonly int[] _counts;

    /// <summary>Takes counts.</summary>
    /// <param name="counts">Pictures of each expression: eight numbers in the order of <see cref="Emotion"/>, 0 where there are none.</param>
    /// <exception cref="ArgumentException">Not eight numbers, or one is negative.</exception>
    /// <exception cref="OverflowException">They add up to more than 2^31 - 1.</exception>
    public ClassBalance(ReadOnlySpan<int> counts)
    {
        if (counts.Length != EmotionScores.Count || counts.ContainsAnyInRange(int.MinValue, -1))
        {
            throw new ArgumentException($"Eight counts are needed, none negative, in the order of Emotion; {counts.Length} were given: {string.Join(", ", counts.ToArray())}.", nameof(counts));
        }

        _counts = counts.ToArray();
        Emotion[] present = [.. Enumerable.Range(0, _counts.Length).Where(i => _counts[i] > 0).Select(i => (Emotion)i)];
        foreach (Emotion emotion in present)
        {
            Total = checked(Total + _counts[(int)emotion]);
        }

        Present = new EmotionSet(present);
        Rarest = present.Length == 0 ? null : present.MinBy(emotion => _counts[(int)emotion]);
        Largest = present.Length == 0 ? null : present.MaxBy(emotion => _counts[(int)emotion]);
        Ratio = present.Length == 0 ? double.NaN : (double)_counts[(int)Largest!] / _counts[(int)Rarest!];
    }

    /// <summary>Number of pictures with a label.</summary>
    public int Total { get; }

    /// <summary>The expressions that occur.</summary>
    public EmotionSet Present { get; }

    /// <summary>The expression with the fewest pictures among those that occur, the first of equals; null where there is no label at all.</summary>
    public Emotion? Rarest { get; }

    /// <summary>The expression with the most pictures, the first of equals; null where there is no label at all.</summary>
    public Emotion? Largest { get; }

    /// <summary>Pictures of <see cref="Largest"/> over those of <see cref="Rarest"/>, 1 or more; NaN where there is no label at all.</summary>
    public double Ratio { get; }

    /// <summary>The share that each expression would have if all that occur had as many pictures; NaN where there is no label at all.</summary>
    public double EvenShare => Present.Count == 0 ? double.NaN : 1.0 / Present.Count;

    /// <summary>
    /// Weights that give every class that occurs the same weight in all: <c>n / (k n_c)</c> with n pictures, k classes that occur and n_c pictures of
    /// the class, as scikit-learn's <c>compute_class_weight('balanced')</c>. Eight values in the order of <see cref="Emotion"/>; 0 for a class that does not occur.
    /// </summary>
    public IReadOnlyList<double> BalancedWeights => [.. _counts.Select(count => count == 0 ? 0 : (double)Total / ((double)Present.Count * count))];

    /// <summary>Number of pictures of an expression.</summary>
    /// <param name="emotion">The expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public int this[Emotion emotion] => emotion <= Emotion.Contempt
        ? _counts[(int)emotion]
        : throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "Not a defined expression.");

    /// <summary>Counts the labels of a data set; pictures without one do not count.</summary>
    /// <param name="dataset">The data set.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    public static ClassBalance Of(FaceDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Span<int> counts = stackalloc int[EmotionScores.Count];
        foreach (FaceSample sample in dataset.Samples)
        {
            if (sample.Label is { } label)
            {
                counts[(int)label]++;
            }
        }

        return new ClassBalance(counts);
    }

    /// <summary>Share of an expression among the pictures with a label, 0 to 1; NaN where there is no label at all.</summary>
    /// <param name="emotion">The expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public double ShareOf(Emotion emotion) => (double)this[emotion] / Total;

    /// <summary>Whether an expression occurs, but with less than <see cref="EvenShare"/>. A claim that a class is under-represented is false where this is false.</summary>
    /// <param name="emotion">The expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public bool IsBelowEvenShare(Emotion emotion) => this[emotion] > 0 && (long)this[emotion] * Present.Count < Total;

    /// <summary>The weight of each of some labels by <see cref="BalancedWeights"/>: what a trainer multiplies each picture's loss with. Over the data set that was counted their mean is 1.</summary>
    /// <param name="labels">The labels.</param>
    /// <returns>A weight for each, in a new array; 0 for a class that was not counted.</returns>
    /// <exception cref="ArgumentException">A label is no defined expression.</exception>
    public float[] WeightsOf(ReadOnlySpan<Emotion> labels)
    {
        IReadOnlyList<double> weights = BalancedWeights;
        var result = new float[labels.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = labels[i] <= Emotion.Contempt
                ? (float)weights[(int)labels[i]]
                : throw new ArgumentException($"Label {i} is {labels[i]}, no defined expression.", nameof(labels));
        }

        return result;
    }

    internal static ClassBalance Sum(IEnumerable<ClassBalance> parts)
    {
        int[] counts = new int[EmotionScores.Count];
        foreach (ClassBalance part in parts)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] = checked(counts[i] + part._counts[i]);
            }
        }

        return new ClassBalance(counts);
    }
}
