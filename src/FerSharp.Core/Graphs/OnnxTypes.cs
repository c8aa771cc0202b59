namespace FerSharp.Graphs;

/// <summary>Element type of a tensor; the values are those of ONNX's <c>TensorProto.DataType</c>.</summary>
public enum OnnxElementType
{
    /// <summary>32-bit floating point.</summary>
    Float32 = 1,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 3,

    /// <summary>Signed 32-bit integer: biases of quantised layers.</summary>
    Int32 = 6,

    /// <summary>Signed 64-bit integer: shapes and indices.</summary>
    Int64 = 7,

    /// <summary>Boolean.</summary>
    Boolean = 9,

    /// <summary>16-bit floating point.</summary>
    Float16 = 10,
}

/// <summary>One dimension of a tensor's shape: a size, or a name where the size is only known at run time.</summary>
/// <remarks>Write <c>3</c> or <c>"N"</c>: both convert by themselves. Immutable.</remarks>
public readonly record struct OnnxDimension
{
    /// <summary>Makes a fixed dimension.</summary>
    /// <param name="size">Its size, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is negative.</exception>
    public OnnxDimension(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        Size = size;
    }

    /// <summary>Makes a dynamic dimension.</summary>
    /// <param name="name">Its name (ONNX: <c>dim_param</c>); equal names mean equal sizes.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public OnnxDimension(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The size; 0 where the dimension is dynamic.</summary>
    public long Size { get; }

    /// <summary>The name of a dynamic dimension; null where the size is fixed.</summary>
    public string? Name { get; }

    /// <summary>A fixed dimension.</summary>
    /// <param name="size">Its size, at least 0.</param>
    public static implicit operator OnnxDimension(int size) => new(size);

    /// <summary>A dynamic dimension.</summary>
    /// <param name="name">Its name.</param>
    public static implicit operator OnnxDimension(string name) => new(name);
}

/// <summary>A named attribute of a node. Immutable.</summary>
public sealed class OnnxAttribute
{
    private readonly Action<ProtobufWriter> _write;

    private OnnxAttribute(string name, int type, Action<ProtobufWriter> writeValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _write = message =>
        {
            message.Text(1, name);
            writeValue(message);
            message.Integer(20, type);
        };
    }

    /// <summary>The attribute's name, as the operator's specification spells it.</summary>
    public string Name { get; }

    /// <summary>Makes an integer attribute, such as <c>axis</c>.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public static OnnxAttribute Int(string name, long value) => new(name, 2, message => message.Integer(3, value));

    /// <summary>Makes a floating-point attribute, such as <c>alpha</c>.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public static OnnxAttribute Float(string name, float value) => new(name, 1, message => message.Float(2, value));

    /// <summary>Makes a text attribute, such as <c>auto_pad</c>.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public static OnnxAttribute String(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(name, 3, message => message.Text(4, value));
    }

    /// <summary>Makes an attribute of several integers, such as <c>strides</c>.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Its values; copied.</param>
    public static OnnxAttribute Ints(string name, params ReadOnlySpan<int> values)
    {
        int[] copy = values.ToArray();
        return new(name, 7, message => Array.ForEach(copy, value => message.Integer(8, value)));
    }

    /// <summary>Makes an attribute of several floating-point numbers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Its values; copied.</param>
    public static OnnxAttribute Floats(string name, params ReadOnlySpan<float> values)
    {
        float[] copy = values.ToArray();
        return new(name, 6, message => Array.ForEach(copy, value => message.Float(7, value)));
    }

    internal void Write(ProtobufWriter message) => _write(message);
}
