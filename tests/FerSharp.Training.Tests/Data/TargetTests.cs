using CsCheck;

namespace FerSharp.Training.Tests;

public sealed class TargetTests
{
    private static readonly TrainingSet Set = DrawnFaces.Set(14);

    [Fact]
    public void Write_LabelAndVotes_AreSmoothedLabelAndVotes()
    {
        (float[] consensus, float[] fer2013) = Targets(Set, new TrainingRecipe { Name = "r", LabelSmoothing = 0.14f }, picture: 3);

        Assert.Equal([0.2f, 0.8f, 0, 0, 0, 0, 0, 0], consensus, Near);
        Assert.Equal([0.02f, 0.02f, 0.02f, 0.88f, 0.02f, 0.02f, 0.02f], fer2013, Near);
    }

    [Fact]
    public void Write_TeacherOfHalfShare_IsHalfTheTarget()
    {
        const string Csv = "id,...\n3,0,0,0,0,0,0,0,1,1,0,0,0,0,0,0\n";
        TrainingSet taught = Set.WithTeacher(SoftLabels.FromCsv(Csv));
        var recipe = new TrainingRecipe { Name = "r", LabelSmoothing = 0, TeacherShare = 0.5f };

        Assert.Equal([0.1f, 0.4f, 0, 0, 0, 0, 0, 0.5f], Targets(taught, recipe, 3).Consensus, Near);
        Assert.Equal([0.5f, 0, 0, 0.5f, 0, 0, 0], Targets(taught, recipe, 3).Fer2013, Near);
        Assert.Equal(Targets(Set, recipe, 4).Consensus, Targets(taught, recipe, 4).Consensus);
        Assert.Equal(Targets(Set, recipe, 3).Consensus, Targets(taught, recipe with { TeacherShare = 0 }, 3).Consensus);
    }

    [Fact]
    public void Weights_WhateverAmounts_AverageOneOverTheSet() => Gen.Select(Gen.Int[0, 500].Array[2, 8], Gen.Double[0, 1]).Sample((counts, balance) =>
    {
        double[] amounts = [.. counts.Select(count => (double)count)];
        float[] weights = TargetWriter.Weights(amounts, balance);
        double all = amounts.Sum();
        return all == 0 || Math.Abs((amounts.Zip(weights, (a, w) => a * w).Sum() / all) - 1) < 1e-4;
    });

    [Fact]
    public void Weights_FullBalance_MakeEachClassAsHeavyAsAnother()
    {
        float[] weights = TargetWriter.Weights([10, 40, 50], balance: 1);
        Assert.Equal(10 * weights[0], 40 * weights[1], 1e-3);
        Assert.Equal(10 * weights[0], 50 * weights[2], 1e-3);
        Assert.Equal([1f, 1, 1], TargetWriter.Weights([10, 40, 50], balance: 0));
    }

    [Fact]
    public void Batches_OfEpoch_ShowEachPictureOnce_AndAreTheSameEachTime()
    {
        var recipe = new TrainingRecipe { Name = "r", BatchSize = 4, Augmentation = new AugmentationSpec { Rotation = 10, Mix = 0.5f } };
        float[][] Epoch(int epoch)
        {
            using var producer = new BatchProducer(Set, new TargetWriter(Set, recipe), recipe, epoch, TestContext.Current.CancellationToken);
            return [.. producer.Batches().Select(batch => batch.Pixels.ToArray().Concat(batch.Consensus).Concat(batch.Fer2013).ToArray())];
        }

        Assert.Equal(3, Epoch(0).Length);
        Assert.Equal(Epoch(1), Epoch(1));
        Assert.NotEqual(Epoch(0)[0], Epoch(1)[0]);
    }

    [Fact]
    public void Batches_Cancelled_Throw()
    {
        using var stop = new CancellationTokenSource();
        var recipe = new TrainingRecipe { Name = "r", BatchSize = 2 };
        using var producer = new BatchProducer(Set, new TargetWriter(Set, recipe), recipe, 0, stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (Batch _ in producer.Batches())
            {
                stop.Cancel();
            }
        });
    }

    [Fact]
    public void Csv_OfSoftLabels_ReadsBack()
    {
        const string Csv = "id,...\nb,1,0,0,0,0,0,0,0,0,0,0,0,0,0,1\na,x.png,0.25,0.75,0,0,0,0,0,0,1,0,0,0,0,0,0\n";
        SoftLabels labels = SoftLabels.FromCsv(Csv);
        SoftLabels again = SoftLabels.FromCsv(labels.ToCsv());

        Assert.Equal(2, labels.Count);
        Assert.Equal(labels.Sha256, again.Sha256);
        Assert.Equal(0.75f, again.Of("a,x.png").Consensus.Span[1]);
        Assert.True(again.Of("none").Consensus.IsEmpty);
        Assert.Throws<InvalidDataException>(() => SoftLabels.FromCsv("id\na,1,2\n"));
    }

    [Fact]
    public void Ask_OneTeacher_GivesItsAnswers()
    {
        using var teacher = new FerSharp.Testing.FakeEmotionClassifier();
        SoftLabels labels = SoftLabels.Ask(Set, [teacher], [], mirror: false, TestContext.Current.CancellationToken);
        using Frame picture = new DrawnFaces(14).Load(5);
        EmotionScores expected = teacher.Classify(FaceRegion.Whole(picture.View));

        Assert.Equal(14, labels.Count);
        Assert.Equal([.. Enum.GetValues<Emotion>().Select(emotion => expected[emotion])], labels.Of("5").Consensus.ToArray(), Near);
        Assert.True(labels.Of("5").Fer2013.IsEmpty);
        Assert.Throws<ArgumentException>(() => SoftLabels.Ask(Set, [], [], cancellationToken: TestContext.Current.CancellationToken));
    }

    private static bool Near(float a, float b) => MathF.Abs(a - b) < 1e-4f;

    private static (float[] Consensus, float[] Fer2013) Targets(TrainingSet set, TrainingRecipe recipe, int picture)
    {
        var consensus = new float[8];
        var fer2013 = new float[7];
        new TargetWriter(set, recipe).Write(picture, consensus, fer2013);
        return (consensus, fer2013);
    }
}
