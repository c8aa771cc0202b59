using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerSharp.Training;

/// <summary>A part of a network: it computes in torch, and writes what it computes into an ONNX graph.</summary>
internal abstract class Layer(string name) : Module<Tensor, Tensor>(name)
{
    /// <summary>Writes the layer as it computes in validation; returns the output's name.</summary>
    public abstract string Write(ExportGraph graph, string input);
}

/// <summary>Layers one after the other.</summary>
internal sealed class LayerSequence : Layer
{
    private readonly ModuleList<Layer> layers;

    public LayerSequence(IEnumerable<Layer> parts)
        : base(nameof(LayerSequence))
    {
        layers = new ModuleList<Layer>([.. parts]);
        RegisterComponents();
    }

    public IEnumerable<Layer> Layers => layers;

    public override Tensor forward(Tensor input)
    {
        foreach (Layer layer in layers)
        {
            input = layer.forward(input);
        }

        return input;
    }

    public override string Write(ExportGraph graph, string input)
    {
        foreach (Layer layer in layers)
        {
            input = layer.Write(graph, input);
        }

        return input;
    }
}

/// <summary>Makes every picture's mean 0 and its deviation nearly 1, so that exposure does not matter: (x - mean) / (deviation + 8).</summary>
/// <remarks>The 8 gray levels keep the noise of nearly flat pictures from being blown up.</remarks>
internal sealed class Standardise() : Layer(nameof(Standardise))
{
    private const float Floor = 8;

    private static readonly long[] Pixels = [1, 2, 3];

    public override Tensor forward(Tensor input)
    {
        Tensor centred = input - input.mean(Pixels, keepdim: true);
        return centred / (centred.square().mean(Pixels, keepdim: true).sqrt() + Floor);
    }

    public override string Write(ExportGraph graph, string input)
    {
        string centred = graph.Node("Sub", input, graph.MeanOf(input, 1, 2, 3));
        string variance = graph.MeanOf(graph.Node("Mul", centred, centred), 1, 2, 3);
        return graph.Point(graph.Node("Div", centred, graph.Node("Add", graph.Node("Sqrt", variance), graph.Scalar(Floor))));
    }
}

/// <summary>Gives a gray picture to three channels with the mean and deviation of ImageNet's colours, as networks for colour pictures want it.</summary>
internal sealed class GrayToColour : Layer
{
    private static readonly float[] Mean = [123.675f, 116.28f, 103.53f], Deviation = [58.395f, 57.12f, 57.375f];

    private readonly Tensor scale = tensor(Array.ConvertAll(Deviation, d => 1 / d), [1, 3, 1, 1]);
    private readonly Tensor offset = tensor([.. Mean.Zip(Deviation, (m, d) => -m / d)], [1, 3, 1, 1]);

    public GrayToColour()
        : base(nameof(GrayToColour))
    {
        register_buffer(nameof(scale), scale, persistent: false);
        register_buffer(nameof(offset), offset, persistent: false);
    }

    public override Tensor forward(Tensor input) => (input * scale) + offset;

    public override string Write(ExportGraph graph, string input) =>
        graph.Point(graph.Node("Add", graph.Node("Mul", input, graph.Constant("scale", scale)), graph.Constant("offset", offset)));
}

/// <summary>Convolution with batch normalisation, or else with a bias; and a rectifier where asked for.</summary>
internal sealed class ConvNorm : Layer
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d? norm;
    private readonly int _stride;
    private readonly bool _rectify;

    public ConvNorm(int inputs, int outputs, int kernel, int stride = 1, bool rectify = true, bool normalise = true, int groups = 1)
        : base(nameof(ConvNorm))
    {
        conv = Conv2d(inputs, outputs, kernel, stride, kernel / 2, groups: groups, bias: !normalise);
        norm = normalise ? BatchNorm2d(outputs) : null;
        _stride = stride;
        _rectify = rectify;
        RegisterComponents();
    }

    public Conv2d Convolution => conv;

    public override Tensor forward(Tensor input)
    {
        Tensor output = conv.forward(input);
        output = norm is null ? output : norm.forward(output);
        return _rectify ? output.relu_() : output;
    }

    public override string Write(ExportGraph graph, string input)
    {
        float[] weights = ExportGraph.Values(conv.weight!);
        float[] bias = conv.bias is null ? new float[conv.out_channels] : ExportGraph.Values(conv.bias);
        if (norm is not null)
        {
            Fold(weights, bias);
        }

        string output = graph.Conv(input, weights, conv.weight!.shape, bias, _stride, (int)conv.weight.shape[2] / 2, (int)conv.groups);
        return graph.Point(_rectify ? graph.Node("Relu", output) : output);
    }

    /// <summary>Puts the normalisation, which is linear once its statistics are fixed, into weights and bias.</summary>
    private void Fold(float[] weights, float[] bias)
    {
        float[] mean = ExportGraph.Values(norm!.running_mean!), variance = ExportGraph.Values(norm.running_var!);
        float[] gain = ExportGraph.Values(norm.weight!), shift = ExportGraph.Values(norm.bias!);
        int each = weights.Length / bias.Length;
        for (int channel = 0; channel < bias.Length; channel++)
        {
            double factor = gain[channel] / Math.Sqrt(variance[channel] + norm.eps);
            bias[channel] = (float)(shift[channel] + ((bias[channel] - mean[channel]) * factor));
            foreach (ref float weight in weights.AsSpan(channel * each, each))
            {
                weight = (float)(weight * factor);
            }
        }
    }
}

/// <summary>The maximum over 2x2.</summary>
internal sealed class HalvingMaximum() : Layer(nameof(HalvingMaximum))
{
    public override Tensor forward(Tensor input) => functional.max_pool2d(input, 2);

    // The values stay among those of the input, so its scale fits.
    public override string Write(ExportGraph graph, string input) => graph.MaxPool(input);
}

/// <summary>The mean over the picture: [N, C, H, W] to [N, C].</summary>
internal sealed class PictureMean() : Layer(nameof(PictureMean))
{
    private static readonly long[] Space = [2, 3];

    public override Tensor forward(Tensor input) => input.mean(Space);

    public override string Write(ExportGraph graph, string input) => graph.Node("Flatten", graph.Node("GlobalAveragePool", input));
}

/// <summary>All values in one row, a dense layer, and a rectifier.</summary>
internal sealed class DenseLayer : Layer
{
    private readonly Linear dense;

    public DenseLayer(int inputs, int outputs)
        : base(nameof(DenseLayer))
    {
        dense = Linear(inputs, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => dense.forward(input.flatten(1)).relu_();

    public override string Write(ExportGraph graph, string input) => graph.Node("Relu", graph.Dense(graph.Node("Flatten", input), dense));
}
