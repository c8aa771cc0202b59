using CsCheck;
using static FerSharp.Core.Tests.Features.FeatureRows;

namespace FerSharp.Core.Tests.Features;

public sealed class GeometryFeatureTests
{
    private static readonly PointF[] Upright = [new(60, 60), new(100, 60), new(80, 80), new(64, 100), new(96, 100)];
    private static readonly FrameView Frame = new(new byte[200 * 200], 200, 200, PixelFormat.Gray8);

    private static readonly Gen<(float Turn, float Scale, float X, float Y)> Moves = Gen.Select(Gen.Float[-3, 3], Gen.Float[0.3f, 5], Gen.Float[-300, 300], Gen.Float[-300, 300]);

    private static readonly Gen<PointF[]> Shapes = Gen.Select(Gen.Float[20, 180], Gen.Float[20, 180], (x, y) => new PointF(x, y)).Array[68];

    [Fact]
    public void Geometry_KnownFace_HasTheListedValues()
    {
        float[] row = Extract(Upright);
        float toNose = MathF.Sqrt(0.5f), toMouth = MathF.Sqrt(0.01f + 1);
        Assert.Equal(1, row[0]);
        Assert.Equal(toNose, row[1], 1e-5f);
        Assert.Equal(toNose, row[2], 1e-5f);
        Assert.Equal(toMouth, row[3], 1e-5f);
        Assert.Equal(0.8f, row[9], 1e-5f);
        Assert.Equal(0.5f, row[10], 1e-5f);
        Assert.Equal(0, row[14], 1e-5f);
        Assert.Equal(1, row[15], 1e-5f);
        Assert.Equal(0.5f, row[16], 1e-5f);
        Assert.Equal(0, row[18], 1e-5f);
    }

    [Fact]
    public void Geometry_MovedTurnedAndScaledFace_GivesTheSameRow() => Moves.Sample(move =>
        Assert.All(Extract(Upright).Zip(Extract([.. Upright.Select(point => Move(point, move))])), pair => Assert.Equal(pair.First, pair.Second, 2e-3f)));

    [Fact]
    public void Geometry_MovedShape_GivesTheSameRow() => Gen.Select(Shapes, Moves).Sample((shape, move) =>
    {
        // Eyes stay well apart; all else is anywhere.
        PointF[] points = [.. shape.Select((point, i) => i is >= 36 and < 42 ? new PointF((point.X / 20) + 50, (point.Y / 20) + 80) : i is >= 42 and < 48 ? new PointF((point.X / 20) + 120, (point.Y / 20) + 90) : point)];
        float[] row = ExtractShape(points), moved = ExtractShape([.. points.Select(point => Move(point, move))]);
        Assert.All(row, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(1, row[0]);
        for (int i = 0; i < row.Length; i++)
        {
            // An angle of half a turn may change its sign, and ratios over small numbers magnify rounding.
            float turn = MathF.Abs(row[i] - moved[i]);
            Assert.True(turn <= 5e-3f * MathF.Max(1, MathF.Abs(row[i])) || MathF.Abs(turn - 2) < 5e-3f, $"value {i}: {row[i]} and {moved[i]}");
        }
    });

    [Fact]
    public void Geometry_WithoutUsableLandmarks_IsAllZero()
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create([new GeometrySpec()]);
        float[] row = [.. Enumerable.Repeat(5f, extractor.Length)];
        extractor.Extract([new FaceRegion(Frame, new FaceDetection(new RectF(50, 50, 60, 60), 1))], row);
        Assert.All(row, value => Assert.Equal(0, value));
        Assert.All(Extract([Upright[0], Upright[0], .. Upright[2..]]), value => Assert.Equal(0, value));
        Assert.All(Extract([Upright[0], Upright[1], new(float.NaN, 1), .. Upright[3..]]), value => Assert.Equal(0, value));
        Assert.All(Extract([Upright[0], new(float.PositiveInfinity, 1), .. Upright[2..]]), value => Assert.Equal(0, value));
        Assert.All(Extract([.. Upright[..4], new(float.MaxValue, float.MaxValue)]), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Geometry_ReaderWithoutShape_IsAllZero()
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create([new GeometrySpec { Points = 68 }], (in FaceRegion _, Span<PointF> points) =>
        {
            points.Fill(new PointF(1, 2));
            return false;
        }, "none");
        float[] row = [.. Enumerable.Repeat(5f, extractor.Length)];
        extractor.Extract([FaceRegion.Whole(Frame)], row);
        Assert.All(row, value => Assert.Equal(0, value));
    }

    private static PointF Move(PointF point, (float Turn, float Scale, float X, float Y) move)
    {
        (float sin, float cos) = MathF.SinCos(move.Turn);
        return new PointF((move.Scale * ((point.X * cos) - (point.Y * sin))) + move.X, (move.Scale * ((point.X * sin) + (point.Y * cos))) + move.Y);
    }

    private static float[] Extract(PointF[] points)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create([new GeometrySpec()]);
        var landmarks = new FaceLandmarks(points[0], points[1], points[2], points[3], points[4]);
        return FeatureRows.Extract(extractor, new FaceRegion(Frame, new FaceDetection(new RectF(50, 50, 60, 60), 1, landmarks)));
    }

    private static float[] ExtractShape(PointF[] shape)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create([new GeometrySpec { Points = 68 }], (in FaceRegion _, Span<PointF> points) =>
        {
            shape.CopyTo(points);
            return true;
        }, "given");
        return FeatureRows.Extract(extractor, FaceRegion.Whole(Frame));
    }
}
