using System.Diagnostics;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests.Detection;

/// <summary>Runs alone: the working set is the whole process's.</summary>
[CollectionDefinition(nameof(ManyShapesTests), DisableParallelization = true)]
[Collection(nameof(ManyShapesTests))]
public sealed class ManyShapesTests
{
    private const long Limit = 48 << 20;

    [Fact]
    public void Detect_ShapesWithoutEnd_KeepsTheWorkingSet()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.FreeSizeDetector(), MinFaceSize = 16, MaxConcurrency = 1 });
        byte[] pixels = new byte[700 * 700];
        var faces = new FaceDetection[4];
        void Round(int offset)
        {
            // 15 x 15 frames of more than 100 input shapes.
            for (int width = 40 + offset; width <= 700; width += 44)
            {
                for (int height = 40 + offset; height <= 700; height += 44)
                {
                    detector.Detect(new FrameView(pixels, width, height, PixelFormat.Gray8), faces);
                }
            }
        }

        Round(0);
        GC.Collect();
        long before = WorkingSet();
        Round(15);
        Round(30);
        long growth = WorkingSet() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"after one round {before >> 20} MiB, two more rounds: {growth >> 10} KiB");
        Assert.True(growth < Limit, $"Two rounds of shapes left {growth >> 20} MiB behind.");
    }

    [Fact]
    public void Detect_AFewShapesInTurn_AllocatesNothing()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.FreeSizeDetector(), InputSizes = [DetectorInputSize.FrameShape(96)] });
        FrameView[] frames = [.. Enumerable.Range(1, 6).Select(i => SyntheticFrames.Noise(40 * i, 120))];
        var faces = new FaceDetection[4];
        Assert.Equal(0, Steady.BytesOf(
            () =>
            {
                foreach (FrameView frame in frames)
                {
                    detector.Detect(frame, faces);
                }
            },
            calls: 30));
    }

    [Fact]
    public void Detect_OtherShapesOnFourThreads_EqualsSequentialBitForBit()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions
        {
            Model = ToyModels.FreeSizeDetector(), InputSizes = [DetectorInputSize.FrameShape(128)], MaxConcurrency = 3, ScoreThreshold = 0.05f,
        });
        FrameView[] frames = [.. Enumerable.Range(0, 40).Select(i => FrameTransforms.Place(SyntheticFrames.FaceScene(), 128 + (13 * (i % 7)), 128 + (29 * (i / 7)), i % 5, 0))];
        FaceDetection[][] expected = [.. frames.Select(frame => detector.Detect(frame))];
        Assert.NotEmpty(expected[0]);
        Parallel.For(0, 160, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => Assert.Equal(expected[i % frames.Length], detector.Detect(frames[i % frames.Length])));
    }

    [Fact]
    public void RecentlyUsed_OneTooMany_DropsAndDisposesTheOldest()
    {
        var cache = new RecentlyUsed<int, Probe>(2);
        Probe[] probes = [new(), new(), new()];
        cache.Add(0, probes[0]);
        cache.Add(1, probes[1]);
        Assert.True(cache.TryGet(0, out Probe? first));
        Assert.Same(probes[0], first);
        cache.Add(2, probes[2]);
        Assert.Equal([false, true, false], probes.Select(probe => probe.IsDisposed));
        Assert.False(cache.TryGet(1, out _));
        cache.Clear();
        Assert.Equal(0, cache.Count);
        Assert.All(probes, probe => Assert.True(probe.IsDisposed));
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed class Probe : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
