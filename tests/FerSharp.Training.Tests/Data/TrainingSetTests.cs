using FerSharp.Evaluation;

namespace FerSharp.Training.Tests;

public sealed class TrainingSetTests
{
    [Fact]
    public void From_PicturesOfItsSize_KeepsTheirPixels()
    {
        var faces = new DrawnFaces(3);
        TrainingSet set = TrainingSet.From(faces, cancellationToken: TestContext.Current.CancellationToken);
        using Frame picture = faces.Load(1);

        Assert.Equal(picture.View.Pixels.ToArray(), set.Pixels(1).ToArray());
        Assert.Equal((3, 48, 1), (set.Count, set.Side, set.Fer2013Label(1)));
        Assert.Equal((int)Emotion.Disgust, set.MajorityLabel(1));
    }

    [Fact]
    public void From_PicturesOfAnotherSize_FitsThem()
    {
        TrainingSet set = TrainingSet.From(new DrawnFaces(7, side: 96), side: 48, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(48 * 48, set.Pixels(0).Length);

        // The bar of the first label is the top seventh.
        Assert.True(set.Pixels(0)[..(6 * 48)].ToArray().Average(pixel => pixel) > 180);
        Assert.True(set.Pixels(0)[(8 * 48)..].ToArray().Average(pixel => pixel) < 80);
    }

    [Fact]
    public void From_DataWithoutVotes_TakesItsLabelsForVotes()
    {
        TrainingSet set = TrainingSet.From(new DrawnFaces(7, votes: false), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([0f, 1, 0, 0, 0, 0, 0, 0], set.Votes(3).ToArray());
    }

    [Fact]
    public void From_Fer2013_LeavesOutWhatItMust()
    {
        string pictures = TestFiles.InShared("data", "fer2013_train_val.bin.gz"), labels = TestFiles.InShared("data", "fer2013_train_val_labels.csv.gz");
        var options = new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest", "PrivateTest"], LeaveOutNotAFace = true, LeaveOutFlat = true };
        FaceDataset own = FaceDatasets.Packed(pictures, labels, "Training", LabelSet.Fer2013, options, TestContext.Current.CancellationToken);
        FaceDataset agreed = FaceDatasets.Packed(pictures, labels, "Training", LabelSet.FerPlusMajority, options, TestContext.Current.CancellationToken);
        TrainingSet set = TrainingSet.From(own, agreed, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(27_863, set.Count);
        Assert.All(Enumerable.Range(0, set.Count), i => Assert.Equal(1, set.Votes(i).ToArray().Sum(), 1e-4));
        Assert.InRange(Enumerable.Range(0, set.Count).Count(i => set.MajorityLabel(i) >= 0), 24_000, 27_000);
    }
}
