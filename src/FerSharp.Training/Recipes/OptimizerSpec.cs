namespace FerSharp.Training;

/// <summary>How gradients become steps. Immutable, thread-safe.</summary>
public sealed record OptimizerSpec
{
    /// <summary>The rule.</summary>
    /// <value>Default <see cref="OptimizerKind.Sgd"/>.</value>
    public OptimizerKind Kind { get; init; }

    /// <summary>The highest learning rate.</summary>
    /// <value>Default 0.05, which suits SGD; 0.001 is usual for Adam.</value>
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>How much of the mean gradient is kept at each step: SGD's momentum, Adam's first decay.</summary>
    /// <value>Default 0.9.</value>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>How much of the mean squared gradient Adam keeps at each step.</summary>
    /// <value>Default 0.999.</value>
    public float SquareDecay { get; init; } = 0.999f;

    /// <summary>Decay of the weights of convolutions and dense layers, in proportion to the learning rate; biases and normalisation have none.</summary>
    /// <value>Default 0.0005.</value>
    public float WeightDecay { get; init; } = 5e-4f;

    /// <summary>Gradients whose norm over all weights is larger are scaled down to it; 0 never.</summary>
    /// <value>Default 0.</value>
    public float ClipNorm { get; init; }
}

/// <summary>A rule that makes steps of gradients.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with Nesterov's momentum (Sutskever et al., 2013).</summary>
    Sgd = 0,

    /// <summary>Adam (Kingma, Ba, 2015), with the weights' decay apart from the gradient (Loshchilov, Hutter, 2019).</summary>
    Adam = 1,
}

/// <summary>How the learning rate changes: a linear warm-up, then one of the kinds. Immutable, thread-safe.</summary>
public sealed record ScheduleSpec
{
    /// <summary>What comes after the warm-up.</summary>
    /// <value>Default <see cref="ScheduleKind.Cosine"/>.</value>
    public ScheduleKind Kind { get; init; }

    /// <summary>Epochs of warm-up.</summary>
    /// <value>Default 2.</value>
    public float WarmUpEpochs { get; init; } = 2;

    /// <summary>The last rate of a cosine, as a share of the highest.</summary>
    /// <value>Default 0.001.</value>
    public float FinalShare { get; init; } = 0.001f;

    /// <summary>Epochs without a better one after which a plateau lowers the rate.</summary>
    /// <value>Default 5.</value>
    public int Patience { get; init; } = 5;

    /// <summary>What a plateau multiplies the rate by.</summary>
    /// <value>Default 0.2.</value>
    public float Factor { get; init; } = 0.2f;
}

/// <summary>A way for the learning rate to change.</summary>
public enum ScheduleKind
{
    /// <summary>Falls as half a cosine (Loshchilov, Hutter, 2017).</summary>
    Cosine = 0,

    /// <summary>Falls by a factor whenever the monitored figure has not become better for some epochs.</summary>
    Plateau = 1,

    /// <summary>Stays.</summary>
    Constant = 2,
}
