using BenchmarkDotNet.Attributes;
using FerSharp.Imaging;

namespace FerSharp.Benchmarks.Imaging;

/// <summary>Pixels to tensor, from memory: how much slower is a frame that is in no cache, and does the scalar twin suffer as much?</summary>
public class ColdKernelBenchmarks
{
    private PreprocessingKernel? _scalar, _vector;
    private ColdFrames? _cold;
    private AffineTransform _map;
    private FrameView _frame;
    private float[] _tensor = [];

    /// <summary>How the frame's pixels are laid out: what cameras and decoders give.</summary>
    [Params(PixelFormat.Bgr24, PixelFormat.Bgra32)]
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
        _cold = new ColdFrames(_frame, target);
        _tensor = new float[_vector.TensorLength];
    }

    [Benchmark(Baseline = true)]
    public void Warm() => _vector!.Write(_frame, _map, _tensor);

    [Benchmark]
    public void Cold() => _cold!.WriteNext(_vector!, _tensor);

    [Benchmark]
    public void ScalarCold() => _cold!.WriteNext(_scalar!, _tensor);
}
