using System.Text.Json;
using CsCheck;
using FerSharp.Imaging;
using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Analysis;

/// <summary>What is said of little, odd or damaged data, and what is refused; documents, JSON, csv, augmentations.</summary>
public sealed class DatasetReportInputTests
{
    [Fact]
    public void Report_OnePicture_HasNoCorrelationAndNoProjection()
    {
        var report = DatasetReport.Create([Faces.Drawn("one", 1)]);

        Assert.Null(report.Correlation);
        Assert.Null(report.PixelProjection);
        Assert.Equal("one0", report.Example!.Id);
        Assert.Contains("All 1 labels are neutral", report.ToDocument().ToMarkdown(), StringComparison.Ordinal);
        Assert.NotEmpty(report.ToJson());
    }

    [Fact]
    public void Report_NothingCanBeLoaded_NamesEveryFaultAndStillSays()
    {
        var report = DatasetReport.Create([Faces.Of("bad", (Emotion.Fear, Faces.Broken), (null, Faces.Broken))]);

        Assert.Equal((2, 2, 1), (report.Parts[0].Pictures, report.Parts[0].Unreadable, report.Parts[0].Unlabelled));
        Assert.Equal(["bad0", "bad1"], report.Parts[0].Faults.Select(fault => fault.Where));
        Assert.Null(report.Example);
        Assert.Equal(default, report.Parts[0].Widths);
        string page = report.ToDocument().ToMarkdown();
        Assert.Contains("It is damaged.", page, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(report.ToJson()).RootElement;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("parts")[0].GetProperty("channels")[0].GetProperty("mean").ValueKind);
    }

    [Fact]
    public void Report_IdenticalPictures_HaveNoVarianceToExplain()
    {
        var report = DatasetReport.Create([Faces.Of("same", (Emotion.Fear, Faces.Draw(1)), (Emotion.Fear, Faces.Draw(1)), (Emotion.Anger, Faces.Draw(1)))]);

        Assert.Equal([0, 0], report.PixelProjection!.ExplainedVarianceRatio);
        Assert.All(report.PixelProjection.Points, point => Assert.Equal((0, 0), (point.X, point.Y)));
        Assert.NotEmpty(report.ToDocument().ToHtml());
    }

    [Fact]
    public void Report_NoLabels_SaysSo()
    {
        var report = DatasetReport.Create([Faces.Of("x", (null, Faces.Draw(1)), (null, Faces.Draw(2)))]);

        Assert.Contains("No picture has a label.", report.ToDocument().ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(report.ToJson()).RootElement.GetProperty("classes").GetProperty("rarest").ValueKind);
    }

    [Fact]
    public void Report_BadArguments_AreRefused()
    {
        FaceDataset[] parts = [Faces.Drawn("a", 3)];

        Assert.Throws<ArgumentNullException>(() => DatasetReport.Create(null!));
        Assert.Throws<ArgumentNullException>(() => DatasetReport.Create([null!]));
        Assert.Throws<ArgumentException>(() => DatasetReport.Create([]));
        Assert.All(
            new DatasetReportOptions[]
            {
                new() { Side = 7 }, new() { Side = 129 }, new() { SamplesPerClass = 0 }, new() { CorrelationPictures = 1 }, new() { ProjectionPictures = 1 },
                new() { CorrelationIds = ["a0"] }, new() { CorrelationIds = ["a0", "a0"] },
            },
            options => Assert.Throws<ArgumentException>(() => DatasetReport.Create(parts, options)));
        Assert.Contains("gone", Assert.Throws<ArgumentException>(() => DatasetReport.Create(parts, new() { CorrelationIds = ["a0", "gone"] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetReport.Create(parts, new() { NearDuplicates = new LeakOptions { Threshold = 2 } }));
    }

    [Theory]
    [InlineData(float.NaN, false, "no finite number")]
    [InlineData(1f, true, "the same number")]
    public void Embedding_BadVectors_AreRefused(float value, bool unequal, string why)
    {
        PictureEmbedding embedding = (in FrameView view, CancellationToken _) => new float[unequal ? view.GetRow(0)[0] + 1 : 3].Select(_ => value).ToArray();

        Exception e = Assert.Throws<ArgumentException>(() => DatasetReport.Create([Faces.Of("a", (null, Faces.Flat(1)), (null, Faces.Flat(2)))], new() { Embedding = embedding, NearDuplicates = null }));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embedding_ThatFails_EndsTheAnalysisWithItsOwnException() =>
        Assert.Throws<FerInferenceException>(() => DatasetReport.Create([Faces.Drawn("a", 5)], new() { Embedding = (in FrameView _, CancellationToken _) => throw new FerInferenceException("model", "It failed.") }));

    [Fact]
    public void Report_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => DatasetReport.Create([Faces.Drawn("a", 5)], cancellationToken: cancellation.Token));
    }

    [Fact]
    public void Progress_RisesToOne()
    {
        var told = new Shares();
        DatasetReport.Create([Faces.Drawn("a", 20), Faces.Drawn("b", 10)], progress: told);

        Assert.Equal(told.Values.Order(), told.Values);
        Assert.Equal(1, told.Values[^1]);
        Assert.True(told.Values.Count > 10);
    }

    [Fact]
    public void Document_NotAskedForPictures_HasMeansOfLargeClassesAlone()
    {
        (Emotion?, FrameView)[] pictures = [.. Enumerable.Range(0, 39).Select(i => ((Emotion?)(i < 20 ? Emotion.Fear : Emotion.Anger), Faces.Draw(i)))];
        string page = DatasetReport.Create([Faces.Of("a", pictures)]).ToDocument().ToHtml();
        string withPictures = DatasetReport.Create([Faces.Of("a", pictures)], new() { IncludePictures = true }).ToDocument().ToHtml();

        Assert.Equal(1, page.Split("<img").Length - 1);
        Assert.Contains("could show a person: Anger.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Samples of each class", page, StringComparison.Ordinal);
        Assert.Contains("treat it as you treat the data", withPictures, StringComparison.Ordinal);
        Assert.Contains("Samples of each class", withPictures, StringComparison.Ordinal);
        Assert.Contains("nine random changes", withPictures, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_UnevenClasses_NamesThoseThatAreUnderRepresented()
    {
        string text = DatasetReport.Create([Faces.Of("a", [.. Enumerable.Range(0, 30).Select(i => ((Emotion?)(i < 3 ? Emotion.Disgust : i < 15 ? Emotion.Sadness : Emotion.Happiness), Faces.Draw(i)))])])
            .ToDocument().ToMarkdown();

        Assert.Contains("Below it, as a multiple of it: disgust (0.300). Not below it, so not under-represented: sadness (1.200), happiness (1.500).", text, StringComparison.Ordinal);
        Assert.Contains("rarest disgust with 3", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_FaultsAndRules_AreCountedAndNamedAndEscaped()
    {
        var dataset = new Faces("a<b>", [new FaceSample("0", Emotion.Fear)], [Faces.Draw(0)], [new DatasetFault("row 7", "48 pixels <missing>")], new Dictionary<string, int> { ["no label"] = 4 });
        string page = DatasetReport.Create([dataset]).ToDocument().ToHtml();

        Assert.Contains("48 pixels &lt;missing&gt;", page, StringComparison.Ordinal);
        Assert.Contains("a&lt;b&gt;: no label", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<missing>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_WholeReport_HasKindSchemaAndFigures()
    {
        JsonElement json = JsonDocument.Parse(DatasetReport.Create([Faces.Drawn("a", 21), Faces.Drawn("b", 8, 40)]).ToJson()).RootElement;

        Assert.Equal(("fersharp.dataset", 1), (json.GetProperty("kind").GetString(), json.GetProperty("schema").GetInt32()));
        Assert.Equal(29, json.GetProperty("classes").GetProperty("total").GetInt32());
        Assert.Equal(50, json.GetProperty("parts")[0].GetProperty("channels")[0].GetProperty("histogram").GetArrayLength());
        Assert.Equal(3, json.GetProperty("nearDuplicates").GetArrayLength());
        Assert.Equal(29, json.GetProperty("pixelProjection").GetProperty("pictures").GetInt32());
        Assert.Equal(6, json.GetProperty("correlation").GetProperty("matrix").GetArrayLength());
    }

    [Fact]
    public void Csv_IdsWithCommasAndQuotes_AreQuoted()
    {
        var dataset = new Faces("a", [new FaceSample("x,\"y\"", Emotion.Fear), new FaceSample("z", null)], [Faces.Draw(0), Faces.Draw(1)]);
        string[] lines = DatasetReport.Create([dataset]).PixelProjection!.ToCsv().Split('\n');

        Assert.Equal("part,id,label,x,y", lines[0]);
        Assert.StartsWith("0,\"x,\"\"y\"\"\",fear,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("0,z,,", lines[2], StringComparison.Ordinal);
        Assert.Equal("", lines[3]);
    }

    [Fact]
    public void Augmentation_FlatPicture_StaysFlatBecauseTheEdgeIsRepeated()
    {
        FrameView sheet = AugmentationPreview.Draw(Faces.Flat(77, 48), seed: 1);

        Assert.Equal((344, 344), (sheet.Width, sheet.Height));
        Assert.Equal(new byte[] { 77, 255 }, sheet.Pixels.ToArray().Distinct().Order());
    }

    [Fact]
    public void Augmentation_AnySeed_KeepsTheCentreWithinTheShiftAndTheAreaWithinTheZoom() => Gen.Int.Sample(seed =>
    {
        var random = new SplitMix64((ulong)(uint)seed);
        AffineTransform map = AugmentationPreview.NextMap(ref random, 48, 60, 96, 120);
        PointF centre = map.Apply(new PointF(48, 60));
        double area = Math.Abs((map.A * map.E) - (map.B * map.D)) * 4;

        Assert.InRange(centre.X, 24 - 9.61f, 24 + 9.61f);
        Assert.InRange(centre.Y, 30 - 12.01f, 30 + 12.01f);
        Assert.InRange(area, 0.64 - 1e-4, 1.44 + 1e-4);
    });

    [Fact]
    public void Augmentation_ManyDraws_MirrorsHalfAndTurnsAtMostTwentyDegrees()
    {
        var random = new SplitMix64(1);
        AffineTransform[] maps = [.. Enumerable.Range(0, 1000).Select(_ => AugmentationPreview.NextMap(ref random, 48, 48, 48, 48))];

        Assert.InRange(maps.Count(map => (map.A * map.E) - (map.B * map.D) < 0), 430, 570);
        Assert.All(maps, map => Assert.InRange(Math.Abs(Math.Atan(map.D / map.A)) * 180 / Math.PI, 0, 20.001));
        Assert.Contains(maps, map => Math.Abs(Math.Atan(map.D / map.A)) * 180 / Math.PI > 18);
    }

    [Fact]
    public void Augmentation_ColourPicture_StaysInColour()
    {
        FrameView sheet = AugmentationPreview.Draw(SyntheticFrames.Gradient(200, 100, PixelFormat.Bgra32), seed: 3);

        Assert.Equal((PixelFormat.Rgb24, 344, 176), (sheet.Format, sheet.Width, sheet.Height));
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
