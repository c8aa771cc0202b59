namespace FerSharp;

/// <summary>How a classifier's output is read.</summary>
public sealed record ClassifierOutputSpec
{
    /// <summary>The output's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>What the output's numbers are.</summary>
    public required OutputActivation Activation { get; init; }

    /// <summary>The expression of each output in the model's own order; null where an output is to be ignored.</summary>
    public required IReadOnlyList<Emotion?> Labels { get; init; }

    /// <summary>
    /// Divides the logits before softmax (temperature scaling: Guo et al., On Calibration of Modern Neural Networks, 2017), fitted on validation
    /// data; above 1 softens. Default 1.
    /// </summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Output index of valence (-1 to 1), where the model gives it. Such an index has no label.</summary>
    public int? ValenceIndex { get; init; }

    /// <summary>Output index of arousal (-1 to 1), where the model gives it. Such an index has no label.</summary>
    public int? ArousalIndex { get; init; }

    /// <summary>Name of the output that holds a face's features, for transfer learning; null where the graph has none.</summary>
    public string? Embedding { get; init; }

    /// <summary>The expressions among <see cref="Labels"/>.</summary>
    public EmotionSet Emotions => new([.. Labels.Where(label => label.HasValue).Select(label => label!.Value)]);
}

/// <summary>What a classifier's output numbers are.</summary>
public enum OutputActivation
{
    /// <summary>Any real numbers; softmax makes them probabilities.</summary>
    Logits = 1,

    /// <summary>Logarithms of probabilities.</summary>
    LogProbabilities = 2,

    /// <summary>Probabilities.</summary>
    Probabilities = 3,
}

/// <summary>How a detector's output is read.</summary>
public sealed record DetectorOutputSpec
{
    /// <summary>The decoder's name; a backend documents those it has.</summary>
    public required string Decoder { get; init; }

    /// <summary>The graph's outputs in the order that the decoder documents.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Faces with a lower score are dropped, 0 to 1. Default 0.5.</summary>
    public float ScoreThreshold { get; init; } = 0.5f;

    /// <summary>Of two boxes that overlap by more than this intersection over union, the lower-scored is dropped. Default 0.4.</summary>
    public float NmsThreshold { get; init; } = 0.4f;

    /// <summary>Cell sizes of the output levels in tensor pixels, in the order of the outputs; empty where the decoder needs none.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [];

    /// <summary>Anchor sizes in tensor pixels for each stride; empty where the decoder needs none.</summary>
    public IReadOnlyList<IReadOnlyList<float>> AnchorSizes { get; init; } = [];

    /// <summary>Variances of centre and size (Liu et al., SSD, 2016). Default 0.1 and 0.2.</summary>
    public IReadOnlyList<float> Variances { get; init; } = [0.1f, 0.2f];

    /// <summary>
    /// The shorter side, in tensor pixels, from which the network finds faces reliably; the input size for a smallest face follows from it.
    /// Default 20.
    /// </summary>
    public float ReliableFaceSize { get; init; } = 20;
}
