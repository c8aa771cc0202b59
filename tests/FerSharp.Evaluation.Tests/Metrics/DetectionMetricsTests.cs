using CsCheck;

namespace FerSharp.Evaluation.Tests.Metrics;

public sealed class DetectionMetricsTests
{
    private static readonly RectF Box = new(10, 10, 20, 20);
    private static readonly RectF Elsewhere = new(200, 200, 20, 20);

    [Fact]
    public void Of_SecondDetectionOfAFace_IsFalse()
    {
        var metrics = DetectionMetrics.Of([Picture([new(Box)], (Box, 0.9f), (Box, 0.8f))]);
        Assert.Equal((1, 1, 1, 0.5, 1.0), (metrics.Hits, metrics.FalseBoxes, metrics.Recall, metrics.Precision, metrics.AveragePrecision));
    }

    [Fact]
    public void Of_IgnoredFace_CountsNeitherWay()
    {
        var metrics = DetectionMetrics.Of([Picture([new(Box), new(Elsewhere, Ignored: true)], (Elsewhere, 0.95f), (Elsewhere, 0.94f), (Box, 0.9f))]);
        Assert.Equal((1, 1, 0, 1.0), (metrics.Faces, metrics.Hits, metrics.FalseBoxes, metrics.AveragePrecision));
    }

    [Fact]
    public void Of_SeveralScores_InterpolatesAtAllPoints()
    {
        // Ranked: hit, false, hit of two faces. Precision 1, 1/2, 2/3; AP = 0.5 * 1 + 0.5 * 2/3.
        var metrics = DetectionMetrics.Of([Picture([new(Box)], (Box, 0.9f), (Elsewhere, 0.8f)), Picture([new(Box)], (Box, 0.4f))]);
        Assert.Equal(0.5 + (0.5 * 2 / 3), metrics.AveragePrecision, 1e-12);
        Assert.Equal((1, 1, 0.5), (metrics.Hits, metrics.FalseBoxes, metrics.FalseBoxesPerPicture));
    }

    [Fact]
    public void Of_FacesOfSeveralSizes_CountsMissesInTheirRow()
    {
        var metrics = DetectionMetrics.Of([Picture([new(Box), new(new RectF(100, 100, 100, 100))], (Box, 0.9f))]);
        Assert.Equal([(0, 0), (1, 0), (0, 0), (1, 1), (0, 0)], metrics.BySize.Select(row => (row.Faces, row.Missed)));
    }

    [Fact]
    public void ForPrecision_SeveralPoints_TakesTheHighestRecall()
    {
        // Ranked: hit, false, hit, hit of four faces. Precision 1, 1/2, 2/3, 3/4; recall 1/4, 1/4, 2/4, 3/4.
        DetectionMetrics metrics = Ranked();
        Assert.Equal((0.25, 0.9f), (metrics.ForPrecision(0.9)!.Value.Recall, (float)metrics.ForPrecision(0.9)!.Value.Threshold));
        Assert.Equal(0.75, metrics.ForPrecision(0.7)!.Value.Recall);
        Assert.Null(DetectionMetrics.Of([Picture([new(Box)], (Elsewhere, 0.9f))]).ForPrecision(0.1));
        Assert.Null(DetectionMetrics.Of([Picture([new(Box)])]).ForPrecision(0));
    }

    [Fact]
    public void ForFalseBoxes_SeveralPoints_TakesTheHighestRecallWithoutMore()
    {
        // Two pictures: 0.4 false boxes each allow none in all, 0.5 allow one.
        DetectionMetrics metrics = Ranked();
        Assert.Equal(0.25, metrics.ForFalseBoxes(0.4)!.Value.Recall);
        Assert.Equal(0.75, metrics.ForFalseBoxes(0.5)!.Value.Recall);
        Assert.Null(DetectionMetrics.Of([Picture([], (Box, 0.9f))]).ForFalseBoxes(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.ForFalseBoxes(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.ForPrecision(1.1));
    }

    [Fact]
    public void ForPrecision_PointsOfEqualRecall_TakesTheMostPrecise()
    {
        var metrics = DetectionMetrics.Of([Picture([new(Box)], (Box, 0.9f), (Elsewhere, 0.8f))]);
        Assert.Equal(1, metrics.ForPrecision(0.4)!.Value.Precision);
        Assert.Equal(1, metrics.ForFalseBoxes(5)!.Value.Precision);
    }

    [Fact]
    public void Of_PictureWithoutFaces_GivesZeroRates()
    {
        var metrics = DetectionMetrics.Of([Picture([], (Box, 0.9f))]);
        Assert.Equal((0.0, 0.0, 0.0, 1.0), (metrics.Recall, metrics.Precision, metrics.AveragePrecision, metrics.FalseBoxesPerPicture));
    }

    [Fact]
    public void Of_AnyDetections_StaysInBounds() => Gen.Int[0, 100000].Sample(seed =>
    {
        var random = new Random(seed);
        RectF Any() => new(random.Next(40), random.Next(40), 1 + random.Next(60), 1 + random.Next(60));
        DetectionPicture[] pictures = [.. Enumerable.Range(0, 3).Select(_ => Picture(
            [.. Enumerable.Range(0, random.Next(4)).Select(_ => new TrueFace(Any(), random.Next(4) == 0))],
            [.. Enumerable.Range(0, random.Next(6)).Select(_ => (Any(), random.Next(5) / 4f))]))];
        var metrics = DetectionMetrics.Of(pictures, 0.3, 0.5);
        Assert.All(new[] { metrics.Recall, metrics.Precision, metrics.AveragePrecision }, value => Assert.InRange(value, 0, 1 + 1e-12));
        Assert.Equal(metrics.Faces - metrics.Hits, metrics.BySize.Sum(row => row.Missed));
        Assert.Equal(metrics.Faces, metrics.BySize.Sum(row => row.Faces));
    });

    [Fact]
    public void Of_BadInput_SaysWhichPicture()
    {
        Assert.Contains("picture 0", Assert.Throws<ArgumentException>(() => DetectionMetrics.Of([Picture([], (Box, float.NaN))])).Message, StringComparison.Ordinal);
        Assert.Contains("picture 0", Assert.Throws<ArgumentException>(() => DetectionMetrics.Of([Picture([new(default)])])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DetectionMetrics.Of([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionMetrics.Of([Picture([])], overlap: 0));
        Assert.Throws<ArgumentException>(() => DetectionMetrics.Of([Picture([])], sizeLimits: [32, 16]));
    }

    private static DetectionMetrics Ranked()
    {
        RectF second = new(60, 60, 20, 20), third = new(120, 120, 20, 20);
        return DetectionMetrics.Of([Picture([new(Box), new(second), new(third)], (Box, 0.9f), (second, 0.7f), (third, 0.6f)), Picture([new(Box)], (Elsewhere, 0.8f))]);
    }

    private static DetectionPicture Picture(TrueFace[] truth, params (RectF Box, float Score)[] found) => new(truth, [.. found.Select(one => new FaceDetection(one.Box, one.Score))]);
}
