namespace FerSharp.Evaluation;

/// <summary>Small gray versions of pictures: what a picture is compared by.</summary>
internal static class GrayThumbnail
{
    /// <summary>Averages luma over side x side equal fields (0.299 R + 0.587 G + 0.114 B, ITU-R BT.601). A picture of that size is copied.</summary>
    public static void Read(in FrameView view, int side, Span<float> thumbnail)
    {
        thumbnail = thumbnail[..(side * side)];
        thumbnail.Clear();
        int size = view.Format.BytesPerPixel();
        (int red, int blue) = view.Format switch
        {
            PixelFormat.Rgb24 or PixelFormat.Rgba32 => (0, 2),
            PixelFormat.Gray8 => (0, 0),
            _ => (2, 0),
        };
        for (int y = 0; y < side; y++)
        {
            (int top, int bottom) = Range(y, side, view.Height);
            for (int row = top; row < bottom; row++)
            {
                ReadOnlySpan<byte> pixels = view.GetRow(row);
                for (int x = 0; x < side; x++)
                {
                    (int left, int right) = Range(x, side, view.Width);
                    float sum = 0;
                    for (int column = left; column < right; column++)
                    {
                        int at = column * size;
                        sum += size == 1 ? pixels[at] : (0.299f * pixels[at + red]) + (0.587f * pixels[at + 1]) + (0.114f * pixels[at + blue]);
                    }

                    thumbnail[(y * side) + x] += sum / ((right - left) * (bottom - top));
                }
            }
        }
    }

    /// <summary>Takes away the mean and makes the length 1, so that a dot product is a correlation; a flat picture becomes all zero.</summary>
    public static void Normalise(Span<float> thumbnail)
    {
        double mean = 0, squares = 0;
        foreach (float value in thumbnail)
        {
            mean += value;
        }

        mean /= thumbnail.Length;
        foreach (float value in thumbnail)
        {
            squares += (value - mean) * (value - mean);
        }

        // Below this the picture is flat but for rounding.
        double scale = squares > 1e-6 * thumbnail.Length ? 1 / Math.Sqrt(squares) : 0;
        foreach (ref float value in thumbnail)
        {
            value = (float)((value - mean) * scale);
        }
    }

    // The field's pixels; at least one, so that a picture smaller than the thumbnail repeats pixels.
    private static (int From, int To) Range(int field, int side, int length)
    {
        int from = Math.Min((int)((long)field * length / side), length - 1);
        return (from, Math.Max(from + 1, (int)((long)(field + 1) * length / side)));
    }
}
