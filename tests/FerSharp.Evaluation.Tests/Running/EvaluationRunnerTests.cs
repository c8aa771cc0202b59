using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Running;

public sealed class EvaluationRunnerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 8)]
    public void Run_AnyBatchAndThreads_GivesTheSameReadings(int batch, int threads)
    {
        using var classifier = new FakeEmotionClassifier();
        var dataset = new GeneratedDataset(50);
        PredictionSet expected = EvaluationRunner.Run(classifier, dataset, new EvaluationOptions { BatchSize = 1, Threads = 1 });
        PredictionSet actual = EvaluationRunner.Run(classifier, dataset, new EvaluationOptions { BatchSize = batch, Threads = threads });
        Assert.Equal(expected.Predictions, actual.Predictions);
        Assert.Equal(1, actual.Coverage);
        Assert.Equal(0, dataset.Outstanding);
    }

    [Fact]
    public void Run_SamplesWithoutLabel_AreNotAsked()
    {
        PredictionSet result = EvaluationRunner.Run(new FakeEmotionClassifier(), new GeneratedDataset(10, label: i => i % 2 == 0 ? Emotion.Fear : null));
        Assert.Equal(["0", "2", "4", "6", "8"], result.Predictions.Select(p => p.Id));
    }

    [Fact]
    public void Run_BrokenPicture_IsAFaultAndNotAReading()
    {
        var dataset = new GeneratedDataset(10, broken: 3);
        PredictionSet result = EvaluationRunner.Run(new FakeEmotionClassifier(), dataset);
        Assert.Equal(PredictionStatus.Unreadable, result.Predictions[3].Status);
        Assert.Equal("3", Assert.Single(result.Faults).Where);
        Assert.Equal(0.9, result.Coverage, 1e-9);
        Assert.Equal(0, dataset.Outstanding);
    }

    [Fact]
    public void Run_DetectorThatFindsNothing_CountsAsMissed()
    {
        PredictionSet result = EvaluationRunner.Run(new FakeEmotionClassifier(), new GeneratedDataset(5), new EvaluationOptions { Detector = new FakeFaceDetector((in FrameView _, Span<FaceDetection> _) => 0) });
        Assert.All(result.Predictions, p => Assert.Equal((PredictionStatus.FaceMissed, true), (p.Status, p.Scores.IsEmpty)));
        Assert.Equal(0, result.Coverage);
    }

    [Fact]
    public void Run_ClassifierThatFails_EndsWithItsException()
    {
        var dataset = new GeneratedDataset(100);
        using var classifier = new FakeEmotionClassifier((in FaceRegion _) => throw new FerInferenceException("m", "broken"));
        Assert.Throws<FerInferenceException>(() => EvaluationRunner.Run(classifier, dataset));
        Assert.Equal(0, dataset.Outstanding);
    }

    [Fact]
    public void Run_Cancelled_Throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => EvaluationRunner.Run(new FakeEmotionClassifier(), new GeneratedDataset(10), cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public void Run_NoLabelAtAll_IsRefused() =>
        Assert.Throws<ArgumentException>("dataset", () => EvaluationRunner.Run(new FakeEmotionClassifier(), new GeneratedDataset(3, label: _ => null)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(2000, 1)]
    public void Run_OptionsOutOfRange_AreRefused(int batch, int threads) =>
        Assert.Throws<ArgumentException>(() => EvaluationRunner.Run(new FakeEmotionClassifier(), new GeneratedDataset(3), new EvaluationOptions { BatchSize = batch, Threads = threads }));

    [Fact]
    public void Run_EmbeddedClassifierOnPublicTest_GivesItsMeasuredAccuracy()
    {
        string pixels = TestFiles.InShared("data", "fer2013_train_val.bin.gz"), labels = TestFiles.InShared("data", "fer2013_train_val_labels.csv.gz");
        FaceDataset dataset = FaceDatasets.Packed(pixels, labels, "PublicTest", LabelSet.FerPlusMajority);
        using IEmotionClassifier classifier = Onnx.OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        PredictionSet result = EvaluationRunner.Run(classifier, dataset);
        Assert.Equal(3316, result.Predictions.Count);
        Assert.Equal(0.857, result.Read.Count(p => p.Scores.Top == p.Truth) / (double)result.Predictions.Count, 0.003);
    }

    private sealed class GeneratedDataset(int count, Func<int, Emotion?>? label = null, int broken = -1)
        : FaceDataset(new DatasetInfo("generated", "", "0"), [.. Enumerable.Range(0, count).Select(i => new FaceSample($"{i}", label is null ? (Emotion)(i % 8) : label(i)))], [])
    {
        private int _outstanding;

        public int Outstanding => Volatile.Read(ref _outstanding);

        public override Frame Load(int index)
        {
            if (index == broken)
            {
                throw new InvalidDataException("damaged");
            }

            Interlocked.Increment(ref _outstanding);
            return Frame.Create(new Owner(this, SyntheticFrames.Noise(8, 8, seed: index, PixelFormat.Gray8).Pixels.ToArray()), 8, 8, PixelFormat.Gray8);
        }

        private sealed class Owner(GeneratedDataset dataset, byte[] pixels) : System.Buffers.IMemoryOwner<byte>
        {
            public Memory<byte> Memory => pixels;

            public void Dispose() => Interlocked.Decrement(ref dataset._outstanding);
        }
    }
}
