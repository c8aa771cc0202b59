using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

public sealed class OcclusionSensitivityTests
{
    [Theory]
    [InlineData(0, 0, PixelFormat.Gray8)]
    [InlineData(1, 0, PixelFormat.Rgb24)]
    [InlineData(0, 1, PixelFormat.Bgr24)]
    [InlineData(1, 1, PixelFormat.Bgra32)]
    public void Run_ClassifierOfOneCorner_PeaksThere(int right, int down, PixelFormat format)
    {
        // The corner's 10 x 10 pixels are bright, all else is dark: nothing else can lower the score.
        FrameView picture = FrameTransforms.Encode(Corner(40, right, down), format, padding: 3);
        OcclusionMap map = OcclusionSensitivity.Run(CornerReader(right, down), FaceRegion.Whole(picture), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(new RectF(30 * right, 30 * down, 10, 10), map.Peak.Patch);
        Assert.Equal(Emotion.Happiness, map.Emotion);
        Assert.True(map.Peak.Drop > 0.3);
        Assert.All(map.Cells.Where(cell => cell.Patch.IntersectionArea(map.Peak.Patch) == 0), cell => Assert.Equal(0, cell.Drop, 1e-6));
    }

    [Fact]
    public void Run_FaceInALargePicture_GivesTheMapOfItsPlace()
    {
        FrameView crop = Corner(40, 1, 1);
        FrameView scene = FrameTransforms.Place(crop, 400, 300, 210, 133);
        var face = new FaceDetection(new RectF(210, 133, 40, 40), 0.9f, SyntheticFace.Landmarks(new RectF(210, 133, 40, 40)));
        FaceDetection? seen = null;
        (int, int) size = default;
        using var classifier = new FakeEmotionClassifier((in FaceRegion region) =>
        {
            seen = region.Face;
            size = (region.Frame.Width, region.Frame.Height);
            return ReadCorner(region, 1, 1);
        });
        OcclusionMap map = OcclusionSensitivity.Run(classifier, new FaceRegion(scene, face), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(new RectF(240, 163, 10, 10), map.Peak.Patch);

        // The picture that is read is cut to the face and a box's length around it; box and landmarks go with it.
        Assert.Equal((120, 120), size);
        Assert.Equal(new FaceDetection(new RectF(40, 40, 40, 40), 0.9f, SyntheticFace.Landmarks(new RectF(40, 40, 40, 40))), seen);
    }

    [Fact]
    public void Run_BoxBeyondThePicture_CoversWhatIsInIt()
    {
        FrameView picture = SyntheticFrames.Noise(30, 30, 1, PixelFormat.Gray8);
        var face = new FaceDetection(new RectF(-10.5f, 20.25f, 25, 40), 1);
        OcclusionMap map = OcclusionSensitivity.Run(new FakeEmotionClassifier(), new FaceRegion(picture, face), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0f, 20f), (map.Cells.Min(cell => cell.Patch.X), map.Cells.Min(cell => cell.Patch.Y)));
        Assert.Equal((15f, 30f), (map.Cells.Max(cell => cell.Patch.Right), map.Cells.Max(cell => cell.Patch.Bottom)));
    }

    [Fact]
    public void Run_Patches_AreFilledWithTheMeanOfTheirRing()
    {
        // 4 x 4 pixels, patches of 2: around the first lie 3, 7, 9, 10, 11, whose mean is 8; nothing of 1, 2, 5, 6 is left.
        byte[] picture = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        var seen = new List<byte[]>();
        using var classifier = new FakeEmotionClassifier((in FaceRegion region) =>
        {
            seen.Add(region.Frame.Pixels.ToArray());
            return Reading(0.5f);
        });
        OcclusionMap map = OcclusionSensitivity.Run(
            classifier, FaceRegion.Whole(new FrameView(picture, 4, 4, PixelFormat.Gray8)), new OcclusionOptions { PatchSize = 0.5, Stride = 0.5, BatchSize = 1 }, TestContext.Current.CancellationToken);

        Assert.Equal((2, 2, 4), (map.Columns, map.Rows, map.Cells.Count));
        Assert.Equal(picture, seen[0]);
        Assert.Equal([8, 8, 3, 4, 8, 8, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], seen[1]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 9, 9, 13, 14, 9, 9], seen[4]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1024)]
    public void Run_AnyBatchSize_GivesTheSameMap(int batch)
    {
        FrameView picture = SyntheticFrames.Faces(48, 40, [new(24, 20, 36)]);
        OcclusionMap Run(int size) => OcclusionSensitivity.Run(new FakeEmotionClassifier(), FaceRegion.Whole(picture), new OcclusionOptions { BatchSize = size }, TestContext.Current.CancellationToken);
        Assert.Equal(Run(16).Cells, Run(batch).Cells);
    }

    [Fact]
    public void Run_AnyPatchAndStride_CoversTheWholeFace() => CsCheck.Check.Sample(
        CsCheck.Gen.Select(CsCheck.Gen.Double[0.01, 1], CsCheck.Gen.Double[0.01, 1], CsCheck.Gen.Int[1, 30], CsCheck.Gen.Int[1, 30]),
        any =>
        {
            (double patch, double stride, int width, int height) = any;
            OcclusionMap map = OcclusionSensitivity.Run(
                new FakeEmotionClassifier(Reading(0.6f)), FaceRegion.Whole(SyntheticFrames.Noise(width, height)), new OcclusionOptions { PatchSize = Math.Max(patch, stride), Stride = stride });
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    Assert.Contains(map.Cells, cell => x >= cell.Patch.X && x < cell.Patch.Right && y >= cell.Patch.Y && y < cell.Patch.Bottom);
                }
            }

            Assert.Equal(map.Columns * map.Rows, map.Cells.Count);
        },
        iter: 50);

    [Fact]
    public void Run_Picture_IsNotChangedNorKept()
    {
        using var memory = new RevocableMemory(SyntheticFrames.FaceScene());
        byte[] before = memory.View.Pixels.ToArray();
        OcclusionMap map = OcclusionSensitivity.Run(new FakeEmotionClassifier(), FaceRegion.Whole(memory.View), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(before, memory.View.Pixels.ToArray());
        memory.Revoke();
        Assert.NotEmpty(map.Cells);
        Assert.Equal(0, memory.LateTouches);
    }

    [Fact]
    public void Run_WantedExpression_IsWatched()
    {
        using var classifier = new FakeEmotionClassifier(EmotionSet.Basic);
        FaceRegion face = FaceRegion.Whole(SyntheticFrames.Noise(20, 20));
        OcclusionMap map = OcclusionSensitivity.Run(classifier, face, new OcclusionOptions { Emotion = Emotion.Fear }, TestContext.Current.CancellationToken);
        Assert.Equal(Emotion.Fear, map.Emotion);
        Assert.Equal(classifier.Classify(face, TestContext.Current.CancellationToken), map.Scores);
        Assert.Throws<ArgumentException>("options", () => OcclusionSensitivity.Run(classifier, face, new OcclusionOptions { Emotion = Emotion.Contempt }));
    }

    [Fact]
    public void Run_BadInput_IsRefused()
    {
        using var classifier = new FakeEmotionClassifier();
        FaceRegion face = FaceRegion.Whole(SyntheticFrames.Noise(20, 20));
        void Refused(OcclusionOptions options) => Assert.Throws<ArgumentException>(() => OcclusionSensitivity.Run(classifier, face, options));
        Refused(new OcclusionOptions { PatchSize = 0 });
        Refused(new OcclusionOptions { PatchSize = double.NaN });
        Refused(new OcclusionOptions { Stride = 1.5 });
        Refused(new OcclusionOptions { BatchSize = 0 });
        Refused(new OcclusionOptions { Emotion = (Emotion)8 });
        Assert.Throws<ArgumentException>("face", () => OcclusionSensitivity.Run(classifier, default));
        Assert.Throws<ArgumentNullException>("classifier", () => OcclusionSensitivity.Run(null!, face));
        Assert.ThrowsAny<OperationCanceledException>(() => OcclusionSensitivity.Run(classifier, face, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Draw_Map_IsOrangeAtItsPeakAndGrayWhereNothingHangs()
    {
        FrameView picture = Corner(40, 1, 0);
        OcclusionMap map = OcclusionSensitivity.Run(CornerReader(1, 0), FaceRegion.Whole(picture), cancellationToken: TestContext.Current.CancellationToken);
        using Frame drawing = map.Draw(picture, 3);

        Assert.Equal((120, 120, PixelFormat.Bgra32), (drawing.View.Width, drawing.View.Height, drawing.View.Format));
        (byte blue, byte green, byte red) = Pixel(drawing.View, 105, 15);
        Assert.True(red > green && green > blue && red - blue > 80);
        Assert.Equal((40, 40, 40), Pixel(drawing.View, 15, 105));
    }

    [Fact]
    public void Draw_CoverThatRaisesTheScore_IsBlue()
    {
        FrameView picture = Corner(40, 0, 0);
        OcclusionMap map = OcclusionSensitivity.Run(CornerReader(0, 0), FaceRegion.Whole(picture), new OcclusionOptions { Emotion = Emotion.Sadness }, TestContext.Current.CancellationToken);
        using Frame drawing = map.Draw(picture);
        (byte blue, byte green, byte red) = Pixel(drawing.View, 5, 5);
        Assert.True(blue > green && green > red);
    }

    [Fact]
    public void Draw_ClassifierThatLooksAtNothing_LeavesThePictureGray()
    {
        FrameView picture = SyntheticFrames.FaceScene();
        OcclusionMap map = OcclusionSensitivity.Run(new FakeEmotionClassifier(Reading(0.7f)), FaceRegion.Whole(picture), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0f, 0.01f), (map.Peak.Drop, map.Scale));
        using Frame drawing = map.Draw(picture);
        FrameView gray = FrameTransforms.Encode(picture, PixelFormat.Gray8);
        for (int i = 0; i < 128 * 128; i++)
        {
            (byte blue, byte green, byte red) = Pixel(drawing.View, i % 128, i / 128);
            Assert.True(blue == green && green == red && Math.Abs(red - gray.GetRow(i / 128)[i % 128]) <= 1);
        }
    }

    [Fact]
    public void Draw_BadInput_IsRefused()
    {
        OcclusionMap map = OcclusionSensitivity.Run(new FakeEmotionClassifier(), FaceRegion.Whole(SyntheticFrames.Noise(20, 20)), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("20x20", Assert.Throws<ArgumentException>("frame", () => map.Draw(SyntheticFrames.Noise(21, 20))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("frame", () => map.Draw(default));
        Assert.Throws<ArgumentOutOfRangeException>("enlarge", () => map.Draw(SyntheticFrames.Noise(20, 20), 0));
        Assert.Throws<ArgumentOutOfRangeException>("enlarge", () => map.Draw(SyntheticFrames.Noise(20, 20), 17));
    }

    [Fact]
    public void Run_EmbeddedClassifierOnTheAverageSurprise_PeaksAtTheMouth()
    {
        using Frame faces = Media.ImageFile.Load(TestFiles.InRepository("samples", "pictures", "average-faces.png"));
        using IEmotionClassifier classifier = Onnx.OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        var box = new RectF(617, 67, 156, 194);
        OcclusionMap map = OcclusionSensitivity.Run(classifier, new FaceRegion(faces.View, new FaceDetection(box, 1)), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Emotion.Surprise, map.Emotion);
        Assert.InRange(map.Peak.Patch.Center.X, box.X + (0.3f * box.Width), box.X + (0.7f * box.Width));
        Assert.InRange(map.Peak.Patch.Center.Y, box.Y + (0.6f * box.Height), box.Bottom);
    }

    private static FrameView Corner(int side, int right, int down)
    {
        byte[] pixels = new byte[side * side];
        for (int i = 0; i < pixels.Length; i++)
        {
            bool bright = (i % side < 10 ? 0 : i % side >= side - 10 ? 1 : 2) == right && (i / side < 10 ? 0 : i / side >= side - 10 ? 1 : 2) == down;
            pixels[i] = (byte)(bright ? 240 : 40);
        }

        return new FrameView(pixels, side, side, PixelFormat.Gray8);
    }

    private static FakeEmotionClassifier CornerReader(int right, int down) => new((in FaceRegion face) => ReadCorner(face, right, down));

    private static EmotionScores ReadCorner(in FaceRegion region, int right, int down)
    {
        RectF box = region.Face.Box;
        (int left, int top) = ((int)box.X + (right * ((int)box.Width - 10)), (int)box.Y + (down * ((int)box.Height - 10)));
        int bytes = region.Frame.Format.BytesPerPixel();
        float sum = 0;
        for (int i = 0; i < 100; i++)
        {
            sum += region.Frame.GetRow(top + (i / 10))[(left + (i % 10)) * bytes];
        }

        return Reading(sum / 100 / 255);
    }

    private static EmotionScores Reading(float happiness) => new([0, happiness, 0, 1 - happiness, 0, 0, 0, 0]);

    private static (byte Blue, byte Green, byte Red) Pixel(FrameView view, int x, int y)
    {
        ReadOnlySpan<byte> pixel = view.GetRow(y).Slice(x * 4, 4);
        return (pixel[0], pixel[1], pixel[2]);
    }
}
