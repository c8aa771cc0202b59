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

/// <summary>One backbone with three outputs.</summary>
internal sealed class ExpressionNetwork : Module<Tensor, NetworkOutput>
{
    public const int ConsensusClasses = EmotionScores.Count;
    public const int Fer2013Classes = 7;

    private static readonly long[] Space = [2, 3];

    private readonly Sequential backbone;
    private readonly Module<Tensor, Tensor> dropout;
    private readonly Linear consensus;
    private readonly Linear fer2013;

    public ExpressionNetwork(NetworkSpec spec)
        : base(nameof(ExpressionNetwork))
    {
        var layers = new List<Module<Tensor, Tensor>> { new Standardise(), new ConvNorm(1, spec.StemChannels, spec.StemKernel, stride: 2) };
        for (int i = 0; i < spec.StemDepth; i++)
        {
            layers.Add(new ConvNorm(spec.StemChannels, spec.StemChannels, 3));
        }

        int channels = spec.StemChannels;
        foreach (StageSpec stage in spec.Stages)
        {
            for (int block = 0; block < stage.Blocks; block++)
            {
                layers.Add(new ResidualBlock(channels, stage.Channels, spec.SqueezeRatio, halve: block == 0));
                channels = stage.Channels;
            }
        }

        layers.Add(new ConvNorm(channels, spec.Embedding, 1));
        backbone = Sequential(layers);
        dropout = Dropout(spec.Dropout);
        consensus = Linear(spec.Embedding, ConsensusClasses);
        fer2013 = Linear(spec.Embedding, Fer2013Classes);
        RegisterComponents();
        Initialise();
    }

    public override NetworkOutput forward(Tensor input)
    {
        Tensor embedding = backbone.forward(input).mean(Space);
        Tensor dropped = dropout.forward(embedding);
        return new NetworkOutput(consensus.forward(dropped), fer2013.forward(dropped), embedding);
    }

    /// <summary>He's initialisation for the convolutions; small heads, so that the first steps are calm.</summary>
    private void Initialise()
    {
        using IDisposable scope = no_grad();
        foreach ((string name, Parameter parameter) in named_parameters())
        {
            if (parameter.dim() == 4)
            {
                init.kaiming_normal_(parameter, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
            }
            else if (parameter.dim() == 2)
            {
                init.normal_(parameter, 0, 0.01);
            }
        }
    }
}
