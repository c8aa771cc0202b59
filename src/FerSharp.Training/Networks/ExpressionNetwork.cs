using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerSharp.Training;

/// <summary>What the network says about a batch.</summary>
/// <param name="Consensus">[N, 8] logits of FER+'s votes, in the order of <see cref="Emotion"/>.</param>
/// <param name="Fer2013">[N, 7] logits of FER-2013's labels, in their own order.</param>
/// <param name="Embedding">[N, E] what both are made from.</param>
internal readonly record struct NetworkOutput(Tensor Consensus, Tensor Fer2013, Tensor Embedding);

/// <summary>One backbone with three outputs. The label sets disagree too often to share one output.</summary>
internal sealed class ExpressionNetwork : Module<Tensor, NetworkOutput>
{
    public const int ConsensusClasses = EmotionScores.Count;
    public const int Fer2013Classes = 7;

    private readonly LayerSequence backbone;
    private readonly Linear consensus;
    private readonly Linear fer2013;

    public ExpressionNetwork(NetworkSpec spec, long seed = 0)
        : base(nameof(ExpressionNetwork))
    {
        backbone = new LayerSequence(spec switch
        {
            ResidualNetworkSpec residual => Residual(residual),
            PlainNetworkSpec plain => Plain(plain),
            _ => throw new ArgumentException($"There is no network for {spec.GetType().Name}.", nameof(spec)),
        });
        consensus = Linear(spec.Embedding, ConsensusClasses);
        fer2013 = Linear(spec.Embedding, Fer2013Classes);
        Embedding = spec.Embedding;
        RegisterComponents();
        Initialise(seed);
        NetworkStart.LayOut(this);
    }

    public int Embedding { get; }

    /// <summary>The convolutions of the backbone, from the input on.</summary>
    public IEnumerable<Conv2d> Convolutions => backbone.Layers.OfType<ConvNorm>().Select(layer => layer.Convolution);

    public override NetworkOutput forward(Tensor input) => Answer(backbone.forward(input), kept: null);

    /// <summary>The outputs while training: each value of the embedding is multiplied by its factor, 0 where it is dropped.</summary>
    public NetworkOutput Forward(Tensor input, Tensor kept) => Answer(backbone.forward(input), kept);

    /// <summary>Writes the network with its three outputs.</summary>
    public void Write(ExportGraph graph, string input)
    {
        string embedding = backbone.Write(graph, input);
        graph.Output(OutputNames.Consensus, graph.Dense(embedding, consensus), ConsensusClasses);
        graph.Output(OutputNames.Fer2013, graph.Dense(embedding, fer2013), Fer2013Classes);
        graph.Output(OutputNames.Embedding, embedding, Embedding);
    }

    private static IEnumerable<Layer> Residual(ResidualNetworkSpec spec)
    {
        yield return new Standardise();
        yield return new ConvNorm(1, spec.StemChannels, spec.StemKernel, stride: 2);
        for (int i = 0; i < spec.StemDepth; i++)
        {
            yield return new ConvNorm(spec.StemChannels, spec.StemChannels, 3);
        }

        int channels = spec.StemChannels;
        foreach (StageSpec stage in spec.Stages)
        {
            for (int block = 0; block < stage.Blocks; block++)
            {
                yield return new ResidualBlock(channels, stage.Channels, spec.SqueezeRatio, halve: block == 0);
                channels = stage.Channels;
            }
        }

        yield return new ConvNorm(channels, spec.Embedding, 1);
        yield return new PictureMean();
    }

    private static IEnumerable<Layer> Plain(PlainNetworkSpec spec)
    {
        yield return spec.ColourInput ? new GrayToColour() : new Standardise();
        int channels = spec.ColourInput ? 3 : 1, side = spec.InputSize;
        foreach (StageSpec stage in spec.Stages)
        {
            for (int i = 0; i < stage.Blocks; i++)
            {
                yield return new ConvNorm(channels, stage.Channels, 3, normalise: spec.Normalise);
                channels = stage.Channels;
            }

            yield return new HalvingMaximum();
            side /= 2;
        }

        yield return new DenseLayer(channels * side * side, spec.Embedding);
    }

    private NetworkOutput Answer(Tensor embedding, Tensor? kept)
    {
        Tensor features = kept is null ? embedding : embedding * kept;
        return new NetworkOutput(consensus.forward(features), fer2013.forward(features), embedding);
    }

    /// <summary>
    /// He's initialisation for convolutions and dense layers (He et al., 2015); small heads, so that the first steps are calm. From our own random
    /// numbers: torch's generator is shared by the whole process.
    /// </summary>
    private void Initialise(long seed)
    {
        using IDisposable scope = no_grad();
        int number = 0;
        foreach ((string name, Parameter parameter) in named_parameters())
        {
            number++;
            if (parameter.dim() > 1)
            {
                // Per output for a convolution, so that gradients keep their size; per input for a dense layer.
                long fan = parameter.numel() / parameter.shape[parameter.dim() == 4 ? 1 : 0];
                float deviation = name.StartsWith(nameof(backbone), StringComparison.Ordinal) ? MathF.Sqrt(2f / fan) : 0.01f;
                NetworkStart.Draw(parameter, deviation, new RandomSource(seed, number, -3));
            }
            else if (name.EndsWith(".bias", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
        }
    }
}

/// <summary>The outputs' names in the exported graph.</summary>
internal static class OutputNames
{
    public const string Consensus = "logits_consensus";
    public const string Fer2013 = "logits_fer2013";
    public const string Embedding = "embedding";
}
