using BenchmarkDotNet.Attributes;
using FerSharp.Benchmarks.Classification;
using FerSharp.MLNet;
using FerSharp.Onnx;

namespace FerSharp.Benchmarks.MLNet;

/// <summary>The embedded classifier through ML.NET against ONNX Runtime directly: what does the choice of the backend cost in time and memory?</summary>
public class MLNetBenchmarks
{
    private OnnxEmotionClassifier? _onnx;
    private MLNetEmotionClassifier? _mlnet;
    private FaceRegion[] _faces = [];
    private EmotionScores[] _scores = [];

    /// <summary>Faces in a call.</summary>
    [Params(1, 8)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _onnx = OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        _mlnet = MLNetEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        _faces = ClassificationBenchmarks.FacesOf(Batch);
        _scores = new EmotionScores[Batch];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _onnx?.Dispose();
        _mlnet?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void OnnxRuntime() => _onnx!.Classify(_faces, _scores);

    [Benchmark]
    public void MLNet() => _mlnet!.Classify(_faces, _scores);
}
