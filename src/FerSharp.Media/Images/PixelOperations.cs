using System.Buffers;
using System.Runtime.InteropServices;

namespace FerSharp.Media;

/// <summary>Turning, converting and flattening of pixels.</summary>
internal static class PixelOperations
{
    // Rows that are turned together: a column of the source then stays in the cache.
    private const int Tile = 32;

    /// <summary>Copies a picture into a new frame of tight BGRA rows with alpha 255.</summary>
    public static Frame ToBgra(in FrameView view)
    {
        int row = checked(view.Width * 4);
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(checked(row * view.Height));
        Span<byte> target = owner.Memory.Span;
        for (int y = 0; y < view.Height; y++)
        {
            ConvertRow(view.GetRow(y), MemoryMarshal.Cast<byte, uint>(target.Slice(y * row, row)), view.Format);
        }

        return Frame.Create(owner, view.Width, view.Height, PixelFormat.Bgra32);
    }

    /// <summary>Lays premultiplied BGRA pixels over white: c + (255 - alpha) (Porter and Duff, Compositing Digital Images, 1984).</summary>
    public static void ComposePremultipliedOverWhite(Span<byte> bgra)
    {
        for (int i = 0; i + 3 < bgra.Length; i += 4)
        {
            int white = 255 - bgra[i + 3];
            if (white != 0)
            {
                bgra[i] = (byte)Math.Min(255, bgra[i] + white);
                bgra[i + 1] = (byte)Math.Min(255, bgra[i + 1] + white);
                bgra[i + 2] = (byte)Math.Min(255, bgra[i + 2] + white);
                bgra[i + 3] = 255;
            }
        }
    }

    /// <summary>Turns a picture upright by its EXIF orientation, 1 to 8 (EXIF 2.32, tag 0x0112). From 5 on width and height change places.</summary>
    public static void Orient(ReadOnlySpan<byte> source, Span<byte> target, int width, int height, int bytesPerPixel, int orientation)
    {
        if (bytesPerPixel == 1)
        {
            Orient(source, target, width, height, orientation);
        }
        else
        {
            Orient(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(target), width, height, orientation);
        }
    }

    private static void Orient<T>(ReadOnlySpan<T> source, Span<T> target, int width, int height, int orientation)
        where T : unmanaged
    {
        // Where the stored pixel (x, y) goes: origin + x * stepX + y * stepY.
        (int origin, int stepX, int stepY) = orientation switch
        {
            2 => (width - 1, -1, width),
            3 => ((width * height) - 1, -1, -width),
            4 => ((height - 1) * width, 1, -width),
            5 => (0, height, 1),
            6 => (height - 1, height, -1),
            7 => ((width * height) - 1, -height, -1),
            8 => ((width - 1) * height, -height, 1),
            _ => (0, 1, width),
        };
        for (int top = 0; top < height; top += Tile)
        {
            int bottom = Math.Min(top + Tile, height);
            for (int left = 0; left < width; left += Tile)
            {
                int right = Math.Min(left + Tile, width);
                for (int y = top; y < bottom; y++)
                {
                    int to = origin + (y * stepY) + (left * stepX);
                    foreach (T pixel in source[((y * width) + left)..((y * width) + right)])
                    {
                        target[to] = pixel;
                        to += stepX;
                    }
                }
            }
        }
    }

    private static void ConvertRow(ReadOnlySpan<byte> source, Span<uint> target, PixelFormat format)
    {
        int size = format.BytesPerPixel();
        (int red, int green, int blue) = format switch
        {
            PixelFormat.Gray8 => (0, 0, 0),
            PixelFormat.Rgb24 or PixelFormat.Rgba32 => (0, 1, 2),
            _ => (2, 1, 0),
        };
        for (int x = 0; x < target.Length; x++)
        {
            ReadOnlySpan<byte> pixel = source.Slice(x * size, size);
            target[x] = (uint)(pixel[blue] | (pixel[green] << 8) | (pixel[red] << 16)) | 0xFF000000u;
        }
    }
}
