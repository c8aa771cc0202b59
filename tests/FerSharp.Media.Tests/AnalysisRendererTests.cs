using CsCheck;

namespace FerSharp.Media.Tests;

public sealed class AnalysisRendererTests
{
    private static readonly (byte, byte, byte) Background = (40, 80, 60);

    [Theory]
    [InlineData(PixelFormat.Gray8)]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Rgba32)]
    [InlineData(PixelFormat.Bgra32)]
    public void Draw_EachPixelFormatWithPadding_LeavesTheSourceAsItWas(PixelFormat format)
    {
        FrameView view = TestPictures.View(format, 320, 240, padding: 11);
        byte[] before = view.Pixels.ToArray();
        using Frame drawn = AnalysisRenderer.Draw(view, Analysis(320, 240, Face(new RectF(100, 60, 90, 110))));
        Assert.Equal(before, view.Pixels.ToArray());
        Assert.Equal((320, 240, PixelFormat.Bgra32), (drawn.View.Width, drawn.View.Height, drawn.View.Format));
        Assert.Equal(TestPictures.At(view, 5, 5), TestPictures.At(drawn.View, 5, 5));
        Assert.Equal(TestPictures.At(view, 310, 230), TestPictures.At(drawn.View, 310, 230));
    }

    [Fact]
    public void Draw_AnyColourFormat_GivesTheSamePicture()
    {
        FrameAnalysis analysis = Analysis(320, 240, Face(new RectF(100, 60, 90, 110)));
        using Frame expected = AnalysisRenderer.Draw(TestPictures.View(PixelFormat.Bgra32, 320, 240), analysis);
        foreach (PixelFormat format in (PixelFormat[])[PixelFormat.Rgb24, PixelFormat.Bgr24, PixelFormat.Rgba32])
        {
            using Frame drawn = AnalysisRenderer.Draw(TestPictures.View(format, 320, 240, padding: 7), analysis);
            Assert.True(expected.View.Pixels.Span.SequenceEqual(drawn.View.Pixels.Span), $"{format}");
        }
    }

    [Fact]
    public void Draw_NoFaces_IsTheUnchangedPicture()
    {
        FrameView view = TestPictures.View();
        using Frame drawn = AnalysisRenderer.Draw(view, new FrameAnalysis(64, 32, []));
        Assert.Equal(0, Changed(view, drawn.View, new RectF(0, 0, 64, 32)));
    }

    [Fact]
    public void Draw_ReadableFace_HasASolidBoxInTheColourOfItsExpression()
    {
        var box = new RectF(100, 60, 90, 110);
        using Frame drawn = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, Face(box)), Only(labels: false));
        for (int y = 65; y < 165; y++)
        {
            Assert.Equal(ColorOf(Emotion.Happiness), TestPictures.At(drawn.View, 100, y));
        }
    }

    [Theory]
    [InlineData(FaceOutcome.Uncertain)]
    [InlineData(FaceOutcome.LowQuality)]
    public void Draw_FaceThatCannotBeRead_HasABrokenBox(FaceOutcome outcome)
    {
        var box = new RectF(100, 60, 90, 110);
        FrameView plain = Plain(320, 240);
        using Frame drawn = AnalysisRenderer.Draw(plain, Analysis(320, 240, Face(box, outcome)), Only(labels: false));
        int changed = Changed(plain, drawn.View, new RectF(100, 70, 1, 90));
        Assert.InRange(changed, 10, 80);
    }

    [Fact]
    public void Draw_Label_IsAPlateInTheColourOfTheExpressionWithTextOnIt()
    {
        using Frame drawn = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, Face(new RectF(100, 60, 90, 110))), Only(labels: true));
        var above = new RectF(95, 30, 120, 28);
        Assert.True(Count(drawn.View, above, ColorOf(Emotion.Happiness)) > 400);
        Assert.True(Count(drawn.View, above, (0, 0, 0)) > 20);
    }

    [Fact]
    public void Draw_LabelText_FollowsTheReading()
    {
        FaceEmotion face = Face(new RectF(100, 60, 90, 110));
        Assert.Equal("Happiness 0.93", Text(face));
        Assert.Equal("Uncertain: Happiness 0.93\ntop score too low", Text(face with { Outcome = FaceOutcome.Uncertain, Reasons = OutcomeReasons.LowTopScore }));
        Assert.Equal("Low quality\ntoo small, too dark", Text(face with { Outcome = FaceOutcome.LowQuality, Reasons = OutcomeReasons.TooSmall | OutcomeReasons.TooDark }));
        Assert.Equal("no reading", Text(face with { Scores = default }));

        // The text is found by asking which of the given texts draws the same pixels.
        static string? Text(FaceEmotion face)
        {
            string[] texts = ["Happiness 0.93", "Happiness 0.92", "Uncertain: Happiness 0.93\ntop score too low", "Low quality\ntoo small, too dark", "no reading"];
            using Frame drawn = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, face), Only(labels: true));
            return texts.SingleOrDefault(text =>
            {
                DrawOptions options = Only(labels: true);
                options.Label = _ => text;
                using Frame other = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, face), options);
                return other.View.Pixels.Span.SequenceEqual(drawn.View.Pixels.Span);
            });
        }
    }

    [Fact]
    public void Draw_EveryPrintableCharacter_HasAGlyphOfItsOwn()
    {
        var seen = new HashSet<string>();
        for (char c = '!'; c <= '~'; c++)
        {
            Assert.True(seen.Add(Ink(c)), $"'{c}' looks like another character.");
        }

        Assert.True(seen.Add(Ink('\u00E4')), "An unknown character looks like a known one.");
        Assert.False(seen.Add(Ink('\u4E2D')), "Unknown characters have one common glyph.");

        static string Ink(char c)
        {
            DrawOptions options = Only(labels: true);
            options.Label = _ => "x" + c + "x";
            options.Scale = 3;
            using Frame drawn = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, Face(new RectF(100, 100, 90, 110))), options);
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(drawn.View.Pixels.Span));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(230, 0)]
    [InlineData(0, 130)]
    [InlineData(230, 130)]
    [InlineData(-40, -50)]
    [InlineData(280, 200)]
    public void Draw_FaceAtAnEdge_HasItsWholeLabelInside(float x, float y)
    {
        int middle = Plate(115, 65);
        Assert.Equal(middle, Plate(x, y));

        static int Plate(float x, float y)
        {
            DrawOptions options = Only(labels: true);
            using Frame with = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, Face(new RectF(x, y, 90, 110))), options);
            options.Label = _ => "";
            using Frame without = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, Face(new RectF(x, y, 90, 110))), options);
            int count = 0;
            for (int row = 0; row < 240; row++)
            {
                for (int column = 0; column < 320; column++)
                {
                    // Text is black; nothing else of the drawing is.
                    count += TestPictures.At(with.View, column, row) == (0, 0, 0) && TestPictures.At(without.View, column, row) != (0, 0, 0) ? 1 : 0;
                }
            }

            return count;
        }
    }

    [Fact]
    public void Draw_TwoFacesOneAboveTheOther_LabelsAndPanelsKeepOffTheFaces()
    {
        RectF[] boxes = [new(200, 90, 80, 90), new(200, 190, 80, 90)];
        FrameView plain = Plain(640, 480);
        using Frame drawn = AnalysisRenderer.Draw(plain, Analysis(640, 480, Face(boxes[0]), Face(boxes[1])));
        foreach (RectF box in boxes)
        {
            Assert.Equal(0, Changed(plain, drawn.View, new RectF(box.X + 4, box.Y + 4, box.Width - 8, box.Height - 8)));
        }
    }

    [Fact]
    public void Draw_Landmarks_AreFiveDots()
    {
        var landmarks = new FaceLandmarks(new(125, 90), new(165, 90), new(145, 115), new(130, 140), new(160, 140));
        FaceEmotion face = Face(new RectF(100, 60, 90, 110));
        face = face with { Face = face.Face with { Landmarks = landmarks } };
        DrawOptions options = Only(labels: false);
        options.Landmarks = true;
        using Frame drawn = AnalysisRenderer.Draw(Plain(320, 240), Analysis(320, 240, face), options);
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            Assert.Equal(((byte)255, (byte)255, (byte)255), TestPictures.At(drawn.View, (int)landmarks[i].X, (int)landmarks[i].Y));
        }
    }

    [Fact]
    public void Draw_ScoreBars_AreLongerForHigherScores()
    {
        DrawOptions options = Only(labels: false);
        options.ScoreBars = true;
        using Frame drawn = AnalysisRenderer.Draw(Plain(640, 480), Analysis(640, 480, Face(new RectF(100, 60, 90, 110))), options);
        var beside = new RectF(195, 50, 200, 200);
        int happiness = Count(drawn.View, beside, ColorOf(Emotion.Happiness));
        int neutral = Count(drawn.View, beside, ColorOf(Emotion.Neutral));
        Assert.True(happiness > 5 * Math.Max(1, neutral), $"{happiness} and {neutral}");
        Assert.True(neutral > 0);
    }

    [Fact]
    public void Draw_LowQualityFace_HasNoScoreBars()
    {
        DrawOptions options = Only(labels: false);
        FrameAnalysis analysis = Analysis(640, 480, Face(new RectF(100, 60, 90, 110), FaceOutcome.LowQuality));
        using Frame without = AnalysisRenderer.Draw(Plain(640, 480), analysis, options);
        options.ScoreBars = true;
        using Frame with = AnalysisRenderer.Draw(Plain(640, 480), analysis, options);
        Assert.True(with.View.Pixels.Span.SequenceEqual(without.View.Pixels.Span));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 5)]
    [InlineData(48, 48)]
    [InlineData(1, 3000)]
    [InlineData(200, 150)]
    [InlineData(4000, 3000)]
    public void Draw_AnySize_Succeeds(int width, int height)
    {
        FrameView plain = Plain(width, height);
        using Frame drawn = AnalysisRenderer.Draw(plain, Analysis(width, height, Face(new RectF(width * 0.25f, height * 0.25f, width * 0.5f, height * 0.5f))));
        Assert.True(Changed(plain, drawn.View, new RectF(0, 0, width, height)) > 0);
    }

    [Fact]
    public void Draw_FaceOutsideThePicture_IsNotDrawn()
    {
        FrameView plain = Plain(320, 240);
        using Frame drawn = AnalysisRenderer.Draw(plain, Analysis(320, 240, Face(new RectF(400, 60, 90, 110))));
        Assert.Equal(0, Changed(plain, drawn.View, new RectF(0, 0, 320, 240)));
    }

    [Fact]
    public void Draw_BoxesOfAnySizeAndPlace_Succeeds()
    {
        Gen<float> place = Gen.Float[-300, 300];
        Gen<float> size = Gen.OneOf(Gen.Float[0.01f, 200], Gen.Float[1, 1e9f]);
        Gen<FaceEmotion> face = Gen.Select(place, place, size, size, Gen.Enum<FaceOutcome>(), (x, y, w, h, outcome) => Face(new RectF(x, y, w, h), outcome));
        FrameView plain = Plain(160, 120);
        face.Array[0, 12].Sample(faces =>
        {
            using Frame drawn = AnalysisRenderer.Draw(plain, Analysis(160, 120, faces));
            return drawn.View.Width == 160;
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void Draw_OwnLabel_IsAskedForOncePerFaceAndItsExceptionsComeOut()
    {
        FrameAnalysis analysis = Analysis(320, 240, Face(new RectF(10, 60, 90, 110)), Face(new RectF(200, 60, 90, 110)));
        int calls = 0;
        using Frame drawn = AnalysisRenderer.Draw(Plain(320, 240), analysis, new DrawOptions { Label = _ => $"face {++calls}" });
        Assert.Equal(2, calls);
        Assert.Throws<NotSupportedException>(() => AnalysisRenderer.Draw(Plain(320, 240), analysis, new DrawOptions { Label = _ => throw new NotSupportedException() }));
    }

    [Fact]
    public void Draw_LargerScale_DrawsMore()
    {
        FrameAnalysis analysis = Analysis(640, 480, Face(new RectF(200, 160, 90, 110)));
        FrameView plain = Plain(640, 480);
        using Frame small = AnalysisRenderer.Draw(plain, analysis, new DrawOptions { Scale = 1 });
        using Frame large = AnalysisRenderer.Draw(plain, analysis, new DrawOptions { Scale = 1.5f });
        var all = new RectF(0, 0, 640, 480);
        Assert.True(Changed(plain, large.View, all) > 1.5 * Changed(plain, small.View, all));
    }

    [Fact]
    public void Draw_PictureOfAnotherSize_IsRefused() =>
        Assert.Contains("64x32", Assert.Throws<ArgumentException>(() => AnalysisRenderer.Draw(TestPictures.View(), new FrameAnalysis(32, 64, []))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(float.NaN, 10)]
    [InlineData(0, 0)]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(0, -5)]
    public void Draw_BoxWithoutASize_IsRefused(float x, float width) =>
        Assert.Throws<ArgumentException>(() => AnalysisRenderer.Draw(TestPictures.View(), Analysis(64, 32, Face(new RectF(x, 0, width, 10)))));

    [Fact]
    public void Draw_NothingToDrawOn_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => AnalysisRenderer.Draw(default, new FrameAnalysis(0, 0, [])));
        Assert.Throws<ArgumentNullException>(() => AnalysisRenderer.Draw(TestPictures.View(), null!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(float.NaN)]
    public void Draw_ScaleOutOfRange_IsRefused(float scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AnalysisRenderer.Draw(TestPictures.View(), new FrameAnalysis(64, 32, []), new DrawOptions { Scale = scale }));

    private static DrawOptions Only(bool labels) => new() { Labels = labels, Landmarks = false, ScoreBars = false };

    private static FrameAnalysis Analysis(int width, int height, params FaceEmotion[] faces) => new(width, height, faces);

    private static FaceEmotion Face(RectF box, FaceOutcome outcome = FaceOutcome.Ok) =>
        new(new FaceDetection(box, 0.9f), new EmotionScores([0.05f, 0.93f, 0.02f, 0, 0, 0, 0, 0]), outcome, outcome == FaceOutcome.Ok ? OutcomeReasons.None : OutcomeReasons.TooDark, default);

    private static FrameView Plain(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = Background;
        }

        return new FrameView(pixels, width, height, PixelFormat.Rgb24);
    }

    private static (byte, byte, byte) ColorOf(Emotion emotion)
    {
        RgbColor color = EmotionPalette.ColorOf(emotion);
        return (color.R, color.G, color.B);
    }

    private static int Count(in FrameView view, in RectF area, (byte, byte, byte) color)
    {
        int count = 0;
        for (int y = (int)area.Y; y < area.Bottom; y++)
        {
            for (int x = (int)area.X; x < area.Right; x++)
            {
                count += TestPictures.At(view, x, y) == color ? 1 : 0;
            }
        }

        return count;
    }

    private static int Changed(in FrameView before, in FrameView after, in RectF area)
    {
        int count = 0;
        for (int y = (int)area.Y; y < area.Bottom; y++)
        {
            for (int x = (int)area.X; x < area.Right; x++)
            {
                count += TestPictures.At(before, x, y) == TestPictures.At(after, x, y) ? 0 : 1;
            }
        }

        return count;
    }
}
