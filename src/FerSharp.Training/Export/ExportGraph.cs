using FerSharp.Graphs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>Range of the values at one point of a network, over calibration pictures.</summary>
internal readonly record struct ValueRange(float Low, float High);

/// <summary>An ONNX graph in the making: in floats, or, where the ranges of its points are known, quantised to 8 bits.</summary>
/// <remarks>
/// Layers mark the values between them as points, always in the same order. A graph in floats lists the points' names, so that their ranges can
/// be measured; a quantised graph puts QuantizeLinear and DequantizeLinear at each point and at each convolution's weights, which ONNX Runtime
/// turns into integer operations.
/// </remarks>
internal sealed class ExportGraph(string name, IReadOnlyList<ValueRange>? ranges = null)
{
    // Seven bits: the 8-bit multiply-add of processors without VNNI adds pairs in 16 bits and would saturate.
    private const int WeightLimit = 63;

    // A range of nothing has a scale too.
    private const float SmallestScale = 1e-12f;

    private readonly OnnxWriter _writer = new(name);
    private readonly List<string> _points = [];
    private readonly Dictionary<string, (float Scale, byte Zero)> _scales = [];

    /// <summary>The values that layers marked, in order.</summary>
    public IReadOnlyList<string> Points => _points;

    /// <summary>Texts that travel with the model.</summary>
    public IDictionary<string, string> Metadata => _writer.Metadata;

    public static float[] Values(Tensor value)
    {
        using Tensor flat = value.detach().contiguous();
        return flat.data<float>().ToArray();
    }

    public string Input(string inputName, int side) => Input(inputName, "N", 1, side, side);

    public string Input(string inputName, params ReadOnlySpan<OnnxDimension> shape) => _writer.Input(inputName, OnnxElementType.Float32, shape);

    public void Output(string outputName, string value, int size) => Output(outputName, value, "N", size);

    public void Output(string outputName, string value, params ReadOnlySpan<OnnxDimension> shape) => _writer.Output(outputName, value, OnnxElementType.Float32, shape);

    /// <summary>Makes the points outputs too, so that a run shows their values.</summary>
    public IReadOnlyList<string> ExposePoints() =>
        [.. _points.Select((point, i) => _writer.Output($"point_{i}", point, OnnxElementType.Float32, "N", "C", "H", "W"))];

    public byte[] ToArray() => _writer.ToArray();

    public string Node(string operatorType, params ReadOnlySpan<string> inputs) => _writer.Node(operatorType, inputs, []);

    public string Scalar(float value) => _writer.Initializer("scalar", [value]);

    public string Constant(string valueName, Tensor value) =>
        _writer.Initializer(valueName, (ReadOnlySpan<float>)Values(value), [.. value.shape.Select(size => (int)size)]);

    public string MeanOf(string input, params ReadOnlySpan<int> axes) => _writer.Node("ReduceMean", [input], OnnxAttribute.Ints("axes", axes), OnnxAttribute.Int("keepdims", 1));

    public string AveragePool(string input) => KeepScale(input, _writer.AveragePool(input, kernel: 2, stride: 2));

    public string MaxPool(string input) => KeepScale(input, _writer.MaxPool(input, kernel: 2, stride: 2));

    /// <summary>Each pixel twice in both directions.</summary>
    public string Double(string input) => KeepScale(input, _writer.Node(
        "Resize", [input, "", _writer.Initializer("scales", [1f, 1, 2, 2], 4)],
        OnnxAttribute.String("mode", "nearest"), OnnxAttribute.String("coordinate_transformation_mode", "asymmetric"), OnnxAttribute.String("nearest_mode", "floor")));

    public string Join(int axis, params ReadOnlySpan<string> inputs) => _writer.Concat(axis, inputs);

    /// <summary>[N, C, H, W] to [N, H W, C].</summary>
    public string Rows(string input, int channels) => _writer.Reshape(_writer.Transpose(input, 0, 2, 3, 1), 0, -1, channels);

    public string Dense(string input, Linear layer) =>
        _writer.Gemm(input, Constant("weights", layer.weight!), Constant("bias", layer.bias!));

    public string Conv(string input, float[] weights, ReadOnlySpan<long> shape, float[] bias, int stride, int padding, int groups = 1)
    {
        int[] dimensions = [(int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]];
        if (!_scales.TryGetValue(input, out (float Scale, byte Zero) scale))
        {
            return _writer.Conv(input, _writer.Initializer("weights", (ReadOnlySpan<float>)weights, dimensions), _writer.Initializer("bias", (ReadOnlySpan<float>)bias, bias.Length), stride, padding, groups);
        }

        float[] scales = QuantiseWeights(weights, bias.Length, out sbyte[] quantised);
        string weightScales = _writer.Initializer("weight_scales", (ReadOnlySpan<float>)scales, scales.Length);
        string weightValues = _writer.DequantizeLinear(
            _writer.Initializer("weights", (ReadOnlySpan<sbyte>)quantised, dimensions), weightScales, _writer.Initializer("weight_zeros", (ReadOnlySpan<sbyte>)new sbyte[scales.Length], scales.Length), axis: 0);
        float[] biasScales = Array.ConvertAll(scales, s => s * scale.Scale);
        int[] biases = [.. bias.Zip(biasScales, (b, s) => (int)Math.Clamp(Math.Round((double)b / s), int.MinValue, int.MaxValue))];
        string biasValues = _writer.DequantizeLinear(
            _writer.Initializer("bias", (ReadOnlySpan<int>)biases, biases.Length), _writer.Initializer("bias_scales", (ReadOnlySpan<float>)biasScales, biasScales.Length), _writer.Initializer("bias_zeros", (ReadOnlySpan<int>)new int[biases.Length], biases.Length), axis: 0);
        return _writer.Conv(input, weightValues, biasValues, stride, padding, groups);
    }

    /// <summary>Marks a value; in a quantised graph, what is returned is the value rounded to 8 bits.</summary>
    public string Point(string value)
    {
        _points.Add(value);
        return ranges is null ? value : Quantise(value, ScaleOf(ranges[_points.Count - 1]));
    }

    /// <summary>Zero is always among the 8-bit values, because padding is zero.</summary>
    internal static (float Scale, byte Zero) ScaleOf(ValueRange range)
    {
        float low = Math.Min(range.Low, 0), high = Math.Max(range.High, 0);
        float scale = Math.Max((high - low) / 255, SmallestScale);
        return (scale, (byte)Math.Clamp((int)MathF.Round(-low / scale), 0, 255));
    }

    /// <summary>One scale for each output channel; values of at most <see cref="WeightLimit"/> to either side.</summary>
    internal static float[] QuantiseWeights(ReadOnlySpan<float> weights, int channels, out sbyte[] quantised)
    {
        var scales = new float[channels];
        quantised = new sbyte[weights.Length];
        int each = weights.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> own = weights.Slice(channel * each, each);
            float largest = 0;
            foreach (float weight in own)
            {
                largest = Math.Max(largest, MathF.Abs(weight));
            }

            scales[channel] = Math.Max(largest / WeightLimit, SmallestScale);
            for (int i = 0; i < each; i++)
            {
                quantised[(channel * each) + i] = (sbyte)Math.Clamp((int)MathF.Round(own[i] / scales[channel]), -WeightLimit, WeightLimit);
            }
        }

        return scales;
    }

    private string KeepScale(string input, string output) => _scales.TryGetValue(input, out (float Scale, byte Zero) scale) ? Quantise(output, scale) : output;

    private string Quantise(string value, (float Scale, byte Zero) scale)
    {
        string scaleName = Scalar(scale.Scale), zeroName = _writer.Initializer("zero", [scale.Zero]);
        string rounded = _writer.DequantizeLinear(_writer.QuantizeLinear(value, scaleName, zeroName), scaleName, zeroName);
        _scales[rounded] = scale;
        return rounded;
    }
}
