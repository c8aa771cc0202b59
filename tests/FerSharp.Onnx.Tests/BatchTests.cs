using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

public sealed class BatchTests
{
    private static readonly FrameView[] Crops = [.. Enumerable.Range(0, 20).Select(i => SyntheticFrames.Noise(16 + i, 40 - i, seed: i))];

    public static TheoryData<int> Counts => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Classify_SeveralFaces_EqualSingles(int count)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        AssertEqualSingles(classifier, count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(32)]
    public void Classify_AnyMaxBatchSize_EqualSingles(int maxBatchSize)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxBatchSize = maxBatchSize });
        AssertEqualSingles(classifier, Crops.Length);
    }

    [Fact]
    public void Classify_GraphWithBatchOfOne_ReadsManyFaces()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(TestModels.FixedBatchClassifier(1));
        AssertEqualSingles(classifier, 5);
    }

    [Fact]
    public void Classify_CancelledBetweenBatches_Stops()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(TestModels.FixedBatchClassifier(1));
        using var cancellation = new CancellationTokenSource();
        (GatedMemory gate, FrameView gated) = GatedMemory.Around(Crops[0]);
        using IDisposable _ = gate;
        FaceRegion[] faces = [FaceRegion.Whole(gated), FaceRegion.Whole(Crops[1])];
        var scores = new EmotionScores[2];
        Task call = Task.Run(() => classifier.Classify(faces, scores, cancellation.Token));
        gate.WaitUntilReached();
        cancellation.Cancel();
        gate.Open();
        Assert.ThrowsAny<OperationCanceledException>(() => call.GetAwaiter().GetResult());
        Assert.True(scores[1].IsEmpty);
    }

    private static void AssertEqualSingles(OnnxEmotionClassifier classifier, int count)
    {
        FaceRegion[] faces = [.. Crops.Take(count).Select(crop => FaceRegion.Whole(crop))];
        var scores = new EmotionScores[count];
        classifier.Classify(faces, scores);
        for (int i = 0; i < count; i++)
        {
            EmotionScores single = classifier.Classify(faces[i]);
            for (Emotion emotion = Emotion.Neutral; emotion <= Emotion.Contempt; emotion++)
            {
                Assert.Equal(single[emotion], scores[i][emotion], 1e-5f);
            }
        }

        Assert.Equal(count, scores.Distinct().Count());
    }
}
