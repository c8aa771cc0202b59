using BenchmarkDotNet.Attributes;
using FerSharp.Onnx;

namespace FerSharp.Benchmarks.Detection;

/// <summary>Finding the face of a frame: what comes on top of the network, at each input size and for small and large frames?</summary>
public class DetectionBenchmarks
{
    private readonly FaceDetection[] _faces = new FaceDetection[8];
    private NetworkRun? _network;
    private OnnxFaceDetector? _detector;
    private FrameView _frame;

    /// <summary>Input size of the detector.</summary>
    [ParamsAllValues]
    public DetectorSize Detector { get; set; }

    /// <summary>Size of the frame.</summary>
    [ParamsSource(nameof(Sizes))]
    public PictureSize Size { get; set; }

    /// <summary>The sizes: a web camera's, and full HD.</summary>
    public static IEnumerable<PictureSize> Sizes => [new(640, 480), new(1920, 1080)];

    [GlobalSetup]
    public void Setup()
    {
        _network = new NetworkRun(EmbeddedModels.FaceDetector(Detector));
        _detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(Detector));
        _frame = Scenes.Faces(Size.Width, Size.Height, 1);
        Scenes.Find(_detector, _frame, 1);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _network?.Dispose();
        _detector?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void NetworkOnly() => _network!.Run();

    [Benchmark]
    public int Detect() => _detector!.Detect(_frame, _faces);
}
