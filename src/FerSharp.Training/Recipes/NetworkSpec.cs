using System.Text.Json.Serialization;

namespace FerSharp.Training;

/// <summary>The shape of an expression network: a gray face in; logits of two label sets and an embedding out.</summary>
/// <remarks>In JSON, <c>kind</c> comes first and says which shape it is: <c>residual</c> or <c>plain</c>. Immutable, thread-safe.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ResidualNetworkSpec), "residual")]
[JsonDerivedType(typeof(PlainNetworkSpec), "plain")]
public abstract record NetworkSpec
{
    private protected NetworkSpec()
    {
    }

    /// <summary>Side of the square input in pixels.</summary>
    /// <value>Default 48.</value>
    public int InputSize { get; init; } = 48;

    /// <summary>Size of the embedding, from which both outputs are made.</summary>
    /// <value>Default 256.</value>
    public int Embedding { get; init; } = 256;

    /// <summary>Share of the embedding that is dropped while training.</summary>
    /// <value>Default 0.3.</value>
    public float Dropout { get; init; } = 0.3f;

    /// <summary>Adds what is wrong with the shape to <paramref name="faults"/>.</summary>
    private protected virtual void Check(List<string> faults)
    {
        Positive(faults, InputSize, "inputSize");
        Positive(faults, Embedding, "embedding");
        if (!(Dropout is >= 0 and < 1))
        {
            faults.Add("network.dropout must be 0 or more and below 1.");
        }
    }

    internal void AddFaults(List<string> faults) => Check(faults);

    private protected static void Positive(List<string> faults, int value, string name)
    {
        if (value < 1)
        {
            faults.Add($"network.{name} is {value}; it must be at least 1.");
        }
    }
}

/// <summary>
/// A compact shape: a stem, stages of residual blocks of two 3x3 convolutions with squeeze-and-excitation (He et al., 2016; Hu et al., 2018),
/// a 1x1 convolution, and the mean over the picture. Works for every size that its strides divide.
/// </summary>
public sealed record ResidualNetworkSpec : NetworkSpec
{
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

    /// <summary>Squeeze-and-excitation narrows a block's channels by this.</summary>
    /// <value>Default 8.</value>
    public int SqueezeRatio { get; init; } = 8;

    private protected override void Check(List<string> faults)
    {
        base.Check(faults);
        Positive(faults, StemChannels, "stemChannels");
        Positive(faults, SqueezeRatio, "squeezeRatio");
        if (StemKernel < 1 || StemKernel % 2 == 0)
        {
            faults.Add($"network.stemKernel is {StemKernel}; it must be odd.");
        }

        StageSpec.AddFaults(Stages, faults);
        int step = 2 << Stages.Count;
        if (InputSize % step != 0)
        {
            faults.Add($"network.inputSize is {InputSize}; the stem and {Stages.Count} stages halve it, so it must be a multiple of {step}.");
        }
    }
}

/// <summary>
/// A plain shape: stages of 3x3 convolutions, each ended by a maximum over 2x2, then one dense layer whose rectified output is the embedding.
/// With stages of 64, 128, 256, 512, 512 channels and 2, 2, 3, 3, 3 convolutions, without normalisation, it is VGG16 (Simonyan, Zisserman, 2015).
/// </summary>
public sealed record PlainNetworkSpec : NetworkSpec
{
    /// <summary>The stages.</summary>
    public IReadOnlyList<StageSpec> Stages { get; init; } = [new(32, 1), new(64, 1), new(128, 1)];

    /// <summary>Whether each convolution is followed by batch normalisation.</summary>
    /// <value>Default true.</value>
    public bool Normalise { get; init; } = true;

    /// <summary>Whether the gray picture is given to three input channels, with ImageNet's mean and deviation, as networks for colour pictures want it.</summary>
    /// <value>Default false: one channel, each picture standardised by itself.</value>
    public bool ColourInput { get; init; }

    /// <summary>How many of the convolutions, counted from the input, are not trained.</summary>
    /// <value>Default 0.</value>
    public int FrozenConvolutions { get; init; }

    private protected override void Check(List<string> faults)
    {
        base.Check(faults);
        StageSpec.AddFaults(Stages, faults);
        int all = Stages.Sum(stage => stage.Blocks);
        if (FrozenConvolutions < 0 || FrozenConvolutions > all)
        {
            faults.Add($"network.frozenConvolutions is {FrozenConvolutions}; there are {all} convolutions.");
        }

        if (InputSize >> Stages.Count < 1)
        {
            faults.Add($"network.inputSize is {InputSize}; {Stages.Count} stages halve it to nothing.");
        }
    }
}

/// <summary>A part of a network at one resolution.</summary>
/// <param name="Channels">Channels of each block.</param>
/// <param name="Blocks">How many residual blocks, or convolutions.</param>
public sealed record StageSpec(int Channels, int Blocks)
{
    internal static void AddFaults(IReadOnlyList<StageSpec> stages, List<string> faults)
    {
        if (stages.Count is 0 or > 8 || stages.Any(stage => stage.Channels < 1 || stage.Blocks < 1))
        {
            faults.Add("network.stages must be 1 to 8 stages, each with at least one channel and one block.");
        }
    }
}
