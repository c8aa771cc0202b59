using BenchmarkDotNet.Attributes;
using FerSharp.Imaging;

namespace FerSharp.Benchmarks.Imaging;

/// <summary>Pixels to tensor, from a frame that lies in the caches: what does each pixel format cost, and how much do vectors gain over the scalar twin?</summary>
public class KernelBenchmarks
{
    private PreprocessingKernel? _scalar, _vector;
    private AffineTransform _map;
    private FrameView _frame;
    private float[] _tensor = [];

    /// <summary>How the frame's pixels are laid out.</summary>
    [ParamsAllValues]
    public PixelFormat Format { get; set; }

    /// <summary>What the pixels become.</summary>
    [ParamsAllValues]
    public KernelTarget Target { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        KernelCase target = KernelCase.Of(Target);
        _scalar = new PreprocessingKernel(target.Spec, vector: false);
        _vector = new PreprocessingKernel(target.Spec);
        _map = target.Map(target.Region.X, target.Region.Y);
        _frame = Scenes.Faces(KernelCase.Width, KernelCase.Height, 1, Format);
        _tensor = new float[_vector.TensorLength];
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => _scalar!.Write(_frame, _map, _tensor);

    [Benchmark]
    public void Vector() => _vector!.Write(_frame, _map, _tensor);
}
