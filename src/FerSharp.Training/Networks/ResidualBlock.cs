using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerSharp.Training;

/// <summary>Two 3x3 convolutions with squeeze-and-excitation beside a short cut.</summary>
internal sealed class ResidualBlock : Layer
{
    private readonly ConvNorm first;
    private readonly ConvNorm second;
    private readonly SqueezeExcite excite;
    private readonly ConvNorm? shortcut;
    private readonly bool _halve;

    public ResidualBlock(int inputs, int outputs, int squeezeRatio, bool halve)
        : base(nameof(ResidualBlock))
    {
        first = new ConvNorm(inputs, outputs, 3, halve ? 2 : 1);
        second = new ConvNorm(outputs, outputs, 3, rectify: false);
        excite = new SqueezeExcite(outputs, squeezeRatio);
        _halve = halve;
        shortcut = halve || inputs != outputs ? new ConvNorm(inputs, outputs, 1, rectify: false) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor output = excite.forward(second.forward(first.forward(input)));
        Tensor carried = _halve ? functional.avg_pool2d(input, 2) : input;
        return output.add_(shortcut is null ? carried : shortcut.forward(carried)).relu_();
    }

    public override string Write(ExportGraph graph, string input)
    {
        string output = excite.Write(graph, second.Write(graph, first.Write(graph, input)));
        string carried = _halve ? graph.AveragePool(input) : input;
        carried = shortcut is null ? carried : shortcut.Write(graph, carried);
        return graph.Point(graph.Node("Relu", graph.Node("Add", output, carried)));
    }
}

/// <summary>Squeeze-and-excitation: each channel is scaled by a factor in [0, 1] made from the means of all channels.</summary>
internal sealed class SqueezeExcite : Layer
{
    private static readonly long[] Space = [2, 3];

    private readonly Conv2d narrow;
    private readonly Conv2d widen;

    public SqueezeExcite(int channels, int ratio)
        : base(nameof(SqueezeExcite))
    {
        int middle = Math.Max(channels / ratio, 4);
        narrow = Conv2d(channels, middle, 1);
        widen = Conv2d(middle, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        input * widen.forward(narrow.forward(input.mean(Space, keepdim: true)).relu_()).sigmoid_();

    public override string Write(ExportGraph graph, string input)
    {
        string means = graph.Point(graph.Node("GlobalAveragePool", input));
        string narrowed = graph.Point(graph.Node("Relu", Write(graph, means, narrow)));
        string factors = graph.Point(graph.Node("Sigmoid", graph.Point(Write(graph, narrowed, widen))));
        return graph.Point(graph.Node("Mul", input, factors));
    }

    private static string Write(ExportGraph graph, string input, Conv2d conv) =>
        graph.Conv(input, ExportGraph.Values(conv.weight!), conv.weight!.shape, ExportGraph.Values(conv.bias!), stride: 1, padding: 0);
}
