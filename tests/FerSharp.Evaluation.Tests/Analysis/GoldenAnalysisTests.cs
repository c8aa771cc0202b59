using System.Text.Json;

namespace FerSharp.Evaluation.Tests.Analysis;

/// <summary>Principal components, class weights, correlations and statistics against scikit-learn and NumPy (tests/golden/README.md).</summary>
public sealed class GoldenAnalysisTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(TestFiles.InRepository("tests", "golden", "analysis.json"))).RootElement;

    public static TheoryData<string> Projections => [.. Golden.GetProperty("pca").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Projections))]
    public void PrincipalComponents_GoldenCase_EqualScikitLearn(string name)
    {
        JsonElement golden = Golden.GetProperty("pca").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        float[][] rows = [.. Numbers(golden, "rows").Select(value => (float)value).Chunk(golden.GetProperty("columns").GetInt32())];
        ((double X, double Y)[] points, double[] ratios) = PrincipalComponents.Project(rows, new ParallelOptions());
        double[] expected = Numbers(golden, "points");
        double tolerance = 1e-8 * expected.Max(Math.Abs);

        Assert.All(expected.Zip(points.SelectMany(point => new[] { point.X, point.Y })), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.All(Numbers(golden, "ratios").Zip(ratios), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }

    [Fact]
    public void BalancedWeights_GoldenCounts_EqualScikitLearn() => Assert.All(Golden.GetProperty("weights").EnumerateArray(), golden =>
    {
        int[] counts = [.. Numbers(golden, "counts").Select(count => (int)count)];
        Assert.All(Numbers(golden, "weights").Zip(new ClassBalance(counts).BalancedWeights), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    });

    [Fact]
    public void CorrelationAndStatistics_GoldenPictures_EqualNumPy()
    {
        JsonElement golden = Golden.GetProperty("pictures");
        FrameView[] pictures = [.. Numbers(golden, "pixels").Select(value => (byte)value).Chunk(48 * 48).Select(pixels => new FrameView(pixels, 48, 48, PixelFormat.Gray8))];
        var dataset = Faces.Of("p", [.. pictures.Select(picture => ((Emotion?)Emotion.Fear, picture))]);
        var report = DatasetReport.Create([dataset], new DatasetReportOptions { CorrelationIds = ["p0", "p1", "p2", "p3"] });
        IntensityHistogram levels = report.Parts[0].Pixels.Gray;

        double[] expected = Numbers(golden, "correlation");
        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal(expected[i], report.Correlation![i / 4, i % 4], 1e-6));
        Assert.Equal(golden.GetProperty("mean").GetDouble(), levels.Mean, 1e-9);
        Assert.Equal(golden.GetProperty("deviation").GetDouble(), levels.StandardDeviation, 1e-9);
        Assert.Equal(Numbers(golden, "histogram"), levels.Bins.Select(bin => (double)bin.Count));
    }

    private static double[] Numbers(JsonElement golden, string name) => [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
