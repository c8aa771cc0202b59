namespace FerSharp.Training;

/// <summary>Makes a varied picture of another size from a gray picture: one warp, then the gray levels, blur and noise, then a rectangle.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal sealed class PictureAugmenter(AugmentationSpec spec)
{
    private const float Degree = MathF.PI / 180;

    /// <summary>Writes the picture as gray levels 0 to 255.</summary>
    /// <param name="source">A square picture, row by row.</param>
    /// <param name="sourceSide">Its side.</param>
    /// <param name="destination">The varied picture.</param>
    /// <param name="side">Its side.</param>
    /// <param name="random">Where its variation comes from.</param>
    public void Apply(ReadOnlySpan<byte> source, int sourceSide, Span<float> destination, int side, ref RandomSource random)
    {
        Span<float> map = stackalloc float[6];
        DrawMap(map, sourceSide, side, ref random);
        float contrast = 1 + random.Around(spec.Contrast);
        float offset = 128 - (128 * contrast) + random.Around(spec.Brightness);
        Warp(source, sourceSide, destination, side, map);
        if (contrast != 1 || offset != 0)
        {
            foreach (ref float pixel in destination)
            {
                pixel = Math.Clamp((pixel * contrast) + offset, 0, 255);
            }
        }

        if (spec.Degrade > 0 && random.Unit() < spec.Degrade)
        {
            Degrade(destination, side, ref random);
        }

        if (random.Unit() < spec.Erase)
        {
            Erase(destination, side, ref random);
        }
    }

    /// <summary>Draws the map from destination to source pixel centres: x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5.</summary>
    private void DrawMap(Span<float> map, int sourceSide, int side, ref RandomSource random)
    {
        float angle = random.Around(spec.Rotation) * Degree;
        float shear = MathF.Tan(random.Around(spec.Shear) * Degree);
        float scale = (float)sourceSide / side / (1 + random.Around(spec.Zoom));
        float stretch = MathF.Sqrt(1 + random.Around(spec.Aspect));
        float shiftX = random.Around(spec.Shift) * sourceSide, shiftY = random.Around(spec.Shift) * sourceSide;
        float mirror = random.Unit() < spec.Flip ? -1 : 1;
        (float sin, float cos) = MathF.SinCos(angle);
        map[0] = mirror * scale * stretch * cos;
        map[1] = scale * ((stretch * cos * shear) - (sin / stretch));
        map[3] = mirror * scale * stretch * sin;
        map[4] = scale * ((stretch * sin * shear) + (cos / stretch));
        float middle = (side - 1) / 2f, sourceMiddle = (sourceSide - 1) / 2f;
        map[2] = sourceMiddle + shiftX - ((map[0] + map[1]) * middle);
        map[5] = sourceMiddle + shiftY - ((map[3] + map[4]) * middle);
    }

    /// <summary>Bilinear; beyond the edge the edge goes on.</summary>
    private static void Warp(ReadOnlySpan<byte> source, int sourceSide, Span<float> destination, int side, ReadOnlySpan<float> map)
    {
        float last = sourceSide - 1;
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
            {
                float x = Math.Clamp((map[0] * column) + (map[1] * row) + map[2], 0, last);
                float y = Math.Clamp((map[3] * column) + (map[4] * row) + map[5], 0, last);
                int left = (int)x, top = (int)y;
                int right = Math.Min(left + 1, sourceSide - 1), bottom = Math.Min(top + 1, sourceSide - 1);
                float fx = x - left, fy = y - top;
                float upper = source[(top * sourceSide) + left] + (fx * (source[(top * sourceSide) + right] - source[(top * sourceSide) + left]));
                float lower = source[(bottom * sourceSide) + left] + (fx * (source[(bottom * sourceSide) + right] - source[(bottom * sourceSide) + left]));
                destination[(row * side) + column] = upper + (fy * (lower - upper));
            }
        }
    }

    private void Degrade(Span<float> picture, int side, ref RandomSource random)
    {
        float sigma = spec.Blur * random.Unit() * side / 48, noise = spec.Noise * random.Unit();
        GaussianBlur.Apply(picture, side, sigma);
        foreach (ref float pixel in picture)
        {
            pixel = Math.Clamp(pixel + (noise * random.Normal()), 0, 255);
        }
    }

    private void Erase(Span<float> picture, int side, ref RandomSource random)
    {
        float area = spec.EraseArea * (0.1f + (0.9f * random.Unit())) * side * side;
        float proportion = MathF.Exp(random.Around(1));
        int width = Math.Clamp((int)MathF.Round(MathF.Sqrt(area * proportion)), 1, side);
        int height = Math.Clamp((int)MathF.Round(MathF.Sqrt(area / proportion)), 1, side);
        int left = random.Below(side - width + 1), top = random.Below(side - height + 1);
        float level = 255 * random.Unit();
        for (int row = top; row < top + height; row++)
        {
            picture.Slice((row * side) + left, width).Fill(level);
        }
    }
}
