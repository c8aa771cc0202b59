using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Benchmarks;

/// <summary>A model's network alone on ONNX Runtime, one thread, tensors bound once: what everything around it is compared with.</summary>
/// <remarks>The session is set up as the backend sets up its own. Not thread-safe.</remarks>
internal sealed class NetworkRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtValue _input;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();

    /// <summary>Loads the model and fills its input with gray levels.</summary>
    /// <param name="model">A detector or a classifier whose input is planar (NCHW).</param>
    /// <param name="batch">Pictures in one run; a graph with a fixed batch takes only that.</param>
    public NetworkRun(ModelPackage model, int batch = 1)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        ModelManifest manifest = model.Manifest;
        PreprocessingSpec input = manifest.Input;
        _session = new InferenceSession(model.Content.ToArray(), options);
        float[] pixels = new float[batch * input.Channels * input.Height * input.Width];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = ((i * 31 % 256 * input.Scale) - input.Mean[0]) / input.Std[0];
        }

        _input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, input.Channels, input.Height, input.Width]);
        _binding = _session.CreateIoBinding();
        _binding.BindInput(input.Name, _input);
        foreach (string output in manifest.Detector?.Names ?? [manifest.Classifier!.Name, .. manifest.Classifier.Embedding is { } embedding ? [embedding] : Array.Empty<string>()])
        {
            _binding.BindOutputToDevice(output, OrtMemoryInfo.DefaultInstance);
        }
    }

    /// <summary>Runs the network once.</summary>
    public void Run() => _session.RunWithBinding(_options, _binding);

    /// <summary>Frees session and tensors.</summary>
    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}

/// <summary>A picture's size as a benchmark's parameter.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct PictureSize(int Width, int Height)
{
    /// <summary>Such as <c>640x480</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
