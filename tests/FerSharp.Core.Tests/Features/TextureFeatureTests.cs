using System.Numerics;
using CsCheck;
using FerSharp.Features;
using static FerSharp.Core.Tests.Features.FeatureRows;

namespace FerSharp.Core.Tests.Features;

/// <summary>What patterns and gradients promise on any picture.</summary>
public sealed class TextureFeatureTests
{
    [Fact]
    public void Lbp_BrighterPicture_GivesTheSameRow() => Gen.Select(Lbp, Gen.Int, Gen.Int[-20, 20]).Sample((spec, seed, shift) =>
    {
        byte[] pixels = Picture(spec.Size, seed), shifted = [.. pixels.Select(pixel => (byte)(pixel + shift))];
        Assert.Equal(Extract(spec, pixels, spec.Size), Extract(spec, shifted, spec.Size));
    });

    [Fact]
    public void Lbp_AnyPicture_HasCellsOfLengthOne() => Gen.Select(Lbp, Gen.Int).Sample((spec, seed) =>
        Assert.All(Extract(spec, Picture(spec.Size, seed), spec.Size).Chunk(LbpSpec.Bins), cell => Assert.Equal(1, cell.Sum(value => value * value), 1e-5f)));

    [Fact]
    public void Lbp_FlatPicture_CountsOnlyTies() => Lbp.Sample(spec =>
    {
        byte[] flat = [.. Enumerable.Repeat((byte)77, spec.Size * spec.Size)];
        Assert.All(Extract(spec, flat, spec.Size).Chunk(LbpSpec.Bins), cell =>
        {
            Assert.Equal(1, cell[57], 1e-6f);
            Assert.Equal(cell[57], cell.Sum());
        });
    });

    [Fact]
    public void Lbp_MirroredPicture_PermutesCellsAndPatterns() => Gen.Select(Lbp, Gen.Int).Where((spec, _) => spec.Size % spec.Grid == 0).Sample((spec, seed) =>
    {
        byte[] pixels = Picture(spec.Size, seed);
        float[] row = Extract(spec, pixels, spec.Size), mirrored = Extract(spec, Mirror(pixels, spec.Size), spec.Size);
        for (int i = 0; i < row.Length; i++)
        {
            int cell = i / LbpSpec.Bins, other = (cell / spec.Grid * spec.Grid) + spec.Grid - 1 - (cell % spec.Grid);
            row[i] -= mirrored[(other * LbpSpec.Bins) + MirroredBin(i % LbpSpec.Bins)];
        }

        Assert.False(row.AsSpan().ContainsAnyExcept(0));
    });

    [Fact]
    public void Hog_MoreContrast_GivesTheSameRow() => Gen.Select(Hog, Gen.Int).Sample((spec, seed) =>
    {
        byte[] pixels = [.. Picture(spec.Size, seed).Select(pixel => (byte)(pixel / 2))], stronger = [.. pixels.Select(pixel => (byte)((pixel * 2) + 3))];
        Assert.True(Extract(spec, pixels, spec.Size).Zip(Extract(spec, stronger, spec.Size)).All(pair => MathF.Abs(pair.First - pair.Second) < 1e-4f));
    });

    [Fact]
    public void Hog_AnyPicture_HasBlocksOfLengthOne() => Gen.Select(Hog, Gen.Int).Sample((spec, seed) =>
        Assert.All(Extract(spec, Picture(spec.Size, seed), spec.Size).Chunk(spec.BlockSize * spec.BlockSize * spec.Bins), block => Assert.Equal(1, block.Sum(value => value * value), 1e-4f)));

    [Fact]
    public void Hog_FlatPicture_IsZero() => Assert.All(Extract(new HogSpec { Size = 16 }, new byte[256], 16), value => Assert.Equal(0, value));

    [Fact]
    public void Hog_MirroredPicture_PermutesBlocksCellsAndBins() => Gen.Select(Hog.Where(spec => spec.Votes == HogVotes.Interpolated), Gen.Int).Sample((spec, seed) =>
    {
        byte[] pixels = Picture(spec.Size, seed);
        float[] row = Extract(spec, pixels, spec.Size), mirrored = Extract(spec, Mirror(pixels, spec.Size), spec.Size);
        int blocks = (spec.Size / spec.CellSize) - spec.BlockSize + 1, n = spec.BlockSize;
        for (int i = 0; i < row.Length; i++)
        {
            int bin = i % spec.Bins, cell = i / spec.Bins % (n * n), block = i / spec.Bins / (n * n);
            int otherBlock = (block / blocks * blocks) + blocks - 1 - (block % blocks), otherCell = (cell / n * n) + n - 1 - (cell % n);
            row[i] -= mirrored[(((otherBlock * n * n) + otherCell) * spec.Bins) + spec.Bins - 1 - bin];
        }

        Assert.InRange(row.Max(MathF.Abs), 0, 1e-4f);
    });

    [Fact]
    public void Extract_ScalarTwin_GivesTheSameBits() => Gen.Select(Lbp, Hog, Gen.Int).Sample((lbp, hog, seed) =>
    {
        Assert.Equal(
            Extract(new LbpExtractor(lbp, vector: true), Whole(Picture(lbp.Size, seed), lbp.Size)),
            Extract(new LbpExtractor(lbp, vector: false), Whole(Picture(lbp.Size, seed), lbp.Size)));
        Assert.Equal(
            Extract(new HogExtractor(hog, vector: true), Whole(Picture(hog.Size, seed), hog.Size)),
            Extract(new HogExtractor(hog, vector: false), Whole(Picture(hog.Size, seed), hog.Size)));
    });

    [Fact]
    public void Extract_AlignedFace_IgnoresTheTurn()
    {
        // The same five points, upright and turned by 30 degrees about the face's middle, in pictures that are turned likewise.
        PointF[] template = [new(0.3f, 0.35f), new(0.7f, 0.35f), new(0.5f, 0.55f), new(0.35f, 0.75f), new(0.65f, 0.75f)];
        var spec = new HogSpec { AlignTo = template };
        float[] upright = ExtractTurned(spec, 0), turned = ExtractTurned(spec, 30), loose = ExtractTurned(spec with { AlignTo = null }, 30);
        Assert.True(Distance(upright, turned) < 0.3 * Distance(upright, loose));

        static float Distance(float[] a, float[] b) => MathF.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());

        static float[] ExtractTurned(HogSpec spec, float degrees)
        {
            const int Side = 160;
            (float sin, float cos) = MathF.SinCos(degrees * MathF.PI / 180);
            byte[] pixels = new byte[Side * Side];
            for (int i = 0; i < pixels.Length; i++)
            {
                float x = (i % Side) + 0.5f - 80, y = (i / Side) + 0.5f - 80, u = (x * cos) + (y * sin), v = (y * cos) - (x * sin);
                pixels[i] = (byte)(128 + (60 * MathF.Sin(u / 7)) + (50 * MathF.Cos((v / 11) + (u / 23))));
            }

            PointF[] points = [.. spec.AlignTo is null ? new PointF[5] : spec.AlignTo.Select(p => Turn(((p.X - 0.5f) * 80), (p.Y - 0.5f) * 80))];
            var face = new FaceDetection(new RectF(40, 40, 80, 80), 1, spec.AlignTo is null ? default : new FaceLandmarks(points[0], points[1], points[2], points[3], points[4]));
            using IFaceFeatureExtractor extractor = FeatureExtractors.Create([spec]);
            return Extract(extractor, new FaceRegion(new FrameView(pixels, Side, Side, PixelFormat.Gray8), face));

            PointF Turn(float x, float y) => new(80 + (x * cos) - (y * sin), 80 + (x * sin) + (y * cos));
        }
    }

    // Bit i becomes bit 4 - i; a run of n ones from bit s becomes a run from bit 4 - (s + n - 1).
    private static int MirroredBin(int bin)
    {
        if (bin is 0 or 57 or 58)
        {
            return bin;
        }

        int ones = ((bin - 1) / 8) + 1, start = (bin - 1) % 8;
        return 1 + ((ones - 1) * 8) + ((4 - (start + ones - 1) + 16) % 8);
    }
}
