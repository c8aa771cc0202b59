namespace FerSharp.Training;

/// <summary>Blurs a square picture by a Gaussian: rows, then columns; beyond the edge the edge goes on.</summary>
internal static class GaussianBlur
{
    private const int MaximumRadius = 24;

    /// <summary>Blurs in place. A deviation below a tenth of a pixel changes nothing.</summary>
    public static void Apply(Span<float> picture, int side, float sigma)
    {
        if (sigma < 0.1f)
        {
            return;
        }

        int radius = Math.Min((int)MathF.Ceiling(3 * sigma), MaximumRadius);
        Span<float> kernel = stackalloc float[(2 * MaximumRadius) + 1];
        kernel = kernel[..((2 * radius) + 1)];
        float sum = 0;
        for (int i = 0; i < kernel.Length; i++)
        {
            sum += kernel[i] = MathF.Exp((i - radius) * (i - radius) / (-2 * sigma * sigma));
        }

        foreach (ref float weight in kernel)
        {
            weight /= sum;
        }

        var line = new float[side];
        for (int i = 0; i < side; i++)
        {
            Line(picture.Slice(i * side), 1, kernel, line);
        }

        for (int i = 0; i < side; i++)
        {
            Line(picture.Slice(i), side, kernel, line);
        }
    }

    private static void Line(Span<float> values, int step, ReadOnlySpan<float> kernel, Span<float> line)
    {
        int radius = kernel.Length / 2;
        for (int i = 0; i < line.Length; i++)
        {
            float sum = 0;
            for (int k = 0; k < kernel.Length; k++)
            {
                sum += kernel[k] * values[Math.Clamp(i + k - radius, 0, line.Length - 1) * step];
            }

            line[i] = sum;
        }

        for (int i = 0; i < line.Length; i++)
        {
            values[i * step] = line[i];
        }
    }
}
