using System.Runtime.InteropServices;

namespace FerSharp.Graphs;

/// <summary>Builds an ONNX model value by value and writes it as the bytes of a model file. Needs no package.</summary>
/// <remarks>
/// <para>Every method returns the name of the value it made; that name is what later nodes take as input. Nodes are added in the order in
/// which they run. <see cref="OnnxOperators"/> holds shorter ways to add the usual operators; <see cref="Node(string, ReadOnlySpan{string}, ReadOnlySpan{OnnxAttribute})"/>
/// adds any other.</para>
/// <para>Shapes inside the graph are not computed: the runtime that loads the model checks them. Not thread-safe.</para>
/// </remarks>
public sealed class OnnxWriter
{
    /// <summary>The version of the file format that is written: 8 (ONNX 1.10 and later).</summary>
    public const int IrVersion = 8;

    private readonly string _graphName;
    private readonly int _opset;
    private readonly HashSet<string> _values = [];
    private readonly List<Action<ProtobufWriter>> _inputs = [];
    private readonly List<Action<ProtobufWriter>> _outputs = [];
    private readonly List<Action<ProtobufWriter>> _nodes = [];
    private readonly List<Action<ProtobufWriter>> _initializers = [];

    /// <summary>Starts an empty graph.</summary>
    /// <param name="graphName">The graph's name.</param>
    /// <param name="opset">Version of the operators of the <c>ai.onnx</c> domain, at least 13.</param>
    /// <exception cref="ArgumentException"><paramref name="graphName"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="opset"/> is below 13.</exception>
    public OnnxWriter(string graphName, int opset = 17)
    {
        ArgumentException.ThrowIfNullOrEmpty(graphName);
        ArgumentOutOfRangeException.ThrowIfLessThan(opset, 13);
        _graphName = graphName;
        _opset = opset;
    }

    /// <summary>Texts that travel with the model (ONNX: <c>metadata_props</c>).</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Adds an input of the graph.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its shape; a text is a dynamic dimension.</param>
    /// <returns><paramref name="name"/>.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public string Input(string name, OnnxElementType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _inputs.Add(ValueInfo(Define(name), type, shape));
        return name;
    }

    /// <summary>Adds a constant tensor: weights, shapes, scales.</summary>
    /// <typeparam name="T">float, byte, sbyte, int, long, bool or Half.</typeparam>
    /// <param name="name">Its name; made unique by a number where it is taken.</param>
    /// <param name="values">Its elements, last axis fastest; copied.</param>
    /// <param name="shape">Its shape; none means a scalar.</param>
    /// <returns>The value's name.</returns>
    /// <exception cref="ArgumentException">The shape does not hold as many elements as there are values, or ONNX has no such element type.</exception>
    public string Initializer<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        long size = 1;
        foreach (int dimension in shape)
        {
            size *= dimension;
        }

        if (size != values.Length)
        {
            throw new ArgumentException($"The shape [{string.Join(", ", shape.ToArray())}] holds {size} elements; {values.Length} were given.", nameof(values));
        }

        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("ONNX stores raw tensors in little-endian order; write the model on a little-endian machine.");
        }

        OnnxElementType type = ElementTypeOf<T>();
        byte[] raw = MemoryMarshal.AsBytes(values).ToArray();
        int[] dimensions = shape.ToArray();
        string value = Define(Unique(name));
        _initializers.Add(tensor =>
        {
            Array.ForEach(dimensions, dimension => tensor.Integer(1, dimension));
            tensor.Integer(2, (long)type);
            tensor.Text(8, value);
            tensor.Bytes(9, raw);
        });
        return value;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operatorType">The operator, such as <c>Conv</c>.</param>
    /// <param name="inputs">Its inputs: values that exist; an empty text leaves an optional input out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The output's name.</returns>
    /// <exception cref="ArgumentException">An input does not exist (yet).</exception>
    public string Node(string operatorType, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Node(operatorType, inputs, outputCount: 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="operatorType">The operator, such as <c>Split</c>.</param>
    /// <param name="inputs">Its inputs: values that exist; an empty text leaves an optional input out.</param>
    /// <param name="outputCount">How many outputs it has, at least 1.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The outputs' names.</returns>
    /// <exception cref="ArgumentException">An input does not exist (yet).</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputCount"/> is below 1.</exception>
    public string[] Node(string operatorType, ReadOnlySpan<string> inputs, int outputCount, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        ArgumentException.ThrowIfNullOrEmpty(operatorType);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputCount, 1);
        foreach (string input in inputs)
        {
            RequireValue(input, optional: true);
        }

        var outputs = new string[outputCount];
        for (int i = 0; i < outputCount; i++)
        {
            outputs[i] = Define(Unique(outputCount == 1 ? operatorType : $"{operatorType}_{i}"));
        }

        AddNode(operatorType, inputs.ToArray(), outputs, attributes.ToArray());
        return outputs;
    }

    /// <summary>Makes a value an output of the graph, under a name of its own.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its shape; a text is a dynamic dimension.</param>
    /// <returns><paramref name="name"/>, which later nodes may read too.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, or there is no such value.</exception>
    public string Output(string name, string value, OnnxElementType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        RequireValue(value, optional: false);
        Define(name);
        AddNode("Identity", [value], [name], []);
        _outputs.Add(ValueInfo(name, type, shape));
        return name;
    }

    /// <summary>Writes the model: the bytes of a <c>.onnx</c> file. Equal graphs give equal bytes.</summary>
    /// <exception cref="InvalidOperationException">The graph has no output.</exception>
    public byte[] ToArray()
    {
        if (_outputs.Count == 0)
        {
            throw new InvalidOperationException("The graph has no output; call Output before writing it.");
        }

        var model = new ProtobufWriter();
        model.Integer(1, IrVersion);
        model.Text(2, "FerSharp");
        model.Message(7, graph =>
        {
            _nodes.ForEach(node => graph.Message(1, node));
            graph.Text(2, _graphName);
            _initializers.ForEach(initializer => graph.Message(5, initializer));
            _inputs.ForEach(input => graph.Message(11, input));
            _outputs.ForEach(output => graph.Message(12, output));
        });
        model.Message(8, operators =>
        {
            operators.Text(1, string.Empty);
            operators.Integer(2, _opset);
        });
        foreach ((string key, string text) in Metadata)
        {
            model.Message(14, entry =>
            {
                entry.Text(1, key);
                entry.Text(2, text);
            });
        }

        return model.Written.ToArray();
    }

    private void AddNode(string operatorType, string[] inputs, string[] outputs, OnnxAttribute[] attributes) => _nodes.Add(node =>
    {
        Array.ForEach(inputs, input => node.Text(1, input));
        Array.ForEach(outputs, output => node.Text(2, output));
        node.Text(3, outputs[0]);
        node.Text(4, operatorType);
        Array.ForEach(attributes, attribute => node.Message(5, attribute.Write));
    });

    private static Action<ProtobufWriter> ValueInfo(string name, OnnxElementType type, ReadOnlySpan<OnnxDimension> shape)
    {
        OnnxDimension[] dimensions = shape.ToArray();
        return value =>
        {
            value.Text(1, name);
            value.Message(2, anyType => anyType.Message(1, tensorType =>
            {
                tensorType.Integer(1, (long)type);
                tensorType.Message(2, shapeMessage => Array.ForEach(dimensions, dimension => shapeMessage.Message(1, one =>
                {
                    if (dimension.Name is null)
                    {
                        one.Integer(1, dimension.Size);
                    }
                    else
                    {
                        one.Text(2, dimension.Name);
                    }
                })));
            }));
        };
    }

    private string Define(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _values.Add(name) ? name : throw new ArgumentException($"The graph already has a value named '{name}'.", nameof(name));
    }

    private string Unique(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string candidate = name;
        for (int i = 2; _values.Contains(candidate); i++)
        {
            candidate = $"{name}_{i}";
        }

        return candidate;
    }

    private void RequireValue(string value, bool optional)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!_values.Contains(value) && !(optional && value.Length == 0))
        {
            throw new ArgumentException($"The graph has no value named '{value}'; add what makes it first.", nameof(value));
        }
    }

    private static OnnxElementType ElementTypeOf<T>() => default(T) switch
    {
        float => OnnxElementType.Float32,
        byte => OnnxElementType.UInt8,
        sbyte => OnnxElementType.Int8,
        int => OnnxElementType.Int32,
        long => OnnxElementType.Int64,
        bool => OnnxElementType.Boolean,
        Half => OnnxElementType.Float16,
        _ => throw new ArgumentException($"ONNX tensors of {typeof(T).Name} cannot be written; use float, byte, sbyte, int, long, bool or Half."),
    };
}
