using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Analysis;

/// <summary>Worked examples, laws and bad input.</summary>
public sealed class DatasetReportTests
{
    private static readonly DatasetReportOptions Quick = new() { NearDuplicates = null, ProjectionPictures = 0 };

    [Fact]
    public void ClassBalance_Fer2013Training_DisprovesThatSadIsBelowEvenShare()
    {
        // The counts of FER-2013's training part, in the order of Emotion.
        ClassBalance balance = new([4965, 7215, 3171, 4830, 3995, 436, 4097, 0]);

        Assert.Equal((Emotion.Disgust, Emotion.Happiness, 28709), (balance.Rarest!.Value, balance.Largest!.Value, balance.Total));
        Assert.Equal(7215.0 / 436, balance.Ratio);
        Assert.False(balance.IsBelowEvenShare(Emotion.Sadness));
        Assert.Equal([Emotion.Surprise, Emotion.Anger, Emotion.Disgust, Emotion.Fear], EmotionSet.All.ToArray().Where(balance.IsBelowEvenShare).Order());
        Assert.Equal(28709 / (7.0 * 436), balance.BalancedWeights[(int)Emotion.Disgust], 1e-12);
    }

    [Fact]
    public void WeightsOf_LabelsThatWereCounted_HaveMeanOneAndMakeClassesEqual()
    {
        Emotion[] labels = [Emotion.Fear, Emotion.Fear, Emotion.Fear, Emotion.Anger];
        float[] weights = new ClassBalance([0, 0, 0, 0, 1, 0, 3, 0]).WeightsOf(labels);

        Assert.Equal([4f / 6, 4f / 6, 4f / 6, 2], weights);
        Assert.Equal(1, weights.Average(), 1e-6);
        Assert.Equal(0, new ClassBalance([0, 0, 0, 0, 1, 0, 3, 0]).WeightsOf([Emotion.Neutral])[0]);
    }

    [Fact]
    public void ClassBalance_BadCounts_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ClassBalance([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new ClassBalance([1, 2, 3, -1, 0, 0, 0, 0]));
        Assert.Throws<OverflowException>(() => new ClassBalance([int.MaxValue, 1, 0, 0, 0, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => new ClassBalance([1, 0, 0, 0, 0, 0, 0, 0]).WeightsOf([(Emotion)9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassBalance([1, 0, 0, 0, 0, 0, 0, 0])[(Emotion)9]);
    }

    [Fact]
    public void ClassBalance_NoLabel_HasNoRarestClass()
    {
        ClassBalance empty = new(new int[8]);

        Assert.Null(empty.Rarest);
        Assert.Equal((double.NaN, double.NaN), (empty.Ratio, empty.ShareOf(Emotion.Fear)));
        Assert.All(empty.BalancedWeights, weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Histogram_OnePicture_CountsEachLevelInItsBin()
    {
        var levels = IntensityHistogram.Of(Faces.Gray(3, 2, 0, 5, 6, 255, 255, 128));

        // Level v is in bin floor(50 v / 256): 0 and 5 in bin 0, 6 in bin 1, 128 in bin 25, 255 in bin 49.
        Assert.Equal((2, 1, 1, 2), (levels.Bins[0].Count, levels.Bins[1].Count, levels.Bins[25].Count, levels.Bins[49].Count));
        Assert.Equal(6, levels.Bins.Sum(bin => bin.Count));
        Assert.Equal((0, 6), (levels.Bins[0].Lower, levels.Bins[0].Upper));
        Assert.Equal(649.0 / 6, levels.Mean, 1e-12);
        Assert.Equal(levels.Mean / 255, levels.UnitMean, 1e-15);
        Assert.Throws<ArgumentException>(() => IntensityHistogram.Of(default));
    }

    [Fact]
    public void Pixels_ColourPictures_HaveChannelsWithTheGrayOnesAmongThem()
    {
        var colour = new FrameView(new byte[] { 10, 20, 30, 255 }, 1, 1, PixelFormat.Bgra32);
        var report = DatasetReport.Create([Faces.Of("c", (Emotion.Fear, colour), (Emotion.Anger, Faces.Gray(1, 1, 100)))], Quick);
        PixelStatistics pixels = report.Parts[0].Pixels;

        // Luma 0.299 * 30 + 0.587 * 20 + 0.114 * 10 = 21.85, rounded 22.
        Assert.Equal((61.0, 65.0, 60.0, 55.0), (pixels.Gray.Mean, pixels.Red!.Mean, pixels.Green!.Mean, pixels.Blue!.Mean));
        Assert.Equal([(PixelFormat.Gray8, 1), (PixelFormat.Bgra32, 1)], report.Parts[0].Formats.Select(format => (format.Key, format.Value)));
        Assert.Null(DatasetReport.Create([Faces.Drawn("g", 3)], Quick).Parts[0].Pixels.Red);
    }

    [Fact]
    public void Sizes_PicturesOfUnequalSize_HaveRangeAndAreStretchedForMeans()
    {
        var report = DatasetReport.Create([Faces.Of("s", (Emotion.Fear, Faces.Flat(10, 20)), (Emotion.Fear, Faces.Flat(30, 20)), (Emotion.Fear, Faces.Flat(50, 4)), (Emotion.Anger, Faces.Flat(7, 100)))], Quick);
        DatasetPart part = report.Parts[0];

        Assert.Equal(new SizeRange(4, 20, 100), part.Widths);
        Assert.Equal([new PictureSize(20, 20, 2), new PictureSize(4, 4, 1), new PictureSize(100, 100, 1)], part.Sizes);
        Assert.Equal([(Emotion.Anger, 1, 7f), (Emotion.Fear, 3, 30f)], report.MeanFaces.Select(face => (face.Emotion, face.Count, face.Pixels[0])).OrderBy(face => face.Emotion));
        Assert.Equal(new SizeRange(1, 1.5, 2), DatasetReport.Create([Faces.Of("s", (null, Faces.Flat(1, 1)), (null, Faces.Flat(1, 2)))], Quick).Parts[0].Heights);
    }

    [Fact]
    public void MeanFace_ToPicture_StretchesContrastAndLeavesAFlatMeanAsItIs()
    {
        FrameView half = Faces.Gray(8, 8, [.. Enumerable.Range(0, 64).Select(i => (byte)(i < 32 ? 50 : 150))]);
        var report = DatasetReport.Create([Faces.Of("m", (Emotion.Fear, half), (Emotion.Fear, Faces.Flat(100)), (Emotion.Anger, Faces.Flat(9)))], Quick with { Side = 8 });

        MeanFace fear = report.MeanFaces.Single(face => face.Emotion == Emotion.Fear), anger = report.MeanFaces.Single(face => face.Emotion == Emotion.Anger);
        Assert.Equal((75, 125), (fear.Pixels[0], fear.Pixels[63]));
        Assert.Equal((0, 255), (fear.ToPicture().GetRow(0)[0], fear.ToPicture().GetRow(7)[7]));
        Assert.Equal(9, anger.ToPicture().GetRow(0)[0]);
    }

    [Fact]
    public void Report_AnyPictures_CountsAddUpAndMeanOfMeansIsTheMean()
    {
        var report = DatasetReport.Create([Faces.Drawn("a", 40), Faces.Drawn("b", 23, 100, PixelFormat.Rgb24)], Quick);

        Assert.Equal(63, report.Classes.Total);
        Assert.All(EmotionSet.All.ToArray(), emotion => Assert.Equal(report.Classes[emotion], report.Parts.Sum(part => part.Classes[emotion])));
        Assert.All(report.Parts, part => Assert.Equal(part.Pictures * 48 * 48, part.Pixels.Gray.Total));
        Assert.All(report.Parts, part => Assert.All(part.Pixels.Channels, channel => Assert.Equal(channel.Levels.Total, channel.Levels.Bins.Sum(bin => bin.Count))));
        double means = report.MeanFaces.Sum(face => face.Count * face.Pixels.ToArray().Average(pixel => (double)pixel)) / 63;
        double pixels = report.Parts.Sum(part => part.Pixels.Gray.Mean * part.Pixels.Gray.Total) / report.Parts.Sum(part => part.Pixels.Gray.Total);
        // Luma is rounded in one and not in the other.
        Assert.Equal(pixels, means, 0.5);
    }

    [Fact]
    public void Report_OtherNumberOfThreads_GivesTheSameBytes()
    {
        FaceDataset[] parts = [Faces.Drawn("a", 40), Faces.Drawn("b", 23, 30)];
        var options = new DatasetReportOptions { IncludePictures = true, Embedding = (in FrameView view, CancellationToken _) => [view.GetRow(20)[20], view.GetRow(30)[24], view.GetRow(10)[9]] };
        DatasetReport[] reports = [.. new[] { 1, 4, 4 }.Select(threads => DatasetReport.Create(parts, options, null, new ParallelOptions { MaxDegreeOfParallelism = threads }))];

        Assert.All(reports, report => Assert.Equal(reports[0].ToJson(), report.ToJson()));
        Assert.All(reports, report => Assert.Equal(reports[0].ToDocument().ToHtml(), report.ToDocument().ToHtml()));
        Assert.All(reports, report => Assert.Equal(reports[0].PixelProjection!.ToCsv(), report.PixelProjection!.ToCsv()));
        Assert.NotEqual(reports[0].ToDocument().ToHtml(), DatasetReport.Create(parts, options with { Seed = 2 }).ToDocument().ToHtml());
    }

    [Fact]
    public void Report_PicturesInAnotherOrder_ChoosesTheSameSample()
    {
        (Emotion?, FrameView)[] pictures = [.. Enumerable.Range(0, 30).Select(i => ((Emotion?)(Emotion)(i % 7), Faces.Draw(i)))];
        FaceDataset forward = Faces.Of("x", pictures);
        FaceDataset backward = forward.Subset([.. Enumerable.Range(0, 30).Reverse()], "x");
        var options = Quick with { ProjectionPictures = 10 };

        Assert.Equal(
            DatasetReport.Create([forward], options).PixelProjection!.Points.Select(point => point.Picture.Id).Order(),
            DatasetReport.Create([backward], options).PixelProjection!.Points.Select(point => point.Picture.Id).Order());
    }

    [Fact]
    public void PrincipalComponents_Noise_EndsAndSharesAreInOrder()
    {
        var random = new SplitMix64(5);
        float[][] rows = [.. Enumerable.Range(0, 120).Select(_ => Enumerable.Range(0, 80).Select(_ => (float)random.Next(0, 1)).ToArray())];
        ((double X, double Y)[] points, double[] ratios) = PrincipalComponents.Project(rows, new ParallelOptions());

        Assert.InRange(ratios[0], ratios[1], 0.1);
        Assert.InRange(ratios[1], 1.0 / 80, 0.1);
        Assert.Equal(0, points.Sum(point => point.X), 1e-9);
        Assert.Equal(0, points.Sum(point => point.X * point.Y) / points.Sum(point => point.X * point.X), 1e-9);
    }

    [Fact]
    public void Correlation_PicturesAndTheirOpposite_AreOneAndMinusOne()
    {
        FrameView face = Faces.Draw(3);
        byte[] inverse = [.. face.Pixels.ToArray().Select(pixel => (byte)(255 - pixel))];
        var report = DatasetReport.Create(
            [Faces.Of("a", (Emotion.Fear, face), (null, new FrameView(inverse, 48, 48, PixelFormat.Gray8)), (Emotion.Fear, Faces.Flat(9)))],
            Quick with { CorrelationIds = ["a0", "a1", "a2"] });

        Assert.Equal(1, report.Correlation![0, 0]);
        Assert.Equal(-1, report.Correlation[1, 0], 1e-6);
        Assert.Equal(double.NaN, report.Correlation[0, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Correlation[0, 3]);
        Assert.Contains("flat", report.ToDocument().ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicates_CopiesWithinAndAcross_AreCountedWithTheirLabels()
    {
        Faces first = Faces.Of("train", (Emotion.Fear, Noise(1)), (Emotion.Anger, Noise(1)), (Emotion.Fear, Noise(2)), (Emotion.Fear, Noise(3)));
        Faces second = Faces.Of("test", (Emotion.Fear, Noise(3)), (Emotion.Fear, Noise(4)));
        var report = DatasetReport.Create([first, second], Quick with { NearDuplicates = new LeakOptions(), IncludePictures = true });

        Assert.Equal([(0, 0, 1, 1), (1, 1, 0, 0), (0, 1, 1, 0)], report.Duplicates.Select(search => (search.FirstPart, search.SecondPart, search.Leaks.Pairs.Count, search.IdenticalWithOtherLabel)));
        string page = report.ToDocument().ToHtml();
        Assert.Contains("Parts share pictures", page, StringComparison.Ordinal);
        Assert.Contains("train and test: some identical pairs", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Votes_WorkedExample_HasAgreementEntropyAndNoMajority()
    {
        FaceSample[] samples =
        [
            Voted("a", Emotion.Neutral, 1, 0),
            Voted("b", Emotion.Neutral, 0.5f, 0.5f),
            Voted("c", Emotion.Neutral, 0.25f, 0.75f),
            Voted("d", null, 0.5f, 0.5f),
            new FaceSample("e", Emotion.Fear),
        ];
        VoteStatistics votes = DatasetReport.Create([new Faces("v", samples, [.. samples.Select((_, i) => Noise(i))])], Quick).Parts[0].Votes!;

        Assert.Equal((4, 3, 1, 2), (votes.Voted, votes.Labelled, votes.Agreeing, votes.WithoutMajority));
        Assert.Equal(1.75 / 3, votes.MeanVoteShare, 1e-12);
        Assert.Equal((0 + 1 + 0.8112781244591328 + 1) / 4, votes.MeanEntropy, 1e-12);
        Assert.Equal((1.0 / 3, 0.5), (votes.Agreement, votes.ShareWithoutMajority));
    }

    private static FaceSample Voted(string id, Emotion? label, float neutral, float happiness) => new(id, label) { Votes = [neutral, happiness, 0, 0, 0, 0, 0, 0] };

    private static FrameView Noise(int seed) => SyntheticFrames.Noise(48, 48, seed, PixelFormat.Gray8);
}
