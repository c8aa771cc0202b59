namespace FerSharp.Evaluation.Tests.Analysis;

/// <summary>The analysis of FER-2013; the figures are NumPy's and those of the data folder's README.</summary>
public sealed class SharedFer2013AnalysisTests
{
    [Fact]
    public void Report_TrainingAndPublicTest_HasTheKnownFigures()
    {
        var report = DatasetReport.Create(
            [Open("Training"), Open("PublicTest")], new DatasetReportOptions { NearDuplicates = null, ProjectionPictures = 200 }, cancellationToken: TestContext.Current.CancellationToken);

        IntensityHistogram training = report.Parts[0].Pixels.Gray, test = report.Parts[1].Pixels.Gray;
        Assert.Equal(129.47419042760498, training.Mean, 1e-9);
        Assert.Equal(65.02691693898203, training.StandardDeviation, 1e-9);
        Assert.Equal(128.98108079084238, test.Mean, 1e-9);
        Assert.Equal(65.00589364361012, test.StandardDeviation, 1e-9);
        Assert.Equal(28709L * 48 * 48, training.Total);
        Assert.Equal((Emotion.Disgust, 436 + 56), (report.Classes.Rarest!.Value, report.Classes[Emotion.Disgust]));
        Assert.False(report.Classes.IsBelowEvenShare(Emotion.Sadness));
        Assert.Equal(7, report.MeanFaces.Count);
        Assert.Equal(32298, report.MeanFaces.Sum(face => face.Count));
        Assert.Equal([new PictureSize(48, 48, 28709)], report.Parts[0].Sizes);

        // Without pictures that were asked for, the only ones are the seven means, each over hundreds.
        Assert.Equal(7, report.ToDocument().ToHtml().Split("<img").Length - 1);
    }

    private static FaceDataset Open(string usage) => FaceDatasets.Packed(
        TestFiles.InShared("data", "fer2013_train_val.bin.gz"), TestFiles.InShared("data", "fer2013_train_val_labels.csv.gz"), usage, cancellationToken: TestContext.Current.CancellationToken);
}
