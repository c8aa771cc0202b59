using FerSharp.Onnx.Tests;
using FerSharp.Testing;

namespace FerSharp.MLNet.Tests;

public sealed class ConcurrencyTests
{
    private const int Threads = 8;

    private static readonly FaceRegion[] Faces = [.. Enumerable.Range(0, 11).Select(i => FaceRegion.Whole(SyntheticFrames.Noise(20 + i, 40 - i, i)))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Classify_FromEightThreads_EqualsSequentialBitForBit(int maxConcurrency)
    {
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(new MLNetEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxConcurrency = maxConcurrency });
        EmotionScores[] expected = [.. Faces.Select(face => classifier.Classify(face))];
        InParallel(60, call => Assert.Equal(expected[call % Faces.Length], classifier.Classify(Faces[call % Faces.Length])));
    }

    [Theory]
    [InlineData(HeadAlgorithm.MaximumEntropyLbfgs)]
    [InlineData(HeadAlgorithm.LightGbm)]
    public void Classify_HeadFromEightThreadsForLong_KeepsScoresAndMemory(HeadAlgorithm algorithm)
    {
        using var folder = new TestFolder();
        using (EmotionHead head = TestFaces.TrainToy(TestFaces.Quick(algorithm)))
        {
            head.Save(folder.Path);
        }

        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(folder.Path);
        EmotionScores[] expected = [.. Faces.Select(face => classifier.Classify(face))];
        InParallel(500, call => Assert.Equal(expected[call % Faces.Length], classifier.Classify(Faces[call % Faces.Length])));
        (long managed, long whole) before = Memory();
        InParallel(2500, call => classifier.Classify(Faces[call % Faces.Length]));
        (long managed, long whole) after = Memory();

        // 20,000 faces: 200 bytes a face that are never given back would show in the first, 2 kB of native memory in the second.
        Assert.InRange(after.managed - before.managed, long.MinValue, 4_000_000);
        Assert.InRange(after.whole - before.whole, long.MinValue, 40_000_000);
    }

    [Fact]
    public async Task Classify_AllEnginesInUse_WaitsAndHonoursCancellation()
    {
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(new MLNetEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxConcurrency = 1 });
        (GatedMemory gate, FrameView gated) = GatedMemory.Around(Faces[0].Frame);
        using IDisposable _ = gate;
        Task<EmotionScores> first = Task.Run(() => classifier.Classify(FaceRegion.Whole(gated)), TestContext.Current.CancellationToken);
        gate.WaitUntilReached();
        using var cancellation = new CancellationTokenSource();
        Task<EmotionScores> second = Task.Run(() => classifier.Classify(Faces[0], cancellation.Token), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Open();
        Assert.Equal(classifier.Classify(Faces[0]), await first);
    }

    private static (long Managed, long Whole) Memory()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }

    private static void InParallel(int calls, Action<int> call)
    {
        var faults = new Exception?[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < calls; i++)
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
