namespace FerSharp.Training;

/// <summary>Mixes a picture with another: as a sum (mixup; Zhang et al., 2018) or by a rectangle (CutMix; Yun et al., 2019).</summary>
internal static class PictureMixer
{
    /// <summary>Changes the picture; returns the share of it that is still its own.</summary>
    public static float Mix(Span<float> picture, ReadOnlySpan<float> other, int side, AugmentationSpec spec, ref RandomSource random)
    {
        // The larger share stays the picture's own: else one picture would come to stand for another at its own index.
        float share = random.Beta(spec.MixStrength);
        share = Math.Max(share, 1 - share);
        return random.Unit() < spec.CutShare ? Cut(picture, other, side, 1 - share, ref random) : Sum(picture, other, share);
    }

    private static float Sum(Span<float> picture, ReadOnlySpan<float> other, float share)
    {
        for (int i = 0; i < picture.Length; i++)
        {
            picture[i] = other[i] + (share * (picture[i] - other[i]));
        }

        return share;
    }

    private static float Cut(Span<float> picture, ReadOnlySpan<float> other, int side, float area, ref RandomSource random)
    {
        int length = (int)MathF.Round(MathF.Sqrt(area) * side);
        int left = random.Below(side - length + 1), top = random.Below(side - length + 1);
        for (int row = top; row < top + length; row++)
        {
            other.Slice((row * side) + left, length).CopyTo(picture[((row * side) + left)..]);
        }

        return 1 - ((float)(length * length) / (side * side));
    }
}
