using CsCheck;
using FerSharp.Evaluation;
using FerSharp.Imaging;

namespace FerSharp.Training.Tests;

public sealed class SceneComposerTests
{
    private static readonly DetectionPictures Pictures = DrawnHeads.Set(12);

    /// <summary>No change of light and no cover, so that colours tell what lies where.</summary>
    private static readonly SceneSpec Plain = new() { Cover = 0, Gray = 0, Blur = 0, Noise = 0, Dark = 0, Brightness = 0, Contrast = 0, Colour = 0 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Compose_AnyLayout_PointsStayOnTheirPixels(int layout)
    {
        SceneSpec spec = Plain with { Scene = layout == 0 ? 1 : 0, Mosaic = layout == 1 ? 1 : 0, Grid = layout == 2 ? 1 : 0, CloseUp = layout == 3 ? 1 : 0 };
        int faces = 0, mirrored = 0, strayed = 0;
        for (int i = 0; i < 40; i++)
        {
            SceneCanvas canvas = Compose(spec, i);
            foreach (TrueFace face in canvas.Faces.Where(face => !face.Ignored && face.Size > 24))
            {
                faces++;
                // In a mirror image, the point that is left in the picture is the one that was right.
                int[] order = Nearest(canvas, face.Landmarks.LeftEye) == 1 ? [1, 0, 2, 4, 3] : [0, 1, 2, 3, 4];
                mirrored += order[0];
                Assert.True(face.Landmarks.LeftEye.X < face.Landmarks.RightEye.X && face.Landmarks.LeftMouth.X < face.Landmarks.RightMouth.X);
                strayed += Enumerable.Range(0, FaceLandmarks.Count).Count(p => Nearest(canvas, face.Landmarks[p]) is { } found && found != order[p]);

                // The oval touches the middles of the box's sides: a little within is face, a little outside is not.
                if (layout != 1)
                {
                    AssertEdge(canvas, face.Box, 0.44f, inside: true);
                }

                if (layout is 0 or 3)
                {
                    AssertEdge(canvas, face.Box, 0.58f, inside: false);
                }
            }
        }

        // At the seams of a mosaic a cut face's points and edges may come to lie on a neighbour.
        Assert.InRange(strayed, 0, layout == 1 ? faces / 10 : 0);
        Assert.True(faces > 10 && mirrored > 2 && faces - mirrored > 2, $"{faces} faces were looked at, {mirrored} of them mirrored");
    }

    [Fact]
    public void Compose_SameSource_GivesTheSamePicture_AndAnotherFromAnother()
    {
        var spec = new SceneSpec();
        SceneCanvas first = Compose(spec, 3), second = Compose(spec, 3), other = Compose(spec, 4);

        Assert.True(first.Pixels.SequenceEqual(second.Pixels));
        Assert.Equal(first.Faces, second.Faces);
        Assert.False(first.Pixels.SequenceEqual(other.Pixels));
    }

    [Fact]
    public void Compose_WithPasting_PastesFacesApartFromOthers()
    {
        SceneSpec spec = Plain with { Scene = 1, Mosaic = 0, Grid = 0, CloseUp = 0, Paste = 1, Pasted = 6 };
        SceneCanvas[] canvases = [.. Enumerable.Range(0, 20).Select(i => Compose(spec, i))];

        Assert.Contains(canvases, canvas => canvas.Faces.Count > 2);
        foreach (SceneCanvas canvas in canvases)
        {
            for (int i = 0; i < canvas.Faces.Count; i++)
            {
                Assert.DoesNotContain(canvas.Faces.Skip(i + 1), face => face.Box.IntersectionOverUnion(canvas.Faces[i].Box) > 0.1f);
            }
        }
    }

    [Fact]
    public void Compose_GrayCrops_ArePastedOnly_InColoursOfSkin()
    {
        DetectionPicture[] crops = [.. Enumerable.Range(0, 4).Select(i => new DetectionPicture($"crop{i}", Gray(48), 48, 48, [new TrueFace(new RectF(2, 1, 44, 46))]))];
        Assert.All(crops, crop => Assert.True(crop is { IsCrop: true, IsGray: true, IsCloseUp: false }));
        var scenes = new DetectionPictures(new DatasetInfo("scenes", "train", "a"), [DrawnHeads.Scene(1, face: false)]);
        DetectionPictures both = scenes.And(new DetectionPictures(new DatasetInfo("crops", "train", "b"), crops));
        Assert.Equal((5, 4, 1, 0), (both.Count, both.Crops.Count, both.Scenes.Count, both.CloseUps.Count));
        Assert.NotEqual(scenes.Info.Sha256, both.Info.Sha256);

        int tinted = 0, faces = 0;
        for (int i = 0; i < 30; i++)
        {
            var canvas = new SceneCanvas(256);
            var random = new RandomSource(9, 0, i);
            new SceneComposer(both, Plain with { Paste = 1, Pasted = 6 }).Compose(canvas, 256, ref random);
            foreach (TrueFace face in canvas.Faces.Where(face => !face.Ignored && face.Size > 16))
            {
                PointF middle = face.Box.Center;
                Span<byte> pixel = canvas.Pixels.Slice(3 * (((int)middle.Y * canvas.Side) + (int)middle.X), 3);
                faces++;
                Assert.True(pixel[0] >= pixel[1] && pixel[1] >= pixel[2] && pixel[1] > 75, $"{pixel[0]} {pixel[1]} {pixel[2]}");
                tinted += pixel[0] > pixel[2] ? 1 : 0;
            }
        }

        Assert.True(faces > 20 && tinted > 0.7 * faces, $"{tinted} of {faces}");

        static byte[] Gray(int side)
        {
            var pixels = new byte[3 * side * side];
            Array.Fill(pixels, (byte)140);
            return pixels;
        }
    }

    [Fact]
    public void Compose_FacesBelowTheSmallest_AreIgnored()
    {
        SceneSpec spec = Plain with { Scene = 0, Mosaic = 0, Grid = 1, CloseUp = 0, SmallestFace = 30 };
        SceneCanvas[] canvases = [.. Enumerable.Range(0, 10).Select(i => Compose(spec, i))];

        Assert.All(canvases.SelectMany(canvas => canvas.Faces), face => Assert.Equal(face.Size < 30 || IsCut(face), face.Ignored));
        Assert.Contains(canvases.SelectMany(canvas => canvas.Faces), face => face.Ignored);
    }

    [Fact]
    public void Compose_WithCover_CoversTheLowerThird()
    {
        SceneSpec spec = Plain with { Scene = 0, Mosaic = 0, Grid = 0, CloseUp = 1, Cover = 1, Rotation = 0 };
        int covered = 0;
        for (int i = 0; i < 30; i++)
        {
            SceneCanvas canvas = Compose(spec, i);
            TrueFace face = Assert.Single(canvas.Faces);
            covered += new[] { 3, 4 }.All(p => Distance(canvas, face.Landmarks[p], DrawnHeads.Colours[p]) > 60) ? 1 : 0;
        }

        Assert.InRange(covered, 4, 26);
    }

    [Fact]
    public void Place_AnyMap_LaysThePointThere() =>
        Gen.Select(Gen.Float[-50, 50], Gen.Float[-50, 50], Gen.Float[0.2f, 4], Gen.Float[-90, 90], Gen.Bool).Sample((x, y, scale, degrees, mirror) =>
        {
            AffineTransform map = SceneGeometry.Place(new PointF(x, y), new PointF(10, 20), scale, degrees, mirror);
            PointF there = map.Inverse().Apply(new PointF(x, y)), beside = map.Inverse().Apply(new PointF(x + 1, y));
            return MathF.Abs(there.X - 10) < 0.01f && MathF.Abs(there.Y - 20) < 0.01f
                && MathF.Abs(MathF.Sqrt(MathF.Pow(beside.X - there.X, 2) + MathF.Pow(beside.Y - there.Y, 2)) - scale) < 0.01f;
        });

    [Fact]
    public void Map_MirrorImage_ExchangesLeftAndRight()
    {
        TrueFace face = DrawnHeads.CloseUp().Known[0];
        TrueFace mirrored = SceneGeometry.Map(face, SceneGeometry.Place(new PointF(40, 40), new PointF(40, 40), 1, 0, mirror: true).Inverse());

        Assert.Equal(80 - face.Landmarks.RightEye.X, mirrored.Landmarks.LeftEye.X, 0.01f);
        Assert.Equal(80 - face.Landmarks.LeftMouth.X, mirrored.Landmarks.RightMouth.X, 0.01f);
        Assert.True(mirrored.Landmarks.LeftEye.X < mirrored.Landmarks.RightEye.X);
    }

    [Fact]
    public void Map_QuarterTurn_ExchangesTheSides()
    {
        RectF box = SceneGeometry.Map(new TrueFace(new RectF(0, 0, 30, 50)), SceneGeometry.Place(default, default, 1, 90, mirror: false).Inverse()).Box;
        Assert.Equal((50f, 30f), (MathF.Round(box.Width, 2), MathF.Round(box.Height, 2)));
    }

    private static SceneCanvas Compose(SceneSpec spec, int number)
    {
        var canvas = new SceneCanvas(256);
        var random = new RandomSource(9, 0, number);
        new SceneComposer(Pictures, spec).Compose(canvas, 256, ref random);
        return canvas;
    }

    private static bool IsCut(in TrueFace face) => face.Box.IntersectionArea(new RectF(0, 0, 256, 256)) < 0.999f * face.Box.Area;

    /// <summary>The point whose colour is the nearest to that of a place; null outside the canvas.</summary>
    private static int? Nearest(SceneCanvas canvas, PointF place) =>
        place.X < 1 || place.Y < 1 || place.X >= canvas.Side - 1 || place.Y >= canvas.Side - 1
            ? null
            : Enumerable.Range(0, FaceLandmarks.Count).MinBy(i => Distance(canvas, place, DrawnHeads.Colours[i]));

    private static void AssertEdge(SceneCanvas canvas, in RectF box, float share, bool inside)
    {
        foreach ((float dx, float dy) in new[] { (share, 0f), (-share, 0), (0, -share) })
        {
            var point = new PointF(box.Center.X + (dx * box.Width), box.Center.Y + (dy * box.Height));
            if (point.X >= 1 && point.Y >= 1 && point.X < canvas.Side - 1 && point.Y < canvas.Side - 1)
            {
                Span<byte> pixel = canvas.Pixels.Slice(3 * (((int)point.Y * canvas.Side) + (int)point.X), 3);
                bool isFace = pixel[0] > 110 && pixel[0] - pixel[2] > 20;
                Assert.True(isFace == inside || IsNearAnother(canvas, point, box), $"{point} of {box} is {(isFace ? "" : "no ")}face");
            }
        }
    }

    private static bool IsNearAnother(SceneCanvas canvas, PointF point, RectF box) =>
        canvas.Faces.Exists(face => face.Box != box && face.Box.IntersectionArea(new RectF(point.X - 2, point.Y - 2, 4, 4)) > 0);

    private static float Distance(SceneCanvas canvas, PointF point, byte[] colour)
    {
        Span<byte> pixel = canvas.Pixels.Slice(3 * (((int)point.Y * canvas.Side) + (int)point.X), 3);
        return MathF.Sqrt(MathF.Pow(pixel[0] - colour[0], 2) + MathF.Pow(pixel[1] - colour[1], 2) + MathF.Pow(pixel[2] - colour[2], 2));
    }
}
