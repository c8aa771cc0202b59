using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

public sealed class ConcurrencyTests
{
    private const int Threads = 4;

    private static readonly FrameView[] Pictures =
    [
        SyntheticFrames.FaceScene(), FrameTransforms.Mirror(SyntheticFrames.FaceScene()), SyntheticFrames.Noise(200, 90, seed: 5),
        FrameTransforms.Encode(FrameTransforms.Enlarge(SyntheticFrames.FaceScene(), 3), PixelFormat.Bgra32, padding: 4), SyntheticFrames.Blank(64, 48),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Detect_FromFourThreads_EqualsSequentialBitForBit(int maxConcurrency)
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), MaxConcurrency = maxConcurrency, ScoreThreshold = 0.05f });
        FaceDetection[][] expected = [.. Pictures.Select(picture => detector.Detect(picture))];
        Assert.NotEmpty(expected[0]);
        InParallel(call => Assert.Equal(expected[call % Pictures.Length], detector.Detect(Pictures[call % Pictures.Length])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Classify_FromFourThreads_EqualsSequentialBitForBit(int maxConcurrency)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxConcurrency = maxConcurrency });
        FaceRegion[][] batches = [.. Enumerable.Range(0, 7).Select(b => Enumerable.Range(0, b + 1).Select(i => FaceRegion.Whole(Pictures[(b + i) % Pictures.Length])).ToArray())];
        EmotionScores[][] expected = [.. batches.Select(batch => Read(classifier, batch))];
        InParallel(call => Assert.Equal(expected[call % batches.Length], Read(classifier, batches[call % batches.Length])));
    }

    [Fact]
    public async Task Detect_AllContextsInUse_WaitsAndHonoursCancellation()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), MaxConcurrency = 1 });
        (GatedMemory gate, FrameView gated) = GatedMemory.Around(Pictures[0]);
        using IDisposable _ = gate;
        Task<FaceDetection[]> first = Task.Run(() => detector.Detect(gated), TestContext.Current.CancellationToken);
        gate.WaitUntilReached();
        using var cancellation = new CancellationTokenSource();
        Task<FaceDetection[]> second = Task.Run(() => detector.Detect(Pictures[0], cancellationToken: cancellation.Token), TestContext.Current.CancellationToken);
        Task early = await Task.WhenAny(second, Task.Delay(50, TestContext.Current.CancellationToken));
        Assert.NotSame(second, early);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Open();
        Assert.Equal(3, (await first).Length);
        Assert.Equal(3, detector.Detect(Pictures[0]).Length);
    }

    [Fact]
    public async Task Classify_AllContextsInUse_WaitsAndHonoursCancellation()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxConcurrency = 1 });
        (GatedMemory gate, FrameView gated) = GatedMemory.Around(Pictures[0]);
        using IDisposable _ = gate;
        Task<EmotionScores> first = Task.Run(() => classifier.Classify(FaceRegion.Whole(gated)), TestContext.Current.CancellationToken);
        gate.WaitUntilReached();
        using var cancellation = new CancellationTokenSource();
        Task<EmotionScores> second = Task.Run(() => classifier.Classify(FaceRegion.Whole(Pictures[0]), cancellation.Token), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Open();
        Assert.Equal(classifier.Classify(FaceRegion.Whole(Pictures[0])), await first);
    }

    [Fact]
    public async Task Detect_FewerCallsThanContexts_RunAtOnce()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), MaxConcurrency = 2 });
        (GatedMemory gate, FrameView gated) = GatedMemory.Around(Pictures[0]);
        using IDisposable _ = gate;
        Task<FaceDetection[]> first = Task.Run(() => detector.Detect(gated), TestContext.Current.CancellationToken);
        gate.WaitUntilReached();
        Assert.Equal(3, detector.Detect(Pictures[0]).Length);
        Assert.False(first.IsCompleted);
        gate.Open();
        Assert.Equal(3, (await first).Length);
    }

    private static EmotionScores[] Read(OnnxEmotionClassifier classifier, FaceRegion[] faces)
    {
        var scores = new EmotionScores[faces.Length];
        classifier.Classify(faces, scores);
        return scores;
    }

    private static void InParallel(Action<int> call)
    {
        var faults = new Exception?[Threads];
        using var start = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                for (int i = 0; i < 60; i++)
                {
                    call((13 * t) + i);
                }
            }
            catch (Exception e)
            {
                faults[t] = e;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(faults, Assert.Null);
    }
}
