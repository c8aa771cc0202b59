using FerSharp.Media;
using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>Which pictures a report shows, and that it shows none that nobody asked for.</summary>
public sealed class PredictionGridTests
{
    [Fact]
    public void ToDocument_NotAsked_HasNoPicture()
    {
        ReportDocument document = ReportSamples.Random().ToDocument();
        Assert.Empty(document.Blocks.OfType<PicturesBlock>());
        Assert.DoesNotContain("<img", document.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToDocument_Errors_ComeBeforeAnyHit()
    {
        EvaluationReport report = ReportSamples.Random();
        PicturesBlock[] grids = Grids(report, new Pictures(200));
        Assert.Equal(
            ["Most confident errors", "Worst errors: the true label got the least", "Drawn at random from all readings", "Least margin between the two best answers"],
            grids.Select(grid => grid.Caption));
        Assert.All(grids[..2], grid => Assert.All(grid.Pictures, picture => Assert.StartsWith("wrong, ", picture.Text[2], StringComparison.Ordinal)));
        Assert.All(grids, grid => Assert.InRange(grid.Pictures.Count, 1, 24));
        Assert.Contains(grids[2].Pictures, picture => picture.Text[2].StartsWith("right, ", StringComparison.Ordinal));

        int[] wrong = [.. Enumerable.Range(0, 200).Where(i => !report.Samples.IsRight(i))];
        Assert.Equal(wrong.OrderByDescending(i => report.Samples.Confidence[i]).Take(24).Select(i => $"{i}"), grids[0].Pictures.Select(picture => picture.Text[^1]));
        Assert.Equal(wrong.OrderByDescending(i => report.Samples.LogLoss[i]).Take(24).Select(i => $"{i}"), grids[1].Pictures.Select(picture => picture.Text[^1]));
    }

    [Fact]
    public void ToDocument_NoErrors_ShowsNoHitsAlone()
    {
        Emotion[] truth = [Emotion.Fear, Emotion.Anger, Emotion.Fear];
        ReportDocument document = ReportSamples.Answers(truth, [Emotion.Fear, Emotion.Anger, Emotion.Fear]).ToDocument(new Pictures(3));
        Assert.Empty(document.Blocks.OfType<PicturesBlock>());
        Assert.Contains("None of the 3 readings is wrong", document.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToDocument_MissedFaces_AreShownAsErrors()
    {
        EvaluationReport report = ReportSamples.Answers([Emotion.Fear, Emotion.Anger], [Emotion.Fear, null]);
        PicturesBlock[] grids = Grids(report, new Pictures(2));
        Assert.Equal("Faces that the detector missed", grids[0].Caption);
        Assert.Equal(["true: anger", "no face found", "1"], Assert.Single(grids[0].Pictures).Text);
    }

    [Fact]
    public void ToDocument_UnreadablePictures_AreNotLoaded()
    {
        EvaluationReport report = ReportSamples.Random(change: (i, one) => i % 2 == 0 ? new Prediction(one.Id, one.Truth, PredictionStatus.Unreadable, default) : one);
        var pictures = new Pictures(200);
        Grids(report, pictures);
        Assert.NotEmpty(pictures.Loaded);
        Assert.All(pictures.Loaded, index => Assert.Equal(1, index % 2));
        Assert.Equal(0, pictures.Outstanding);
    }

    [Fact]
    public void ToDocument_OtherDataSet_IsRefused()
    {
        EvaluationReport report = ReportSamples.Random();
        Assert.Contains("not the one that was read", Assert.Throws<ArgumentException>("pictures", () => report.ToDocument(new Pictures(200, hash: "other"))).Message, StringComparison.Ordinal);
        Assert.Contains("no sample", Assert.Throws<ArgumentException>("pictures", () => report.ToDocument(new Pictures(3))).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Grids(report, new Pictures(200, hash: "ABC123")));
    }

    [Fact]
    public void ToDocument_SameSeed_ShowsTheSamePictures()
    {
        string html = ReportSamples.Random().ToDocument(new Pictures(200)).ToHtml();
        Assert.Equal(html, ReportSamples.Random().ToDocument(new Pictures(200)).ToHtml());
        Assert.NotEqual(html, ReportSamples.Random(options: ReportSamples.Options with { Seed = 2 }).ToDocument(new Pictures(200)).ToHtml());
        ReportDocumentTests.Parse(html);
    }

    [Theory]
    [InlineData(48, 48, 48, 48, 112)]
    [InlineData(112, 20, 112, 20, 112)]
    [InlineData(1, 1, 1, 1, 112)]
    [InlineData(10, 100, 10, 100, 11)]
    [InlineData(640, 480, 112, 84, 112)]
    [InlineData(480, 640, 84, 112, 84)]
    [InlineData(3000, 2, 112, 1, 112)]
    [InlineData(2, 3000, 1, 112, 1)]
    public void Of_AnySize_FitsThePage(int width, int height, int fileWidth, int fileHeight, int shownWidth)
    {
        foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
        {
            FrameView view = SyntheticFrames.Noise(width, height, seed: 1, format);
            ReportPicture picture = ReportPictures.Of(view, "a", "b");
            using Frame file = Load(picture);
            Assert.Equal((fileWidth, fileHeight, shownWidth), (file.View.Width, file.View.Height, picture.Width));
            Assert.Equal(["a", "b"], picture.Text);
        }
    }

    [Fact]
    public void Of_LargeColourPicture_KeepsItsColours()
    {
        byte[] pixels = new byte[600 * 300 * 3];
        for (int i = 0; i < 600 * 300; i++)
        {
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = i % 600 < 300 ? ((byte)200, (byte)30, (byte)10) : ((byte)20, (byte)90, (byte)250);
        }

        using Frame file = Load(ReportPictures.Of(new FrameView(pixels, 600, 300, PixelFormat.Rgb24)));
        FrameView view = file.View;
        Assert.Equal((112, 56), (view.Width, view.Height));
        int red = view.Format is PixelFormat.Bgr24 or PixelFormat.Bgra32 ? 2 : 0, step = view.Format.BytesPerPixel();
        ReadOnlySpan<byte> row = view.GetRow(28);
        Assert.Equal((200, 30, 10), (row[(10 * step) + red], row[(10 * step) + 1], row[(10 * step) + 2 - red]));
        Assert.Equal((20, 90, 250), (row[(100 * step) + red], row[(100 * step) + 1], row[(100 * step) + 2 - red]));
    }

    private static Frame Load(ReportPicture picture)
    {
        using var stream = new MemoryStream(picture.Png);
        return ImageFile.Load(stream);
    }

    private static PicturesBlock[] Grids(EvaluationReport report, FaceDataset pictures) => [.. report.ToDocument(pictures).Blocks.OfType<PicturesBlock>()];

    private sealed class Pictures(int count, string hash = "abc123")
        : FaceDataset(new DatasetInfo("pictures", "", hash), [.. Enumerable.Range(0, count).Select(i => new FaceSample($"{i}", Emotion.Neutral))], [])
    {
        public List<int> Loaded { get; } = [];

        public int Outstanding { get; private set; }

        public override Frame Load(int index)
        {
            Loaded.Add(index);
            Outstanding++;
            return Frame.Create(new Owner(this, SyntheticFrames.Noise(8, 8, seed: index, PixelFormat.Gray8).Pixels.ToArray()), 8, 8, PixelFormat.Gray8);
        }

        private sealed class Owner(Pictures pictures, byte[] pixels) : System.Buffers.IMemoryOwner<byte>
        {
            public Memory<byte> Memory => pixels;

            public void Dispose() => pictures.Outstanding--;
        }
    }
}
