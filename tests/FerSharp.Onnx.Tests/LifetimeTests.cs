using System.Diagnostics;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

/// <summary>Runs alone: what other tests hold at the same time would be counted.</summary>
[CollectionDefinition(nameof(LifetimeTests), DisableParallelization = true)]
[Collection(nameof(LifetimeTests))]
public sealed class LifetimeTests
{
    private const long Limit = 50 << 20;

    [Fact]
    public void LoadAndDispose_ManyTimes_KeepsTheWorkingSet() => AssertKeepsWorkingSet(() =>
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxBatchSize = 256 });
        classifier.Classify(FaceRegion.Whole(SyntheticFrames.Noise(16, 16)));
    });

    [Fact]
    public void LoadOfUnfitModels_ManyTimes_KeepsTheWorkingSet()
    {
        // 8 MiB of weights, so that a session that is not freed shows soon.
        ModelPackage unfit = TestModels.Classifier(graph =>
        {
            string pixels = graph.Flatten(graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16));
            graph.Output("logits", graph.Gemm(pixels, graph.Initializer("weights", new float[8192 * 256], 8192, 256)), OnnxElementType.Float32, "N", "classes");
        });
        ModelPackage misnamed = unfit.WithInput(input => input with { Name = "picture" });
        AssertKeepsWorkingSet(() =>
        {
            Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(unfit));
            Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(misnamed));
        });
    }

    [Fact]
    public void Dispose_Twice_IsHarmless()
    {
        OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
        detector.Dispose();
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.Detect(SyntheticFrames.FaceScene()));
        Assert.Equal("toy-detector", detector.Model.Id);
    }

    [Fact]
    public void Classify_AfterDisposeWithoutFaces_IsRefusedToo()
    {
        OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        classifier.Dispose();
        classifier.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify([], []));
        Assert.Equal("toy-classifier-7", classifier.Model.Id);
    }

    private static void AssertKeepsWorkingSet(Action cycle)
    {
        for (int i = 0; i < 20; i++)
        {
            cycle();
        }

        long before = WorkingSet();
        for (int i = 0; i < 100; i++)
        {
            cycle();
        }

        long growth = WorkingSet() - before;
        Assert.True(growth < Limit, $"100 cycles left {growth >> 20} MiB behind.");
    }

    private static long WorkingSet()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
