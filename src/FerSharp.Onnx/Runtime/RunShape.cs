using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx;

/// <summary>The shapes of the network's tensors at one input shape, for one picture. Immutable; compared by identity.</summary>
internal sealed class RunShape
{
    private readonly PreprocessingSpec _input;
    private readonly long[][] _outputs;

    private RunShape(PreprocessingSpec input, long[][] outputs)
    {
        _input = input;
        _outputs = outputs;
        OutputLengths = [.. outputs.Select(shape => checked((int)LengthOf(shape)))];
    }

    /// <summary>Number of values of the input of one picture.</summary>
    public int InputLength => _input.Channels * _input.Height * _input.Width;

    /// <summary>Number of values of each output for one picture.</summary>
    public IReadOnlyList<int> OutputLengths { get; }

    /// <summary>Whether the batch is the first axis of each output.</summary>
    public bool HasBatchAxis => _outputs.All(shape => shape.Length >= 2 && shape[0] == 1);

    /// <summary>The outputs' shapes as messages show them.</summary>
    public string Outputs => string.Join(", ", _outputs.Select(shape => $"[{string.Join(", ", shape)}]"));

    /// <summary>Runs the network once on zeros to learn the outputs' true shapes, and checks them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">Its input, with the width and height to run at.</param>
    /// <param name="check">Says what is wrong with the outputs' lengths.</param>
    /// <exception cref="FerModelException">The network cannot run at this shape, or its outputs are at fault.</exception>
    public static RunShape Measure(OnnxModel model, PreprocessingSpec input, OutputCheck check)
    {
        long[][] outputs = Probe(model, input, 1);
        List<string> faults = [.. check([.. outputs.Select(shape => (long?)LengthOf(shape))])];
        if (faults.Count > 0)
        {
            throw new FerModelException(model.Manifest.Id, faults);
        }

        return outputs.Any(shape => shape.Length == 0)
            ? throw new FerModelException(model.Manifest.Id, "output: an output is a single number without axes; each needs a batch axis.")
            : new RunShape(input, outputs);
    }

    /// <summary>Whether a run with two pictures gives the outputs of two: a graph can declare any batch size and hold a fixed one inside.</summary>
    public bool CanBatch(OnnxModel model)
    {
        if (!model.HasFreeBatch || !HasBatchAxis)
        {
            return false;
        }

        try
        {
            return Probe(model, _input, 2).Zip(_outputs).All(pair => pair.First.SequenceEqual([2, .. pair.Second.Skip(1)]));
        }
        catch (FerModelException)
        {
            return false;
        }
    }

    /// <summary>The input's shape for some pictures.</summary>
    public long[] InputDimensions(int batch) => Shape(_input, batch);

    /// <summary>An output's shape for some pictures.</summary>
    public long[] OutputDimensions(int index, int batch) => [_outputs[index][0] * batch, .. _outputs[index].AsSpan(1)];

    private static long[] Shape(PreprocessingSpec input, int batch) => input.Layout == TensorLayout.Nchw
        ? [batch, input.Channels, input.Height, input.Width]
        : [batch, input.Height, input.Width, input.Channels];

    private static long LengthOf(long[] shape) => shape.Aggregate(1L, (product, n) => product * n);

    private static long[][] Probe(OnnxModel model, PreprocessingSpec spec, int batch)
    {
        long[] shape = Shape(spec, batch);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(new float[LengthOf(shape)], shape);
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = model.Session.Run(options, [spec.Name], [input], [.. model.OutputNames]);
            return [.. outputs.Select(output => output.GetTensorTypeAndShape().Shape)];
        }
        catch (OnnxRuntimeException e)
        {
            throw new FerModelException(model.Manifest.Id, $"The network cannot run on an input of shape [{string.Join(", ", shape)}]: {e.Message}", e);
        }
    }
}
