using FerSharp.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Testing.Tests;

/// <summary>Runs a written model: floats in, floats out.</summary>
internal sealed class OnnxSession(ReadOnlyMemory<byte> model) : IDisposable
{
    private readonly InferenceSession _session = new(model.ToArray());

    public InferenceSession Session => _session;

    public float[] Run(string output, float[] input, params long[] shape)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, [_session.InputNames[0]], [value], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Runs a graph of one input [1, C, H, W] and one output.</summary>
    public static float[] Run(Func<OnnxWriter, string, string> build, float[] input, int channels, int height, int width, params OnnxDimension[] outputShape)
    {
        var writer = new OnnxWriter("test");
        string x = writer.Input("x", OnnxElementType.Float32, "N", channels, height, width);
        writer.Output("y", build(writer, x), OnnxElementType.Float32, outputShape);
        using var session = new OnnxSession(writer.ToArray());
        return session.Run("y", input, 1, channels, height, width);
    }
}
