namespace FerSharp.Training;

/// <summary>The shape of a compact expression network: gray face in; logits of two label sets and an embedding out.</summary>
/// <remarks>
/// A stem, stages of residual blocks of two 3x3 convolutions with squeeze-and-excitation (He et al., 2016; Hu et al., 2018), a 1x1
/// convolution, and the mean over the picture. Immutable, thread-safe.
/// </remarks>
public sealed record NetworkSpec
{
    /// <summary>Side of the square input in pixels.</summary>
    /// <value>Default 48.</value>
    public int InputSize { get; init; } = 48;

    /// <summary>Channels of the stem: a convolution with stride 2, then <see cref="StemDepth"/> of stride 1.</summary>
    /// <value>Default 32.</value>
    public int StemChannels { get; init; } = 32;

    /// <summary>Side of the first convolution's kernel; odd.</summary>
    /// <value>Default 5.</value>
    public int StemKernel { get; init; } = 5;

    /// <summary>3x3 convolutions in the stem after the first.</summary>
    /// <value>Default 1.</value>
    public int StemDepth { get; init; } = 1;

    /// <summary>The stages. The first block of a stage halves the resolution.</summary>
    /// <value>Default two stages of two blocks, with 64 and 128 channels.</value>
    public IReadOnlyList<StageSpec> Stages { get; init; } = [new(64, 2), new(128, 2)];

    /// <summary>Size of the embedding.</summary>
    /// <value>Default 256.</value>
    public int Embedding { get; init; } = 256;

    /// <summary>Squeeze-and-excitation narrows a block's channels by this.</summary>
    /// <value>Default 8.</value>
    public int SqueezeRatio { get; init; } = 8;

    /// <summary>Share of the embedding that is dropped while training.</summary>
    /// <value>Default 0.3.</value>
    public float Dropout { get; init; } = 0.3f;
}

/// <summary>A stage of residual blocks.</summary>
/// <param name="Channels">Channels of each block.</param>
/// <param name="Blocks">How many blocks.</param>
public sealed record StageSpec(int Channels, int Blocks);
