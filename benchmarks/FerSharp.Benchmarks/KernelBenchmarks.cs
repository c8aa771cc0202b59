using BenchmarkDotNet.Attributes;
using FerSharp.Imaging;

namespace FerSharp.Benchmarks;

/// <summary>Pixels to tensor: a detector's whole 640 x 480 frame and a classifier's 200 pixel face.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private readonly PreprocessingKernel _detector = new(EmbeddedModels.FaceDetector(DetectorSize.Small).Manifest.Input);
    private readonly PreprocessingKernel _classifier = new(EmbeddedModels.EmotionClassifier.Manifest.Input);
    private FrameView _frame;
    private AffineTransform _whole;
    private AffineTransform _face;
    private float[] _detectorTensor = [];
    private float[] _classifierTensor = [];

    /// <summary>How the source's pixels are laid out.</summary>
    [ParamsAllValues]
    public PixelFormat Format { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _frame = Scenes.OneFace(640, 480, Format);
        _whole = TensorMap.ForFrame(640, 480, EmbeddedModels.FaceDetector(DetectorSize.Small).Manifest.Input);
        _face = AffineTransform.Stretch(new RectF(220, 140, 200, 200), 48, 48);
        _detectorTensor = new float[_detector.TensorLength];
        _classifierTensor = new float[_classifier.TensorLength];
    }

    /// <summary>The plainest way: copy the frame's bytes to floats, no sampling.</summary>
    [Benchmark(Baseline = true)]
    public float BytesToFloats()
    {
        ReadOnlySpan<byte> pixels = _frame.Pixels.Span[.._detectorTensor.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            _detectorTensor[i] = pixels[i];
        }

        return _detectorTensor[^1];
    }

    [Benchmark]
    public void DetectorTensor() => _detector.Write(_frame, _whole, _detectorTensor);

    [Benchmark]
    public void ClassifierTensor() => _classifier.Write(_frame, _face, _classifierTensor);
}
