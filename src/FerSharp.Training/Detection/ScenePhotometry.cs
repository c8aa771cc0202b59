namespace FerSharp.Training;

/// <summary>Varies light, contrast and colours of a whole picture; makes it gray, dark, blurred or noisy.</summary>
internal static class ScenePhotometry
{
    public static void Apply(SceneCanvas canvas, SceneSpec spec, ref RandomSource random)
    {
        Span<byte> pixels = canvas.Pixels;
        if (random.Unit() < spec.Blur)
        {
            Blur(pixels, canvas.Side, radius: 1 + random.Below(2));
        }

        Light(pixels, spec, ref random);
        if (random.Unit() < spec.Gray)
        {
            Gray(pixels);
        }

        if (random.Unit() < spec.Noise)
        {
            Noise(pixels, 3 + (12 * random.Unit()), ref random);
        }
    }

    /// <summary>One table for each colour: light, contrast, the colour's own factor, a curve (gamma).</summary>
    private static void Light(Span<byte> pixels, SceneSpec spec, ref RandomSource random)
    {
        float contrast = 1 + random.Around(spec.Contrast), light = 1 + random.Around(spec.Brightness), gamma = MathF.Pow(2, random.Around(1.7f * spec.Contrast));
        if (random.Unit() < spec.Dark)
        {
            light *= 0.2f + (0.4f * random.Unit());
        }

        Span<byte> table = stackalloc byte[3 * 256];
        for (int c = 0; c < 3; c++)
        {
            float factor = light * (1 + random.Around(spec.Colour));
            for (int level = 0; level < 256; level++)
            {
                float curved = 255 * MathF.Pow(level / 255f, gamma);
                table[(c * 256) + level] = (byte)Math.Clamp((((curved - 128) * contrast) + 128) * factor, 0, 255);
            }
        }

        for (int i = 0; i < pixels.Length; i += 3)
        {
            pixels[i] = table[pixels[i]];
            pixels[i + 1] = table[256 + pixels[i + 1]];
            pixels[i + 2] = table[512 + pixels[i + 2]];
        }
    }

    private static void Gray(Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i += 3)
        {
            // ITU-R BT.601 in 8 bits.
            pixels.Slice(i, 3).Fill((byte)(((77 * pixels[i]) + (150 * pixels[i + 1]) + (29 * pixels[i + 2])) >> 8));
        }
    }

    private static void Noise(Span<byte> pixels, float deviation, ref RandomSource random)
    {
        // The sum of four bytes is nearly normal; its deviation is twice that of one, 147.8.
        float scale = deviation / 147.8f;
        for (int i = 0; i < pixels.Length; i += 2)
        {
            ulong bits = random.Next();
            for (int j = i; j < Math.Min(i + 2, pixels.Length); j++, bits >>= 32)
            {
                int sum = (int)((bits & 255) + ((bits >> 8) & 255) + ((bits >> 16) & 255) + ((bits >> 24) & 255)) - 510;
                pixels[j] = (byte)Math.Clamp(pixels[j] + (scale * sum), 0, 255);
            }
        }
    }

    /// <summary>The mean over a square, row by row and then column by column; the edge goes on.</summary>
    private static void Blur(Span<byte> pixels, int side, int radius)
    {
        Span<byte> line = stackalloc byte[3 * 4096];
        for (int i = 0; i < side; i++)
        {
            BlurLine(pixels[(3 * i * side)..], step: 3, side, radius, line);
        }

        for (int i = 0; i < side; i++)
        {
            BlurLine(pixels[(3 * i)..], step: 3 * side, side, radius, line);
        }
    }

    private static void BlurLine(Span<byte> pixels, int step, int count, int radius, Span<byte> line)
    {
        for (int i = 0; i < count; i++)
        {
            pixels.Slice(i * step, 3).CopyTo(line[(3 * i)..]);
        }

        int width = (2 * radius) + 1;
        for (int c = 0; c < 3; c++)
        {
            int sum = 0;
            for (int j = -radius; j <= radius; j++)
            {
                sum += line[(3 * Math.Clamp(j, 0, count - 1)) + c];
            }

            for (int i = 0; i < count; i++)
            {
                pixels[(i * step) + c] = (byte)(sum / width);
                sum += line[(3 * Math.Min(i + radius + 1, count - 1)) + c] - line[(3 * Math.Max(i - radius, 0)) + c];
            }
        }
    }
}
