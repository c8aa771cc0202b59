using CsCheck;

namespace FerSharp.Abstractions.Tests;

public sealed class FaceTests
{
    private static readonly FrameView Picture = new(new byte[100], 10, 10, PixelFormat.Gray8);

    private static readonly Gen<RectF> Rects =
        from x in Gen.Float[-20, 20]
        from y in Gen.Float[-20, 20]
        from width in Gen.Float[0.5f, 30]
        from height in Gen.Float[0.5f, 30]
        select new RectF(x, y, width, height);

    [Fact]
    public void IntersectionOverUnion_AnyTwo_IsSymmetricAndWithinBounds() => Gen.Select(Rects, Rects).Sample((a, b) =>
    {
        float iou = a.IntersectionOverUnion(b);
        Assert.Equal(iou, b.IntersectionOverUnion(a), 1e-5f);
        Assert.InRange(iou, 0, 1.0001f);
        Assert.Equal(1, a.IntersectionOverUnion(a), 1e-3f);
    });

    [Fact]
    public void ToString_PointAndBox_AreShort()
    {
        Assert.Equal("75.6,-3", new PointF(75.59f, -3).ToString());
        Assert.Equal("75.6,69.7 157x197.7", new RectF(75.59f, 69.66f, 157, 197.65085f).ToString());
    }

    [Fact]
    public void IntersectionOverUnion_HalfShifted_IsOneThird() =>
        Assert.Equal(1f / 3, new RectF(0, 0, 2, 2).IntersectionOverUnion(new RectF(1, 0, 2, 2)), 1e-6f);

    [Fact]
    public void IntersectionOverUnion_EmptyOnes_IsZero() =>
        Assert.Equal(0, new RectF(0, 0, 0, 0).IntersectionOverUnion(new RectF(0, 0, 0, 0)));

    [Theory]
    [InlineData(10, 0, 5, 5)]
    [InlineData(-5, 0, 5, 5)]
    [InlineData(0, 0, 0, 5)]
    [InlineData(0, 0, 5, -1)]
    [InlineData(float.NaN, 0, 5, 5)]
    [InlineData(0, 0, float.PositiveInfinity, 5)]
    public void Region_BoxThatIsNone_IsRefused(float x, float y, float width, float height) =>
        Assert.Throws<ArgumentException>("face", () => new FaceRegion(Picture, new FaceDetection(new RectF(x, y, width, height), 1)));

    [Fact]
    public void Region_PartlyOutside_IsAllowed() => Assert.False(new FaceRegion(Picture, new FaceDetection(new RectF(-4, -4, 5, 5), 1)).IsWhole);

    [Fact]
    public void Region_Whole_CoversThePicture()
    {
        FaceRegion region = FaceRegion.Whole(Picture);
        Assert.True(region.IsWhole);
        Assert.Equal(new RectF(0, 0, 10, 10), region.Face.Box);
        Assert.Throws<ArgumentException>("crop", () => FaceRegion.Whole(default));
        Assert.Throws<ArgumentException>("frame", () => new FaceRegion(default, region.Face));
    }

    [Fact]
    public void Landmarks_Default_AreEmpty()
    {
        Assert.True(default(FaceLandmarks).IsEmpty);
        var points = new FaceLandmarks(new(1, 1), new(2, 2), new(3, 3), new(4, 4), new(5, 5));
        Assert.False(points.IsEmpty);
        Assert.Equal([1, 2, 3, 4, 5], Enumerable.Range(0, FaceLandmarks.Count).Select(i => points[i].X));
        Assert.Throws<ArgumentOutOfRangeException>(() => points[5]);
    }

    [Fact]
    public void ModelException_ManyFaults_ListsAll()
    {
        var e = new FerModelException("m", ["one.", "two."]);
        Assert.Contains("one.", e.Message, StringComparison.Ordinal);
        Assert.Contains("two.", e.Message, StringComparison.Ordinal);
        Assert.Equal(["one.", "two."], e.Faults);
        Assert.Throws<ArgumentException>(() => new FerModelException("m", []));
    }
}
