using BenchmarkDotNet.Attributes;
using FerSharp.Onnx;

namespace FerSharp.Benchmarks.Classification;

/// <summary>The embedded classifier in floats against an 8-bit one: how much faster is it? Runs only where <see cref="PathVariable"/> names a model.</summary>
/// <remarks>An 8-bit model needs calibration pictures and trained weights, so it cannot be made here; docs/training.md says how to export one.</remarks>
public class Int8Benchmarks
{
    /// <summary>The environment variable that names the 8-bit classifier's folder or manifest.</summary>
    public const string PathVariable = "FERSHARP_BENCHMARK_INT8";

    private OnnxEmotionClassifier? _floats, _int8;
    private FaceRegion[] _faces = [];
    private EmotionScores[] _scores = [];

    /// <summary>The model's path; null where there is none.</summary>
    public static string? ModelPath => Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path ? path : null;

    /// <summary>Faces in a call.</summary>
    [Params(1, 8, 32)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _floats = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = EmbeddedModels.EmotionClassifier, MaxBatchSize = Batch });
        _int8 = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { ModelPath = ModelPath, MaxBatchSize = Batch });
        _faces = ClassificationBenchmarks.FacesOf(Batch);
        _scores = new EmotionScores[Batch];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _floats?.Dispose();
        _int8?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Floats() => _floats!.Classify(_faces, _scores);

    [Benchmark]
    public void EightBits() => _int8!.Classify(_faces, _scores);
}
