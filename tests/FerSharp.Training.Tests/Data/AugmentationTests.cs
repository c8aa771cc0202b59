using CsCheck;

namespace FerSharp.Training.Tests;

public sealed class AugmentationTests
{
    private const int Side = 24;

    private static readonly AugmentationSpec Strong = new()
    {
        Rotation = 40, Zoom = 0.4f, Shift = 0.3f, Shear = 20, Aspect = 0.3f, Flip = 0.5f, Brightness = 60, Contrast = 0.6f, Erase = 0.5f, EraseArea = 0.4f,
        Degrade = 0.5f, Blur = 4, Noise = 40,
    };

    [Fact]
    public void Apply_Nothing_GivesThePictureItself()
    {
        byte[] picture = Picture(1);
        Assert.Equal(picture.Select(pixel => (float)pixel), Applied(picture, AugmentationSpec.None, seed: 3));
    }

    [Fact]
    public void Apply_FlipAlone_IsTheMirrorImage()
    {
        byte[] picture = Picture(2);
        float[] mirrored = Applied(picture, new AugmentationSpec { Flip = 1 }, seed: 3);
        for (int row = 0; row < Side; row++)
        {
            Assert.Equal(picture.AsSpan(row * Side, Side).ToArray().Reverse().Select(pixel => (float)pixel), mirrored.AsSpan(row * Side, Side).ToArray());
        }
    }

    [Fact]
    public void Apply_ToHalfSize_OfEvenPicture_StaysEven() =>
        Assert.All(Applied([.. Enumerable.Repeat((byte)77, Side * Side)], AugmentationSpec.None, seed: 1, side: Side / 2), value => Assert.Equal(77, value, 1e-3));

    [Fact]
    public void Apply_WhateverIsDrawn_StaysWithinGrayLevels() => Gen.Select(Gen.Int, Gen.Int[0, 1000]).Sample((seed, picture) =>
        Applied(Picture(picture), Strong, seed).All(value => value is >= 0 and <= 255));

    [Fact]
    public void Apply_SameKeys_GivesSamePicture_OtherKeysAnother() => Gen.Int[0, 100_000].Sample(seed =>
    {
        byte[] picture = Picture(7);
        return Applied(picture, Strong, seed).SequenceEqual(Applied(picture, Strong, seed)) && !Applied(picture, Strong, seed).SequenceEqual(Applied(picture, Strong, seed + 1));
    });

    [Fact]
    public void Apply_Erasing_PaintsOneRectangleOfOneLevel()
    {
        byte[] picture = Picture(9);
        float[] erased = Applied(picture, new AugmentationSpec { Erase = 1, EraseArea = 0.2f }, seed: 4);
        int[] changed = [.. Enumerable.Range(0, picture.Length).Where(i => erased[i] != picture[i])];
        Assert.Single(changed.Select(i => erased[i]).Distinct());
        Assert.InRange(changed.Length, 1, (int)(0.25 * picture.Length));
    }

    [Fact]
    public void Apply_Noise_HasTheDeviationsOfItsRange_AndBlurFlattens()
    {
        byte[] gray = [.. Enumerable.Repeat((byte)128, Side * Side)], points = [.. Enumerable.Range(0, Side * Side).Select(i => (byte)(i % 5 == 0 ? 255 : 0))];
        double[] noise = [.. Enumerable.Range(0, 300).Select(seed => Deviation(Applied(gray, new AugmentationSpec { Degrade = 1, Blur = 0, Noise = 20 }, seed)))];
        double[] blurred = [.. Enumerable.Range(0, 100).Select(seed => Deviation(Applied(points, new AugmentationSpec { Degrade = 1, Blur = 8, Noise = 0 }, seed)))];
        float[] even = Applied(gray, new AugmentationSpec { Degrade = 1, Blur = 8, Noise = 0 }, seed: 5);

        Assert.Equal(10, noise.Average(), 0.8);
        Assert.InRange(noise.Max(), 18, 21.5);
        Assert.All(blurred, deviation => Assert.InRange(deviation, 0, Deviation([.. points.Select(p => (float)p)]) + 0.001));
        Assert.InRange(blurred.Min(), 0, 12);
        Assert.All(even, value => Assert.Equal(128, value, 1e-3));
    }

    [Fact]
    public void Apply_RotationsOfManyKeys_GoBothWays()
    {
        // A bright point right of the middle moves up or down as the picture turns.
        var picture = new byte[Side * Side];
        picture[(12 * Side) + 22] = picture[(11 * Side) + 22] = 255;
        double[] heights = [.. Enumerable.Range(0, 200).Select(seed => Centre(Applied(picture, new AugmentationSpec { Rotation = 20 }, seed)))];
        Assert.InRange(heights.Min(), 5, 9.5);
        Assert.InRange(heights.Max(), 13.5, 18);
        Assert.Equal(11.5, heights.Average(), 0.6);
    }

    [Fact]
    public void Preview_ItsFirstColumn_IsThePictures_AndTheNextWhatTheFirstEpochShows()
    {
        TrainingSet set = DrawnFaces.Set(14);
        var recipe = new TrainingRecipe { Name = "r", Seed = 8, Augmentation = Strong };
        using Frame sheet = AugmentationPreview.Draw(recipe, set, pictures: 2, variations: 3);
        var first = new float[48 * 48];
        var random = new RandomSource(8, 0, 7);
        new PictureAugmenter(Strong).Apply(set.Pixels(7), 48, first, 48, ref random);

        Assert.Equal((4 * 48, 2 * 48), (sheet.View.Width, sheet.View.Height));
        Assert.Equal(set.Pixels(0)[..48].ToArray(), sheet.View.GetRow(0)[..48].ToArray());
        Assert.Equal(first[..48].Select(value => (byte)MathF.Round(value)), sheet.View.GetRow(48)[48..96].ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => AugmentationPreview.Draw(recipe, set, pictures: 15));
    }

    [Fact]
    public void Mix_Sums_AndCuts_KeepTheLargerShare() => Gen.Int[0, 100_000].Sample(seed =>
    {
        var random = new RandomSource(seed);
        float cutShare = seed % 2;
        var picture = new float[Side * Side];
        var other = new float[Side * Side];
        Array.Fill(other, 100);
        float share = PictureMixer.Mix(picture, other, Side, new AugmentationSpec { MixStrength = 0.5f, CutShare = cutShare }, ref random);

        // Half a row of pixels is what a rectangle's whole side can be off by.
        return share is >= 0.45f and <= 1 && Math.Abs((1 - (picture.Average() / 100)) - share) < 1e-3;
    });

    [Fact]
    public void Beta_OfManyDraws_HasItsMeanAndSpread()
    {
        var random = new RandomSource(1);
        var draws = new double[20_000];
        for (int i = 0; i < draws.Length; i++)
        {
            draws[i] = random.Beta(0.4f);
        }

        Assert.All(draws, draw => Assert.InRange(draw, 0, 1));
        Assert.Equal(0.5, draws.Average(), 0.01);
        Assert.Equal(1 / (4 * 1.8), draws.Average(draw => (draw - 0.5) * (draw - 0.5)), 0.005);
    }

    [Fact]
    public void Shuffle_OfEachKey_IsAPermutation() => Gen.Select(Gen.Long, Gen.Int[1, 300]).Sample((key, count) =>
    {
        int[] values = [.. Enumerable.Range(0, count)];
        new RandomSource(key).Shuffle(values);
        return values.Order().SequenceEqual(Enumerable.Range(0, count));
    });

    private static double Centre(float[] picture) =>
        Enumerable.Range(0, picture.Length).Sum(i => (double)picture[i] * (i / Side)) / picture.Sum(value => (double)value);

    private static byte[] Picture(int seed)
    {
        var pixels = new byte[Side * Side];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    private static float[] Applied(byte[] picture, AugmentationSpec spec, long seed, int side = Side)
    {
        var random = new RandomSource(seed, 1, 2);
        var varied = new float[side * side];
        new PictureAugmenter(spec).Apply(picture, Side, varied, side, ref random);
        return varied;
    }

    private static double Deviation(float[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
