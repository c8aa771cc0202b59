using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>A depthwise convolution, then one over the channels (Howard et al., 2017), with a short cut where the shapes allow it.</summary>
/// <remarks>Normalised and rectified once, at the end, as YuNet's units are (Wu, Peng, Yu, 2023): on processors these cost as much as a convolution.</remarks>
internal sealed class DepthwiseBlock : Layer
{
    private readonly ConvNorm depthwise;
    private readonly ConvNorm pointwise;
    private readonly bool _carries;

    public DepthwiseBlock(int inputs, int outputs, int kernel, int stride = 1)
        : base(nameof(DepthwiseBlock))
    {
        depthwise = new ConvNorm(inputs, inputs, kernel, stride, rectify: false, normalise: false, groups: inputs);
        pointwise = new ConvNorm(inputs, outputs, 1, rectify: false);
        _carries = stride == 1 && inputs == outputs;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor output = pointwise.forward(depthwise.forward(input));
        return (_carries ? output.add_(input) : output).relu_();
    }

    public override string Write(ExportGraph graph, string input)
    {
        string output = pointwise.Write(graph, depthwise.Write(graph, input));
        return graph.Point(graph.Node("Relu", _carries ? graph.Node("Add", output, input) : output));
    }
}
