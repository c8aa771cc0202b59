using BenchmarkDotNet.Attributes;

namespace FerSharp.Benchmarks.EndToEnd;

/// <summary>A frame from pixels to scores with the embedded models on one thread: what does all that is not a network cost, at each size and number of faces?</summary>
public class AnalyzeBenchmarks
{
    private readonly FaceEmotion[] _results = new FaceEmotion[32];
    private NetworkRun? _detection, _classification;
    private EmotionAnalyzer? _analyzer;
    private FrameView _frame;

    /// <summary>Size of the frame.</summary>
    [ParamsSource(nameof(Sizes))]
    public PictureSize Size { get; set; }

    /// <summary>Faces in the frame.</summary>
    [ParamsSource(nameof(FaceCounts))]
    public int Faces { get; set; }

    /// <summary>The sizes.</summary>
    public static IEnumerable<PictureSize> Sizes => [new(640, 480), new(1280, 720), new(1920, 1080)];

    /// <summary>The numbers of faces.</summary>
    public static IEnumerable<int> FaceCounts => [0, 1, 4, 16];

    [GlobalSetup]
    public void Setup()
    {
        _analyzer = FerSharpDefaults.CreateAnalyzer();
        _frame = Scenes.Faces(Size.Width, Size.Height, Faces);
        Scenes.Find(_analyzer.Detector, _frame, Faces);
        _detection = new NetworkRun(EmbeddedModels.FaceDetector(DetectorSize.Large));
        _classification = Faces > 0 ? new NetworkRun(EmbeddedModels.EmotionClassifier, Faces) : null;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _analyzer?.Dispose();
        _detection?.Dispose();
        _classification?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void NetworksOnly()
    {
        _detection!.Run();
        _classification?.Run();
    }

    [Benchmark]
    public int Analyze() => _analyzer!.Analyze(_frame, _results);
}
