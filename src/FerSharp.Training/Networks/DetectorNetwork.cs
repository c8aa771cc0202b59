using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerSharp.Training;

/// <summary>
/// Finds faces without anchors: each cell of three grids, 8, 16 and 32 pixels wide, gives a score, a box and five points. A backbone of depthwise
/// blocks, and a neck that hands coarse features down to the finer grids (Lin et al., 2017).
/// </summary>
internal sealed class DetectorNetwork : Module<Tensor, Tensor>
{
    /// <summary>Values of a cell: score, centre x and y, logarithms of width and height, five points; as the decoder <c>cells</c> reads them.</summary>
    public const int Values = 15;

    /// <summary>Share of the cells that have a face, as the untrained network says (Lin et al., 2017, focal loss): calm first steps.</summary>
    private const double FirstScore = 0.01;

    /// <summary>A box of the untrained network, in cells.</summary>
    private const double FirstSize = 2.5;

    private readonly LayerSequence stem;
    private readonly ModuleList<Layer> stages;
    private readonly ModuleList<Layer> laterals;
    private readonly ModuleList<Layer> necks;
    private readonly ModuleList<Layer> heads;
    private readonly ModuleList<Conv2d> outputs;

    public DetectorNetwork(DetectorNetworkSpec spec, long seed = 0)
        : base(nameof(DetectorNetwork))
    {
        int width = spec.NeckChannels, first = spec.Stages.Count - Strides.Count;
        int channels = spec.StemChannels;
        stem = new LayerSequence([new ConvNorm(3, channels, 3, stride: 2), .. Stage(ref channels, spec.Stages.Take(first), kernel: 3)]);
        var parts = new List<Layer>();
        foreach ((StageSpec stage, int stride) in spec.Stages.Skip(first).Zip(Strides))
        {
            parts.Add(new LayerSequence(Stage(ref channels, [stage], KernelAt(stride))));
        }

        stages = new ModuleList<Layer>([.. parts]);
        laterals = new ModuleList<Layer>([.. spec.Stages.Skip(first).Select(stage => (Layer)new ConvNorm(stage.Channels, width, 1))]);
        necks = new ModuleList<Layer>([.. Strides.Select(stride => (Layer)new DepthwiseBlock(width, width, KernelAt(stride)))]);
        heads = new ModuleList<Layer>([.. Strides.Select(stride => (Layer)new LayerSequence(Enumerable.Range(0, spec.HeadBlocks).Select(_ => new DepthwiseBlock(width, width, KernelAt(stride)))))]);
        outputs = new ModuleList<Conv2d>([.. Strides.Select(_ => Conv2d(width, Values, 1))]);
        RegisterComponents();
        Initialise(seed);
        NetworkStart.LayOut(this);
    }

    /// <summary>Widths of the grids' cells in pixels; a picture's sides are multiples of the last.</summary>
    public static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    /// <summary>Cells of a picture, over all grids.</summary>
    public static int CellsOf(int side) => Strides.Sum(stride => side / stride * (side / stride));

    /// <summary>[N, 3, S, S] to [N, cells, 15], grid by grid, row by row; the score is a logit.</summary>
    public override Tensor forward(Tensor input)
    {
        var features = new Tensor[Strides.Count];
        Tensor carried = stem.forward(input);
        for (int i = 0; i < features.Length; i++)
        {
            carried = stages[i].forward(carried);
            features[i] = laterals[i].forward(carried);
        }

        for (int i = features.Length - 2; i >= 0; i--)
        {
            features[i] = features[i] + functional.interpolate(features[i + 1], scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        }

        return cat([.. features.Select((feature, i) =>
            outputs[i].forward(heads[i].forward(necks[i].forward(feature))).permute(0, 2, 3, 1).flatten(1, 2))], 1);
    }

    /// <summary>Writes the network with one output [N, cells, 15], whose score is a probability. Sides stay open.</summary>
    public void Write(ExportGraph graph, string input, string outputName)
    {
        var features = new string[Strides.Count];
        string carried = stem.Write(graph, input);
        for (int i = 0; i < features.Length; i++)
        {
            carried = stages[i].Write(graph, carried);
            features[i] = laterals[i].Write(graph, carried);
        }

        for (int i = features.Length - 2; i >= 0; i--)
        {
            features[i] = graph.Point(graph.Node("Add", features[i], graph.Double(features[i + 1])));
        }

        var rows = new string[Strides.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            string feature = heads[i].Write(graph, necks[i].Write(graph, features[i]));
            float[] weights = ExportGraph.Values(outputs[i].weight!), bias = ExportGraph.Values(outputs[i].bias!);
            int inputs = weights.Length / Values;
            string score = graph.Node("Sigmoid", graph.Conv(feature, weights[..inputs], [1, inputs, 1, 1], bias[..1], stride: 1, padding: 0));
            string rest = graph.Conv(feature, weights[inputs..], [Values - 1, inputs, 1, 1], bias[1..], stride: 1, padding: 0);
            rows[i] = graph.Rows(graph.Join(1, score, rest), Values);
        }

        graph.Output(outputName, graph.Join(1, rows), "N", "cells", Values);
    }

    // Coarse grids see large faces; a wider kernel costs little there.
    private static int KernelAt(int stride) => stride > 8 ? 5 : 3;

    private static List<Layer> Stage(ref int channels, IEnumerable<StageSpec> specs, int kernel)
    {
        var blocks = new List<Layer>();
        foreach (StageSpec spec in specs)
        {
            for (int block = 0; block < spec.Blocks; block++)
            {
                blocks.Add(new DepthwiseBlock(channels, spec.Channels, kernel, stride: block == 0 ? 2 : 1));
                channels = spec.Channels;
            }
        }

        return blocks;
    }

    /// <summary>He's initialisation (He et al., 2015); small outputs, whose biases say that most cells have no face.</summary>
    private void Initialise(long seed)
    {
        using IDisposable scope = no_grad();
        int number = 0;
        foreach ((string name, Parameter parameter) in named_parameters())
        {
            number++;
            bool last = name.StartsWith(nameof(outputs), StringComparison.Ordinal);
            if (parameter.dim() == 4)
            {
                // A depthwise convolution is followed by no rectifier.
                float gain = parameter.shape[1] == 1 ? 1 : 2, fan = parameter.numel() / parameter.shape[0];
                NetworkStart.Draw(parameter, last ? 0.01f : MathF.Sqrt(gain / fan), new RandomSource(seed, number, -3));
            }
            else if (name.EndsWith(".bias", StringComparison.Ordinal))
            {
                parameter.zero_();
                if (last)
                {
                    parameter[0].fill_(-Math.Log((1 - FirstScore) / FirstScore));
                    parameter[3].fill_(Math.Log(FirstSize));
                    parameter[4].fill_(Math.Log(FirstSize));
                }
            }
        }
    }
}
