namespace FerSharp.Testing;

/// <summary>Pictures made from pictures, in memory of their own. Pure functions; thread-safe. An empty picture is an <see cref="ArgumentException"/>.</summary>
public static class FrameTransforms
{
    /// <summary>
    /// Writes the same picture in another format and memory layout. All bytes that are no part of the picture (padding behind the rows, the
    /// surroundings of a sub-view, alpha) are filled with noise, so that whoever reads them by mistake gets another answer.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="format">The format to write. From colour to <see cref="PixelFormat.Gray8"/> the ITU-R BT.601 luma is taken, rounded.</param>
    /// <param name="padding">Bytes behind each row, at least 0.</param>
    /// <param name="margin">Where above 0, the result is a sub-view of a picture that is this many pixels larger on each side.</param>
    /// <exception cref="ArgumentException">The picture is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No valid format, or a negative padding or margin.</exception>
    public static FrameView Encode(in FrameView picture, PixelFormat format, int padding = 0, int margin = 0)
    {
        Require(picture);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        int bytes = format.BytesPerPixel();
        int width = picture.Width + (2 * margin);
        int height = picture.Height + (2 * margin);
        int stride = (width * bytes) + padding;
        byte[] pixels = new byte[stride * height];
        new SplitMix(7).Fill(pixels);
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> source = picture.GetRow(y);
            Span<byte> target = pixels.AsSpan(((y + margin) * stride) + (margin * bytes), picture.Width * bytes);
            for (int x = 0; x < picture.Width; x++)
            {
                (byte r, byte g, byte b) = ReadPixel(source, x, picture.Format);
                WritePixel(target, x, format, r, g, b);
            }
        }

        var whole = new FrameView(pixels, width, height, format, stride);
        return margin == 0 ? whole : whole.Slice(margin, margin, picture.Width, picture.Height);
    }

    /// <summary>Swaps left and right.</summary>
    /// <param name="picture">The picture.</param>
    /// <exception cref="ArgumentException">The picture is empty.</exception>
    public static FrameView Mirror(in FrameView picture)
    {
        int last = picture.Width - 1;
        return Remap(picture, picture.Width, picture.Height, x => last - x, y => y);
    }

    /// <summary>Repeats each pixel in both directions, so that every coordinate is multiplied by <paramref name="factor"/>.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="factor">At least 1.</param>
    /// <exception cref="ArgumentException">The picture is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is below 1.</exception>
    public static FrameView Enlarge(in FrameView picture, int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        return Remap(picture, checked(picture.Width * factor), checked(picture.Height * factor), x => x / factor, y => y / factor);
    }

    /// <summary>Lays the picture onto a canvas; outside the picture its edge pixels go on, what lies outside the canvas is cut off.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">Width of the canvas, at least 1.</param>
    /// <param name="height">Height of the canvas, at least 1.</param>
    /// <param name="x">Column of the canvas where the picture's left edge comes to lie.</param>
    /// <param name="y">Row of the canvas where the picture's top edge comes to lie.</param>
    /// <exception cref="ArgumentException">The picture is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The canvas is empty.</exception>
    public static FrameView Place(in FrameView picture, int width, int height, int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int right = picture.Width - 1;
        int bottom = picture.Height - 1;
        return Remap(picture, width, height, column => Math.Clamp(column - x, 0, right), row => Math.Clamp(row - y, 0, bottom));
    }

    internal static float Luma(in FrameView picture, int x, int y)
    {
        (byte r, byte g, byte b) = ReadPixel(picture.GetRow(y), x, picture.Format);
        return (0.299f * r) + (0.587f * g) + (0.114f * b);
    }

    internal static void WritePixel(Span<byte> row, int x, PixelFormat format, byte r, byte g, byte b)
    {
        Span<byte> pixel = row[(x * format.BytesPerPixel())..];
        switch (format)
        {
            case PixelFormat.Gray8:
                pixel[0] = r == g && g == b ? r : (byte)MathF.Round((0.299f * r) + (0.587f * g) + (0.114f * b));
                break;
            case PixelFormat.Rgb24 or PixelFormat.Rgba32:
                (pixel[0], pixel[1], pixel[2]) = (r, g, b);
                break;
            default:
                (pixel[0], pixel[1], pixel[2]) = (b, g, r);
                break;
        }
    }

    private static (byte R, byte G, byte B) ReadPixel(ReadOnlySpan<byte> row, int x, PixelFormat format)
    {
        ReadOnlySpan<byte> pixel = row[(x * format.BytesPerPixel())..];
        return format switch
        {
            PixelFormat.Gray8 => (pixel[0], pixel[0], pixel[0]),
            PixelFormat.Rgb24 or PixelFormat.Rgba32 => (pixel[0], pixel[1], pixel[2]),
            _ => (pixel[2], pixel[1], pixel[0]),
        };
    }

    private static FrameView Remap(in FrameView picture, int width, int height, Func<int, int> column, Func<int, int> row)
    {
        Require(picture);
        int bytes = picture.Format.BytesPerPixel();
        byte[] pixels = new byte[width * height * bytes];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> source = picture.GetRow(row(y));
            Span<byte> target = pixels.AsSpan(y * width * bytes, width * bytes);
            for (int x = 0; x < width; x++)
            {
                source.Slice(column(x) * bytes, bytes).CopyTo(target[(x * bytes)..]);
            }
        }

        return new FrameView(pixels, width, height, picture.Format);
    }

    private static void Require(in FrameView picture)
    {
        if (picture.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture.", nameof(picture));
        }
    }
}
