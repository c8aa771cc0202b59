using FerSharp.Imaging;

namespace FerSharp.Evaluation;

/// <summary>Draws drops of a score as colour over a gray picture.</summary>
internal static class HeatMap
{
    private const float LeastScale = 0.05f;
    private const float MostOpacity = 0.7f;

    // Vermilion and blue of Okabe and Ito's palette, as red, green, blue.
    private static readonly float[] For = [213, 94, 0];
    private static readonly float[] Against = [0, 114, 178];

    public static Frame Draw(in FrameView frame, IReadOnlyList<OcclusionCell> cells, int enlarge)
    {
        (int width, int height) = (checked(frame.Width * enlarge), checked(frame.Height * enlarge));
        var whole = AffineTransform.Stretch(new RectF(0, 0, frame.Width, frame.Height), width, height);
        ReadOnlySpan<float> gray = PixelPlanes.Sample(frame, PixelFormat.Gray8, width, height, whole, SamplingMode.Bilinear).Plane(0);
        float[] heat = PerPixel(cells, frame.Width, frame.Height);
        float scale = LeastScale;
        foreach (float value in heat)
        {
            scale = MathF.Max(scale, MathF.Abs(value));
        }

        byte[] pixels = new byte[checked(width * height * 4)];
        for (int i = 0; i < gray.Length; i++)
        {
            float value = Interpolate(heat, frame.Width, frame.Height, whole.Apply(new PointF((i % width) + 0.5f, (i / width) + 0.5f))) / scale;
            float opacity = MostOpacity * MathF.Abs(value);
            float[] colour = value > 0 ? For : Against;
            for (int c = 0; c < 3; c++)
            {
                pixels[(i * 4) + 2 - c] = (byte)MathF.Round(gray[i] + (opacity * (colour[c] - gray[i])));
            }

            pixels[(i * 4) + 3] = 255;
        }

        return Frame.CopyOf(new FrameView(pixels, width, height, PixelFormat.Bgra32));
    }

    /// <summary>For each pixel the mean drop of the patches that cover it; 0 where none does.</summary>
    private static float[] PerPixel(IReadOnlyList<OcclusionCell> cells, int width, int height)
    {
        float[] sums = new float[width * height];
        int[] counts = new int[width * height];
        foreach (OcclusionCell cell in cells)
        {
            for (int y = (int)cell.Patch.Y; y < (int)cell.Patch.Bottom; y++)
            {
                for (int x = (int)cell.Patch.X; x < (int)cell.Patch.Right; x++)
                {
                    sums[(y * width) + x] += cell.Drop;
                    counts[(y * width) + x]++;
                }
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] /= Math.Max(1, counts[i]);
        }

        return sums;
    }

    private static float Interpolate(float[] values, int width, int height, PointF point)
    {
        float x = Math.Clamp(point.X - 0.5f, 0, width - 1), y = Math.Clamp(point.Y - 0.5f, 0, height - 1);
        (int left, int top) = ((int)x, (int)y);
        (int right, int bottom) = (Math.Min(left + 1, width - 1), Math.Min(top + 1, height - 1));
        (x, y) = (x - left, y - top);
        float above = ((1 - x) * values[(top * width) + left]) + (x * values[(top * width) + right]);
        float below = ((1 - x) * values[(bottom * width) + left]) + (x * values[(bottom * width) + right]);
        return ((1 - y) * above) + (y * below);
    }
}
