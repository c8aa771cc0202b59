using CsCheck;

namespace FerSharp.Core.Tests.Features;

/// <summary>Pictures, parameters and rows for the tests of features.</summary>
internal static class FeatureRows
{
    public static Gen<LbpSpec> Lbp { get; } =
        from size in Gen.Int[16, 64]
        from radius in Gen.Int[1, 2]
        from grid in Gen.Int[1, size / 4]
        select new LbpSpec { Size = size, Radius = radius, Grid = grid };

    public static Gen<HogSpec> Hog { get; } =
        from cell in Gen.Int[4, 9]
        from cells in Gen.Int[4, 7]
        from block in Gen.Int[1, 3]
        from bins in Gen.Int[2, 12]
        from votes in Gen.Enum<HogVotes>()
        select new HogSpec { Size = cell * cells, CellSize = cell, BlockSize = block, Bins = bins, Votes = votes };

    /// <summary>Smooth noise from 20 to 220, of a side that the crop takes over as it is.</summary>
    public static byte[] Picture(int side, int seed)
    {
        var random = new Random(seed);
        float[] waves = [.. Enumerable.Range(0, 18).Select(_ => (float)random.NextDouble())];
        byte[] pixels = new byte[side * side];
        for (int i = 0; i < pixels.Length; i++)
        {
            float x = (float)(i % side) / side, y = (float)(i / side) / side, sum = 0;
            for (int w = 0; w < waves.Length; w += 3)
            {
                sum += MathF.Sin((waves[w] * 40 * x) + (waves[w + 1] * 40 * y) + (waves[w + 2] * 6));
            }

            pixels[i] = (byte)(120 + (sum * 12) + random.Next(-20, 21));
        }

        return pixels;
    }

    public static FaceRegion Whole(byte[] pixels, int side) => FaceRegion.Whole(new FrameView(pixels, side, side, PixelFormat.Gray8));

    public static float[] Extract(IFaceFeatureExtractor extractor, params ReadOnlySpan<FaceRegion> faces)
    {
        float[] rows = new float[faces.Length * extractor.Length];
        extractor.Extract(faces, rows);
        return rows;
    }

    public static float[] Extract(FeatureSpec spec, byte[] pixels, int side)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create([spec]);
        return Extract(extractor, Whole(pixels, side));
    }

    public static byte[] Mirror(byte[] pixels, int side) => [.. Enumerable.Range(0, pixels.Length).Select(i => pixels[(i / side * side) + side - 1 - (i % side)])];
}
