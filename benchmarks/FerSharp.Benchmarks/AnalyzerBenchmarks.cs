using BenchmarkDotNet.Attributes;

namespace FerSharp.Benchmarks;

/// <summary>One frame with one face, from pixels to scores, with the embedded models on one thread.</summary>
[MemoryDiagnoser]
public class AnalyzerBenchmarks
{
    private readonly FaceEmotion[] _results = new FaceEmotion[8];
    private readonly FaceDetection[] _faces = new FaceDetection[8];
    private EmotionAnalyzer? _analyzer;
    private FrameView _frame;

    /// <summary>Input size of the detector.</summary>
    [ParamsAllValues]
    public DetectorSize Detector { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _analyzer = FerSharpDefaults.CreateAnalyzer(detectorSize: Detector);
        _frame = Scenes.OneFace(640, 480, PixelFormat.Bgra32);
    }

    [GlobalCleanup]
    public void Cleanup() => _analyzer?.Dispose();

    [Benchmark(Baseline = true)]
    public int Detect() => _analyzer!.Detector.Detect(_frame, _faces);

    [Benchmark]
    public int Analyze() => _analyzer!.Analyze(_frame, _results);
}
