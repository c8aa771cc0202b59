using CsCheck;
using FerSharp.Media;
using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

public sealed class PerturbationTests
{
    private static readonly FrameView Face = SyntheticFrames.Faces(48, 48, [new(24, 24, 40)], PixelFormat.Rgb24);

    public static TheoryData<PixelFormat> Formats => [PixelFormat.Gray8, PixelFormat.Rgb24, PixelFormat.Bgr24, PixelFormat.Rgba32, PixelFormat.Bgra32];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Apply_StrengthWithoutEffect_IsTheIdentity(PixelFormat format)
    {
        FrameView picture = FrameTransforms.Encode(SyntheticFrames.Noise(31, 23), format, padding: 5, margin: 2);
        Perturbation[] idle =
        [
            new(PerturbationKind.Blur, 0), new(PerturbationKind.Noise, 0), new(PerturbationKind.Gamma, 1), new(PerturbationKind.Rotation, 0),
            new(PerturbationKind.Rotation, 360), new(PerturbationKind.Rotation, -360), new(PerturbationKind.Downscale, 23), new(PerturbationKind.Occlusion, 0),
        ];
        Assert.All(idle, perturbation => Assert.Equal(Bytes(picture), Apply(perturbation, picture)));
    }

    [Fact]
    public void Apply_GridInAnyLayout_GivesTheSameColours()
    {
        FrameView picture = SyntheticFrames.Noise(40, 36);
        foreach (Perturbation perturbation in Perturbation.DefaultGrid)
        {
            using Frame expected = perturbation.Apply(picture, "a");
            foreach (PixelFormat format in new[] { PixelFormat.Bgr24, PixelFormat.Rgba32, PixelFormat.Bgra32 })
            {
                using Frame actual = perturbation.Apply(FrameTransforms.Encode(picture, format, padding: 3, margin: 1), "a");
                Assert.Equal((40, 36, format), (actual.View.Width, actual.View.Height, actual.View.Format));
                Assert.Equal(Bytes(expected.View), Bytes(FrameTransforms.Encode(actual.View, PixelFormat.Rgb24)));
            }

            using Frame gray = perturbation.Apply(FrameTransforms.Encode(picture, PixelFormat.Gray8), "a");
            Assert.Equal(PixelFormat.Gray8, gray.View.Format);
            Assert.NotEqual(Bytes(picture), Bytes(expected.View));
        }
    }

    [Fact]
    public void Apply_Picture_IsNotChanged()
    {
        byte[] before = Bytes(Face);
        foreach (Perturbation perturbation in Perturbation.DefaultGrid)
        {
            Apply(perturbation, Face);
        }

        Assert.Equal(before, Bytes(Face));
    }

    [Fact]
    public void Blur_Stronger_LowersSharpness() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Double[0.5, 2], Gen.Double[1.2, 3]).Sample(any =>
        {
            FrameView noise = SyntheticFrames.Noise(40, 40, any.Item1, PixelFormat.Gray8);
            double Sharpness(double strength) => Laplacian(Apply(new Perturbation(PerturbationKind.Blur, strength), noise), 40);
            Assert.True(Sharpness(any.Item2) < Laplacian(Bytes(noise), 40));
            Assert.True(Sharpness(any.Item2 * any.Item3) <= Sharpness(any.Item2));
        });

    [Fact]
    public void Blur_OnePoint_BecomesTheGaussian()
    {
        byte[] point = new byte[48 * 48];
        point[(24 * 48) + 24] = 255;
        byte[] blurred = Apply(new Perturbation(PerturbationKind.Blur, 1), new FrameView(point, 48, 48, PixelFormat.Gray8));

        // By hand: 255 exp(-(x2 + y2) / 2) / (2 pi), which is 40.58 in the middle, times 0.6065 beside it, times 0.3679 diagonally.
        Assert.Equal((41, 25, 25, 15), (blurred[(24 * 48) + 24], blurred[(24 * 48) + 25], blurred[(23 * 48) + 24], blurred[(25 * 48) + 25]));
    }

    [Fact]
    public void Blur_LargerPicture_GrowsWithTheFace()
    {
        // A picture of twice the size is blurred twice as far: reduced again, it is the same.
        FrameView small = SyntheticFrames.Blank(48, 48, 0, PixelFormat.Gray8);
        byte[] point = new byte[96 * 96];
        point[(48 * 96) + 48] = 255;
        byte[] blurred = Apply(new Perturbation(PerturbationKind.Blur, 1), new FrameView(point, 96, 96, PixelFormat.Gray8));
        Assert.Equal(10, blurred[(48 * 96) + 48]);
        Assert.Equal(Bytes(small), Apply(new Perturbation(PerturbationKind.Blur, 4), small));
    }

    [Fact]
    public void Noise_OnMiddleGray_HasTheStatedDeviation()
    {
        byte[] noisy = Apply(new Perturbation(PerturbationKind.Noise, 20), SyntheticFrames.Blank(200, 200, 128, PixelFormat.Gray8));
        double mean = noisy.Average(value => (double)value);
        Assert.Equal(128, mean, 0.5);
        Assert.Equal(20, Math.Sqrt(noisy.Average(value => (value - mean) * (value - mean))), 0.4);
        Assert.Equal(0.683, noisy.Count(value => Math.Abs(value - 128) <= 20) / 40000.0, 0.02);
    }

    [Theory]
    [InlineData(2, 64)]
    [InlineData(0.5, 181)]
    [InlineData(4, 16)]
    public void Gamma_MiddleGray_FollowsTheFormula(double exponent, byte expected) =>
        Assert.Equal(expected, Apply(new Perturbation(PerturbationKind.Gamma, exponent), SyntheticFrames.Blank(3, 3, 128, PixelFormat.Gray8))[4]);

    [Fact]
    public void Jpeg_LowerQuality_IsFartherFromThePictureAndIsWhatAFileHolds()
    {
        double[] errors = [.. new[] { 90, 50, 10, 1 }.Select(quality => Error(Apply(new Perturbation(PerturbationKind.Jpeg, quality), Face), Bytes(Face)))];
        Assert.Equal(errors.Order(), errors);
        Assert.True(errors[0] > 0);
        using Frame file = ImageFile.Load(ImageFile.Encode(Face, ImageSaveFormat.Jpeg, 10));
        Assert.Equal(Bytes(FrameTransforms.Encode(file.View, PixelFormat.Rgb24)), Apply(new Perturbation(PerturbationKind.Jpeg, 10), Face));
    }

    [Fact]
    public void Rotation_QuarterTurn_IsClockwise()
    {
        byte[] turned = Apply(new Perturbation(PerturbationKind.Rotation, 90), new FrameView(new byte[] { 10, 20, 30, 40 }, 2, 2, PixelFormat.Gray8));
        Assert.Equal([30, 10, 40, 20], turned);
    }

    [Fact]
    public void Rotation_ThereAndBack_IsNearlyThePicture()
    {
        FrameView smooth = SyntheticFrames.Gradient(64, 64);
        foreach (double degrees in new[] { 10, 33, 77, 180 })
        {
            using Frame there = new Perturbation(PerturbationKind.Rotation, degrees).Apply(smooth);
            using Frame back = new Perturbation(PerturbationKind.Rotation, -degrees).Apply(there.View);
            Assert.True(Error(Bytes(back.View.Slice(20, 20, 24, 24)), Bytes(smooth.Slice(20, 20, 24, 24))) < 2);
        }
    }

    [Fact]
    public void Downscale_FineChecks_BecomeGrayAndSlowOnesStay()
    {
        byte[] checks = [.. Enumerable.Range(0, 48 * 48).Select(i => (byte)(((i / 48) + i) % 2 == 0 ? 0 : 200))];
        Assert.All(Apply(new Perturbation(PerturbationKind.Downscale, 24), new FrameView(checks, 48, 48, PixelFormat.Gray8)), value => Assert.Equal(100, value));
        FrameView slow = SyntheticFrames.Gradient(48, 48, PixelFormat.Gray8);
        Assert.True(Error(Apply(new Perturbation(PerturbationKind.Downscale, 24), slow), Bytes(slow)) < 3);
    }

    [Fact]
    public void Occlusion_AnyShare_CoversItWithinTheFace() =>
        Gen.Select(Gen.Double[0.01, 1], Gen.Int[4, 60], Gen.Int[4, 60], Gen.Int[0, 1000]).Sample((share, width, height, id) =>
        {
            FrameView black = SyntheticFrames.Blank(90, 80, 0, PixelFormat.Gray8);
            var face = new RectF(11, 7, width, height);
            using Frame covered = new Perturbation(PerturbationKind.Occlusion, share).Apply(black, $"{id}", face: face);
            int count = 0;
            for (int y = 0; y < 80; y++)
            {
                for (int x = 0; x < 90; x++)
                {
                    bool gray = covered.View.GetRow(y)[x] == 128;
                    count += gray ? 1 : 0;
                    Assert.True(!gray || (x >= 11 && x < 11 + width && y >= 7 && y < 7 + height));
                }
            }

            // Rows are whole: half a row too many or too few; and never nothing.
            Assert.InRange(count, (share * width * height) - (width / 2.0), Math.Max(1, (share * width * height) + (width / 2.0)));
        });

    [Fact]
    public void Apply_SeedAndId_DecideTheBytes()
    {
        foreach (PerturbationKind kind in new[] { PerturbationKind.Noise, PerturbationKind.Occlusion })
        {
            byte[] Make(string id, ulong seed, double strength = 0.2)
            {
                using Frame frame = new Perturbation(kind, kind == PerturbationKind.Noise ? 100 * strength : strength).Apply(Face, id, seed);
                return Bytes(frame.View);
            }

            Assert.Equal(Make("a", 1), Make("a", 1));
            Assert.NotEqual(Make("a", 1), Make("b", 1));
            Assert.NotEqual(Make("a", 1), Make("a", 2));
        }
    }

    [Fact]
    public void DefaultGrid_IsWhatItsDocumentationSays() => Assert.Equal(
        "Blur 0.5, Blur 1, Blur 2, Blur 4, Noise 8, Noise 16, Noise 32, Noise 64, Gamma 0.5, Gamma 2, Gamma 4, Gamma 6, Jpeg 50, Jpeg 25, Jpeg 10, Jpeg 5, "
        + "Rotation 10, Rotation 20, Rotation 30, Rotation 45, Downscale 32, Downscale 24, Downscale 16, Downscale 12, Occlusion 0.1, Occlusion 0.2, Occlusion 0.3, Occlusion 0.5",
        string.Join(", ", Perturbation.DefaultGrid));

    [Theory]
    [InlineData(PerturbationKind.Blur, -1)]
    [InlineData(PerturbationKind.Blur, double.NaN)]
    [InlineData(PerturbationKind.Noise, 256)]
    [InlineData(PerturbationKind.Gamma, 0)]
    [InlineData(PerturbationKind.Jpeg, 0)]
    [InlineData(PerturbationKind.Jpeg, 50.5)]
    [InlineData(PerturbationKind.Rotation, double.PositiveInfinity)]
    [InlineData(PerturbationKind.Downscale, 0)]
    [InlineData(PerturbationKind.Occlusion, 1.01)]
    [InlineData((PerturbationKind)0, 1)]
    [InlineData((PerturbationKind)8, 1)]
    public void Constructor_OutOfRange_IsRefused(PerturbationKind kind, double strength) => Assert.Throws<ArgumentOutOfRangeException>(() => new Perturbation(kind, strength));

    [Fact]
    public void Apply_BadInput_IsRefused()
    {
        var blur = new Perturbation(PerturbationKind.Blur, 1);
        Assert.Throws<ArgumentException>("frame", () => blur.Apply(default));
        Assert.Throws<ArgumentNullException>("sampleId", () => blur.Apply(Face, null!));
        Assert.Throws<ArgumentException>("face", () => blur.Apply(Face, face: new RectF(0, 0, float.NaN, 5)));
        Assert.Throws<ArgumentException>("face", () => blur.Apply(Face, face: new RectF(0, 0, 5, 0)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 30)]
    [InlineData(30, 1)]
    public void Apply_ThinPictures_Work(int width, int height) =>
        Assert.All(Perturbation.DefaultGrid, perturbation => Assert.Equal(width * height, Apply(perturbation, SyntheticFrames.Noise(width, height, 1, PixelFormat.Gray8)).Length));

    private static byte[] Apply(Perturbation perturbation, FrameView picture)
    {
        using Frame frame = perturbation.Apply(picture);
        return Bytes(frame.View);
    }

    private static byte[] Bytes(FrameView view) => [.. Enumerable.Range(0, view.Height).SelectMany(y => view.GetRow(y).ToArray())];

    private static double Error(byte[] left, byte[] right) => left.Zip(right).Average(pair => Math.Abs(pair.First - pair.Second));

    private static double Laplacian(byte[] gray, int width) => Enumerable.Range(0, gray.Length)
        .Where(i => i % width is > 0 && i % width < width - 1 && i / width is > 0 && i / width < (gray.Length / width) - 1)
        .Average(i => Math.Pow(gray[i - 1] + gray[i + 1] + gray[i - width] + gray[i + width] - (4.0 * gray[i]), 2));
}
