namespace FerSharp.MLNet;

/// <summary>How a head is trained. Read once, when the training begins.</summary>
public sealed class HeadTrainingOptions
{
    /// <summary>The head's id, for its manifest.</summary>
    /// <value>Default <c>emotion-head</c>.</value>
    public string Id { get; set; } = "emotion-head";

    /// <summary>The head's version, for its manifest.</summary>
    /// <value>Default <c>1.0.0</c>.</value>
    public string Version { get; set; } = "1.0.0";

    /// <summary>Terms of the head, for its manifest. They depend on your pictures and on the features' network.</summary>
    /// <value>Default <c>unknown</c>, commercial use unclear.</value>
    public ModelLicense License { get; set; } = new("unknown", CommercialUse.Unclear);

    /// <summary>What it was trained on, for its manifest.</summary>
    /// <value>Default null.</value>
    public string? TrainedOn { get; set; }

    /// <summary>
    /// What labels mean, where they are not the nouns of <see cref="Emotion"/>: several may mean the same expression, and null leaves a label's
    /// faces out. A label that is neither here nor such a noun is refused.
    /// </summary>
    /// <value>Default null: nouns alone.</value>
    public IReadOnlyDictionary<string, Emotion?>? LabelMap { get; set; }

    /// <summary>What to try; each with a few settings. The best by <see cref="Metric"/> on the folds is taken.</summary>
    /// <value>Default all but <see cref="HeadAlgorithm.NearestNeighbors"/>, whose file holds a row for each face that it was trained on.</value>
    public IReadOnlyList<HeadAlgorithm> Algorithms { get; set; } = [HeadAlgorithm.MaximumEntropyLbfgs, HeadAlgorithm.MaximumEntropySdca, HeadAlgorithm.LightGbm];

    /// <summary>What "best" means.</summary>
    /// <value>Default macro F1, which counts rare expressions as much as common ones.</value>
    public HeadMetric Metric { get; set; } = HeadMetric.MacroF1;

    /// <summary>Parts of the cross-validation, 2 to 20. Every expression must be in at least two.</summary>
    /// <value>Default 5.</value>
    public int Folds { get; set; } = 5;

    /// <summary>
    /// How much rare expressions are raised, 0 to 1: a face of class c weighs <c>(N / (K n_c)) ^ ClassBalance</c>. 0 counts every face the same;
    /// 1 counts every class the same, which finds more of the rare ones at the cost of accuracy and of calibration.
    /// </summary>
    /// <value>Default 0.</value>
    public float ClassBalance { get; set; }

    /// <summary>Seed of the folds and the trainers. The same seed and rows give the same head on the same machine.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Throws where something is out of range; all faults are listed.</summary>
    internal void ThrowIfInvalid()
    {
        var faults = new List<string>();
        foreach ((string name, string value) in new[] { (nameof(Id), Id), (nameof(Version), Version), (nameof(License), License?.Name!) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                faults.Add($"{name} is empty.");
            }
        }

        if (Algorithms is not { Count: > 0 } || Algorithms.Any(algorithm => !Enum.IsDefined(algorithm)))
        {
            faults.Add($"{nameof(Algorithms)} must name one or more of {string.Join(", ", Enum.GetNames<HeadAlgorithm>())}.");
        }

        if (!Enum.IsDefined(Metric))
        {
            faults.Add($"{nameof(Metric)} must be one of {string.Join(", ", Enum.GetNames<HeadMetric>())}.");
        }

        if (Folds is < 2 or > 20)
        {
            faults.Add($"{nameof(Folds)} is {Folds}; it must be from 2 to 20.");
        }

        if (!(ClassBalance is >= 0 and <= 1))
        {
            faults.Add(FormattableString.Invariant($"{nameof(ClassBalance)} is {ClassBalance}; it must be from 0 to 1."));
        }

        if (LabelMap?.Values.Any(emotion => emotion > Emotion.Contempt) == true)
        {
            faults.Add($"{nameof(LabelMap)} maps a label to a number that is no expression.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"{nameof(HeadTrainingOptions)}: {string.Join(" ", faults)}");
        }
    }
}

/// <summary>What a head can be trained with.</summary>
public enum HeadAlgorithm
{
    /// <summary>Multinomial logistic regression, by L-BFGS: the safe choice over an embedding.</summary>
    MaximumEntropyLbfgs = 1,

    /// <summary>Multinomial logistic regression, by stochastic dual coordinate ascent.</summary>
    MaximumEntropySdca = 2,

    /// <summary>Gradient-boosted trees, with an early stop.</summary>
    LightGbm = 3,

    /// <summary>
    /// The nearest of the trained faces vote (<see cref="Features.NearestNeighborClassifier"/>): nothing to fit, but each prediction looks at
    /// all of them, and the head's file holds their features. Treat it as you treat the pictures.
    /// </summary>
    NearestNeighbors = 4,
}

/// <summary>What a head is chosen by.</summary>
public enum HeadMetric
{
    /// <summary>The mean of the expressions' F1.</summary>
    MacroF1 = 1,

    /// <summary>The share of right answers.</summary>
    Accuracy = 2,
}

/// <summary>How far a training is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Steps of the stage that are done.</param>
/// <param name="Total">Steps of the stage; null where it is not known.</param>
public readonly record struct HeadTrainingProgress(HeadTrainingStage Stage, int Done, int? Total);

/// <summary>What a training does, in this order.</summary>
public enum HeadTrainingStage
{
    /// <summary>Faces are described; steps are faces.</summary>
    Features = 1,

    /// <summary>Settings are tried on the folds; steps are trainings.</summary>
    CrossValidation = 2,

    /// <summary>The best is trained on all rows; one step.</summary>
    Final = 3,
}
