using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Training;

/// <summary>An exported graph in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _id;

    public OnnxGraph(string id, byte[] model)
    {
        _id = id;
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
            _session = new InferenceSession(model, options);
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or TypeInitializationException)
        {
            throw new FerModelException(id, "ONNX Runtime does not load the exported graph; the app needs the package Microsoft.ML.OnnxRuntime.", e);
        }
    }

    /// <summary>Runs the graph; returns the values of each output that is asked for.</summary>
    public float[][] Run(float[] input, long[] shape, IReadOnlyCollection<string> outputs)
    {
        try
        {
            using OrtValue value = OrtValue.CreateTensorValueFromMemory(input, shape);
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, [_session.InputNames[0]], [value], outputs);
            return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
        }
        catch (OnnxRuntimeException e)
        {
            throw new FerInferenceException(_id, "The exported graph did not run.", e);
        }
    }

    public void Dispose() => _session.Dispose();
}
