using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using FerSharp.Imaging;

namespace FerSharp.Benchmarks.Imaging;

/// <summary>The kernel in processes that are allowed less and less of the processor's instructions: what would it cost on an older machine?</summary>
[Config(typeof(Widths))]
public class VectorWidthBenchmarks
{
    private PreprocessingKernel? _kernel;
    private AffineTransform _map;
    private FrameView _frame;
    private float[] _tensor = [];

    /// <summary>What the pixels become.</summary>
    [ParamsAllValues]
    public KernelTarget Target { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        KernelCase target = KernelCase.Of(Target);
        _kernel = new PreprocessingKernel(target.Spec);
        _map = target.Map(target.Region.X, target.Region.Y);
        _frame = Scenes.Faces(KernelCase.Width, KernelCase.Height, 1);
        _tensor = new float[_kernel.TensorLength];
    }

    [Benchmark]
    public void Write() => _kernel!.Write(_frame, _map, _tensor);

    private sealed class Widths : ManualConfig
    {
        public Widths()
        {
            AddJob(Job.Default.WithEnvironmentVariable("DOTNET_EnableHWIntrinsic", "0").WithId("none").AsBaseline());
            AddJob(Job.Default.WithEnvironmentVariable("DOTNET_EnableAVX2", "0").WithId("128 bit"));
            AddJob(Job.Default.WithEnvironmentVariable("DOTNET_EnableAVX512", "0").WithId("256 bit"));
            AddJob(Job.Default.WithId("all"));
        }
    }
}
