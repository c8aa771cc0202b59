using BenchmarkDotNet.Attributes;
using FerSharp.Onnx;

namespace FerSharp.Benchmarks.Classification;

/// <summary>Reading the expressions of several faces: what comes on top of the network, and is one batch faster than one face after the other?</summary>
public class ClassificationBenchmarks
{
    private NetworkRun? _network;
    private OnnxEmotionClassifier? _classifier;
    private FaceRegion[] _faces = [];
    private EmotionScores[] _scores = [];

    /// <summary>Faces in a call.</summary>
    [Params(1, 8, 32)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _network = new NetworkRun(EmbeddedModels.EmotionClassifier, Batch);
        _classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = EmbeddedModels.EmotionClassifier, MaxBatchSize = Batch });
        _faces = FacesOf(Batch);
        _scores = new EmotionScores[Batch];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _network?.Dispose();
        _classifier?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void NetworkOnly() => _network!.Run();

    [Benchmark]
    public void Classify() => _classifier!.Classify(_faces, _scores);

    [Benchmark]
    public void ClassifyOneByOne()
    {
        for (int i = 0; i < Batch; i++)
        {
            _classifier!.Classify(_faces.AsSpan(i, 1), _scores.AsSpan(i, 1));
        }
    }

    /// <summary>As many faces as asked for, of 200 pixels, from one frame of full HD.</summary>
    internal static FaceRegion[] FacesOf(int count)
    {
        FrameView frame = Scenes.Faces(1920, 1080, 16);
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Large));
        FaceDetection[] found = Scenes.Find(detector, frame, 16);
        return [.. Enumerable.Range(0, count).Select(i => new FaceRegion(frame, found[i % found.Length]))];
    }
}
