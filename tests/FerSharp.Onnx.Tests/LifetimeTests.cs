using System.Diagnostics;
using FerSharp.Graphs;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

/// <summary>Runs alone: what other tests hold at the same time would be counted.</summary>
[CollectionDefinition(nameof(LifetimeTests), DisableParallelization = true)]
[Collection(nameof(LifetimeTests))]
public sealed class LifetimeTests
{
    private const long Limit = 50 << 20;

    [Fact]
    public void LoadAndDispose_ManyTimes_KeepsTheWorkingSet()
    {
        ModelPackage faces = ToyModels.Detector();
        ModelPackage expressions = TestModels.Classifier(Heavy(TestModels.LabelCount));
        FaceRegion face = FaceRegion.Whole(SyntheticFrames.Noise(16, 16));
        AssertKeepsWorkingSet(() =>
        {
            using OnnxFaceDetector detector = OnnxFaceDetector.Load(faces);
            using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(expressions);
            classifier.Classify(face);
        });
    }

    [Fact]
    public void LoadOfUnfitModels_ManyTimes_KeepsTheWorkingSet()
    {
        ModelPackage unfit = TestModels.Classifier(Heavy(9));
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

    /// <summary>A graph with 8 MiB of weights, so that a session that is not freed shows soon.</summary>
    private static Action<OnnxWriter> Heavy(int outputs) => graph =>
    {
        string pixels = graph.Flatten(graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16));
        float[] weights = [.. Enumerable.Range(0, 8192 * 256).Select(i => (i % 17) * 1e-3f)];
        string wide = graph.Gemm(pixels, graph.Initializer("weights", weights, 8192, 256));
        graph.Output("logits", graph.Gemm(wide, graph.Initializer("head", new float[outputs * 8192], outputs, 8192)), OnnxElementType.Float32, "N", "classes");
    };

    private static void AssertKeepsWorkingSet(Action cycle)
    {
        for (int i = 0; i < 20; i++)
        {
            cycle();
        }

        // No collection after this: finalisers must not be what frees a session.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = WorkingSet();
        for (int i = 0; i < 100; i++)
        {
            cycle();
        }

        long growth = WorkingSet() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"100 cycles: {growth >> 10} KiB");
        Assert.True(growth < Limit, $"100 cycles left {growth >> 20} MiB behind.");
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
