namespace FerSharp.Graphs;

/// <summary>Shorter ways to add the usual operators to an <see cref="OnnxWriter"/>. Each returns the output's name.</summary>
/// <remarks>All of them throw <see cref="ArgumentNullException"/> for a null writer and <see cref="ArgumentException"/> for an input that does not exist.</remarks>
public static class OnnxOperators
{
    /// <summary>Adds a 2-D convolution of [N, C, H, W] by [M, C / groups, kH, kW]; the kernel's size is read from the weights.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="weights">[M, C / groups, kH, kW].</param>
    /// <param name="bias">[M], or null for none.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="padding">Zeros added on every side.</param>
    /// <param name="groups">Channel groups; C for a depthwise convolution.</param>
    public static string Conv(this OnnxWriter writer, string input, string weights, string? bias = null, int stride = 1, int padding = 0, int groups = 1) =>
        Add(writer, "Conv", bias is null ? [input, weights] : [input, weights, bias],
            OnnxAttribute.Ints("strides", stride, stride), OnnxAttribute.Ints("pads", padding, padding, padding, padding), OnnxAttribute.Int("group", groups));

    /// <summary>Adds max(x, 0).</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">Any shape.</param>
    public static string Relu(this OnnxWriter writer, string input) => Add(writer, "Relu", [input]);

    /// <summary>Adds 1 / (1 + exp(-x)).</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">Any shape.</param>
    public static string Sigmoid(this OnnxWriter writer, string input) => Add(writer, "Sigmoid", [input]);

    /// <summary>Adds the maximum over windows of [N, C, H, W].</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="padding">Padding on every side; never the maximum.</param>
    public static string MaxPool(this OnnxWriter writer, string input, int kernel, int stride, int padding = 0) => Pool(writer, "MaxPool", input, kernel, stride, padding);

    /// <summary>Adds the mean over windows of [N, C, H, W]; padding is not counted.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="padding">Padding on every side.</param>
    public static string AveragePool(this OnnxWriter writer, string input, int kernel, int stride, int padding = 0) => Pool(writer, "AveragePool", input, kernel, stride, padding);

    /// <summary>Adds the mean of each channel: [N, C, H, W] to [N, C, 1, 1].</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">[N, C, H, W].</param>
    public static string GlobalAveragePool(this OnnxWriter writer, string input) => Add(writer, "GlobalAveragePool", [input]);

    /// <summary>Adds a flattening of all axes from <paramref name="axis"/> on into one.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">Any shape.</param>
    /// <param name="axis">The first axis that is flattened.</param>
    public static string Flatten(this OnnxWriter writer, string input, int axis = 1) => Add(writer, "Flatten", [input], OnnxAttribute.Int("axis", axis));

    /// <summary>Adds a fully connected layer: [N, In] times the transpose of [Out, In], plus [Out].</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">[N, In].</param>
    /// <param name="weights">[Out, In].</param>
    /// <param name="bias">[Out], or null for none.</param>
    public static string Gemm(this OnnxWriter writer, string input, string weights, string? bias = null) =>
        Add(writer, "Gemm", bias is null ? [input, weights] : [input, weights, bias], OnnxAttribute.Int("transB", 1));

    /// <summary>Adds exp(x) / sum(exp(x)) along one axis.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">Any shape.</param>
    /// <param name="axis">The axis; -1 is the last.</param>
    public static string Softmax(this OnnxWriter writer, string input, int axis = -1) => Add(writer, "Softmax", [input], OnnxAttribute.Int("axis", axis));

    /// <summary>Adds a change of shape.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">Any shape.</param>
    /// <param name="shape">The new shape; 0 keeps the axis, one -1 takes what is left.</param>
    public static string Reshape(this OnnxWriter writer, string input, params ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return writer.Node("Reshape", [input, writer.Initializer("shape", shape, shape.Length)]);
    }

    /// <summary>Adds a reordering of the axes.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">Any shape.</param>
    /// <param name="permutation">For each axis of the output, the axis of the input.</param>
    public static string Transpose(this OnnxWriter writer, string input, params ReadOnlySpan<int> permutation) =>
        Add(writer, "Transpose", [input], OnnxAttribute.Ints("perm", permutation));

    /// <summary>Adds a joining of tensors along one axis.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="inputs">Tensors whose other axes agree.</param>
    public static string Concat(this OnnxWriter writer, int axis, params ReadOnlySpan<string> inputs) => Add(writer, "Concat", inputs, OnnxAttribute.Int("axis", axis));

    /// <summary>Adds a quantisation of floats to 8-bit integers: round(x / scale) + zero point.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">Floats of any shape.</param>
    /// <param name="scale">A scalar, or one value for each index of <paramref name="axis"/>.</param>
    /// <param name="zeroPoint">Of the shape of <paramref name="scale"/>; its element type is that of the output.</param>
    /// <param name="axis">The axis of scales that differ by channel.</param>
    public static string QuantizeLinear(this OnnxWriter writer, string input, string scale, string zeroPoint, int axis = 1) =>
        Add(writer, "QuantizeLinear", [input, scale, zeroPoint], OnnxAttribute.Int("axis", axis));

    /// <summary>Adds the way back from 8-bit integers to floats: (x - zero point) * scale.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">8-bit integers of any shape.</param>
    /// <param name="scale">A scalar, or one value for each index of <paramref name="axis"/>.</param>
    /// <param name="zeroPoint">Of the shape of <paramref name="scale"/> and the element type of <paramref name="input"/>.</param>
    /// <param name="axis">The axis of scales that differ by channel.</param>
    public static string DequantizeLinear(this OnnxWriter writer, string input, string scale, string zeroPoint, int axis = 1) =>
        Add(writer, "DequantizeLinear", [input, scale, zeroPoint], OnnxAttribute.Int("axis", axis));

    private static string Pool(OnnxWriter writer, string operatorType, string input, int kernel, int stride, int padding) =>
        Add(writer, operatorType, [input], OnnxAttribute.Ints("kernel_shape", kernel, kernel), OnnxAttribute.Ints("strides", stride, stride),
            OnnxAttribute.Ints("pads", padding, padding, padding, padding));

    private static string Add(OnnxWriter writer, string operatorType, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return writer.Node(operatorType, inputs, attributes);
    }
}
