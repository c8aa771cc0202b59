namespace FerSharp.Evaluation.Tests;

/// <summary>The readers on the packed FER-2013 of the data folder; the figures are those that its README gives.</summary>
public sealed class SharedFer2013Tests
{
    private static readonly Emotion[] Order =
        [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral];

    [Theory]
    [InlineData("Training", new[] { 3995, 436, 4097, 7215, 4830, 3171, 4965 })]
    [InlineData("PublicTest", new[] { 467, 56, 496, 895, 653, 415, 607 })]
    public void Packed_EachUsage_HasTheKnownCountsOfClasses(string usage, int[] counts)
    {
        FaceDataset dataset = Open(usage);

        Assert.Equal(counts, Order.Select(emotion => dataset.Samples.Count(sample => sample.Label == emotion)));
        Assert.Empty(dataset.Faults);
    }

    [Theory]
    [InlineData(false, 3316)]
    [InlineData(true, 3297)]
    public void Packed_FerPlusMajority_LabelsTheKnownNumberOfPictures(bool sevenClasses, int expected)
    {
        FaceDataset dataset = Open("PublicTest", LabelSet.FerPlusMajority, new FaceDatasetOptions
        {
            LeaveOutUnlabelled = true,
            Classes = sevenClasses ? EmotionSet.Basic : EmotionSet.All,
        });

        Assert.Equal(expected, dataset.Samples.Count);
        Assert.Equal(3589, dataset.Samples.Count + dataset.LeftOut.Values.Sum());
    }

    [Fact]
    public void Packed_WhatIsLeftOut_HasTheKnownCounts()
    {
        FaceDataset dataset = Open("Training", options: new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest"] });
        FaceDataset finalTest = Open(null, options: new FaceDatasetOptions { LeaveOutCopiesOf = ["PrivateTest"] });

        Assert.Equal(28709 - 351, dataset.Samples.Count);
        Assert.Equal(32298 - 433, finalTest.Samples.Count);
    }

    [Fact]
    public void Packed_FlatPictures_AreTwelve()
    {
        FaceDataset dataset = Open(null, options: new FaceDatasetOptions { LeaveOutFlat = true });

        Assert.Equal(12, dataset.LeftOut.Values.Sum());
    }

    [Fact]
    public void Leaks_TrainingAndPublicTest_FindsTheKnownExactCopies()
    {
        FaceDataset training = Open("Training"), test = Open("PublicTest");

        LeakReport leaks = DatasetLeaks.Find(training, test, cancellationToken: TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"identical: {leaks.IdenticalInFirst} of Training, {leaks.IdenticalInSecond} of PublicTest; near: {leaks.NearInFirst}, {leaks.NearInSecond}");
        Assert.Equal(280, leaks.IdenticalInSecond);
        Assert.Equal(351, leaks.IdenticalInFirst);
        Assert.Empty(leaks.Faults);
    }

    private static FaceDataset Open(string? usage, LabelSet labels = LabelSet.Fer2013, FaceDatasetOptions? options = null) => FaceDatasets.Packed(
        TestFiles.InShared("data", "fer2013_train_val.bin.gz"),
        TestFiles.InShared("data", "fer2013_train_val_labels.csv.gz"),
        usage, labels, options, TestContext.Current.CancellationToken);
}
