using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace FerSharp.Media.Tests;

/// <summary>Pictures made in code. The standard one has four quarters: red, green, blue, white in reading order.</summary>
internal static class TestPictures
{
    public const int Width = 64;
    public const int Height = 32;

    public static byte[] Pixels(PixelFormat format, int stride = 0, int width = Width, int height = Height)
    {
        int size = format.BytesPerPixel();
        stride = stride == 0 ? width * size : stride;
        byte[] pixels = new byte[stride * height];
        pixels.AsSpan().Fill(0xAB);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (byte r, byte g, byte b) = Color(x, y, width, height);
                Span<byte> p = pixels.AsSpan((y * stride) + (x * size), size);
                switch (format)
                {
                    case PixelFormat.Gray8: p[0] = (byte)((r * 299 + g * 587 + b * 114) / 1000); break;
                    case PixelFormat.Rgb24: (p[0], p[1], p[2]) = (r, g, b); break;
                    case PixelFormat.Bgr24: (p[0], p[1], p[2]) = (b, g, r); break;
                    case PixelFormat.Rgba32: (p[0], p[1], p[2], p[3]) = (r, g, b, 77); break;
                    default: (p[0], p[1], p[2], p[3]) = (b, g, r, 77); break;
                }
            }
        }

        return pixels;
    }

    public static FrameView View(PixelFormat format = PixelFormat.Bgra32, int width = Width, int height = Height, int padding = 0)
    {
        int stride = (width * format.BytesPerPixel()) + padding;
        return new FrameView(Pixels(format, stride, width, height), width, height, format, stride);
    }

    private static (byte R, byte G, byte B) Color(int x, int y, int width, int height) => (x * 2 < width, y * 2 < height) switch
    {
        (true, true) => (255, 0, 0),
        (false, true) => (0, 255, 0),
        (true, false) => (0, 0, 255),
        _ => (255, 255, 255),
    };

    public static byte[] Encoded(string format) => format switch
    {
        "jpeg" => ImageFile.Encode(View(), ImageSaveFormat.Jpeg, 100),
        "png" => ImageFile.Encode(View(), ImageSaveFormat.Png),
        "webp" => ImageFile.Encode(View(), ImageSaveFormat.WebP, 100),
        "bmp" => Bmp(),
        "gif" => Gif(),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>24-bit BMP, bottom row first.</summary>
    private static byte[] Bmp()
    {
        byte[] pixels = Pixels(PixelFormat.Bgr24);
        const int row = Width * 3;
        byte[] file = new byte[54 + pixels.Length];
        file[0] = (byte)'B';
        file[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), Width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), Height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (int y = 0; y < Height; y++)
        {
            pixels.AsSpan((Height - 1 - y) * row, row).CopyTo(file.AsSpan(54 + (y * row)));
        }

        return file;
    }

    /// <summary>GIF of two frames: the standard picture, then black. Codes are all 8 bits wide: a clear code before each run of literals keeps them so.</summary>
    private static byte[] Gif()
    {
        using var file = new MemoryStream();
        file.Write("GIF89a"u8);
        file.Write([Width, 0, Height, 0, 0xF6, 0, 0]);
        byte[] palette = new byte[128 * 3];
        ((ReadOnlySpan<byte>)[255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0]).CopyTo(palette);
        file.Write(palette);
        Frame((x, y) => (x * 2 < Width ? 0 : 1) + (y * 2 < Height ? 0 : 2));
        Frame((_, _) => 4);
        file.WriteByte(0x3B);
        return file.ToArray();

        void Frame(Func<int, int, int> index)
        {
            file.Write([0x21, 0xF9, 4, 0, 10, 0, 0, 0]);
            file.Write([0x2C, 0, 0, 0, 0, Width, 0, Height, 0, 0, 7]);
            var codes = new List<byte>();
            for (int i = 0; i < Width * Height; i++)
            {
                if (i % 100 == 0)
                {
                    codes.Add(0x80);
                }

                codes.Add((byte)index(i % Width, i / Width));
            }

            codes.Add(0x81);
            foreach (byte[] block in codes.Chunk(255))
            {
                file.WriteByte((byte)block.Length);
                file.Write(block);
            }

            file.WriteByte(0);
        }
    }

    /// <summary>The standard picture as JPEG with an EXIF orientation written into it.</summary>
    public static byte[] JpegWithOrientation(int orientation, bool bigEndian, PixelFormat format = PixelFormat.Bgra32)
    {
        byte[] jpeg = ImageFile.Encode(View(format), ImageSaveFormat.Jpeg, 100);
        byte[] tiff = new byte[26];
        (bigEndian ? "MM"u8 : "II"u8).CopyTo(tiff);
        Write16(2, 42);
        Write32(4, 8);
        Write16(8, 1);
        Write16(10, 0x0112);
        Write16(12, 3);
        Write32(14, 1);
        Write16(18, (ushort)orientation);
        byte[] segment = [0xFF, 0xE1, 0, (byte)(2 + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff];
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];

        void Write16(int at, ushort value)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), value);
            }
        }

        void Write32(int at, uint value)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt32BigEndian(tiff.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(at), value);
            }
        }
    }

    /// <summary>A PNG whose header claims a size; the pixel data are those of a single row.</summary>
    public static byte[] PngThatClaims(int width, int height)
    {
        using var zipped = new MemoryStream();
        using (var zlib = new ZLibStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(new byte[64]);
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, zipped.ToArray()), .. Chunk("IEND"u8, [])];

        static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            byte[] body = [.. type, .. data];
            uint crc = 0xFFFFFFFF;
            foreach (byte b in body)
            {
                crc ^= b;
                for (int k = 0; k < 8; k++)
                {
                    crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
                }
            }

            byte[] chunk = new byte[body.Length + 8];
            BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
            body.CopyTo(chunk, 4);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), ~crc);
            return chunk;
        }
    }

    /// <summary>A PNG of one colour with alpha, one row of half-transparent red and below fully transparent.</summary>
    public static byte[] TransparentPng()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Bgra8888, SKAlphaType.Unpremul));
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 8; x++)
            {
                bitmap.SetPixel(x, y, y == 0 ? new SKColor(255, 0, 0, 128) : new SKColor(0, 0, 0, 0));
            }
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A pixel's colour as red, green, blue.</summary>
    public static (byte R, byte G, byte B) At(in FrameView view, int x, int y)
    {
        ReadOnlySpan<byte> p = view.GetRow(y).Slice(x * view.Format.BytesPerPixel(), view.Format.BytesPerPixel());
        return view.Format switch
        {
            PixelFormat.Gray8 => (p[0], p[0], p[0]),
            PixelFormat.Rgb24 or PixelFormat.Rgba32 => (p[0], p[1], p[2]),
            _ => (p[2], p[1], p[0]),
        };
    }

    /// <summary>The four quarters of a picture in reading order, each by the letter of its colour.</summary>
    public static string Quarters(in FrameView view)
    {
        int x = view.Width / 4;
        int y = view.Height / 4;
        return string.Concat(Letter(view, x, y), Letter(view, 3 * x, y), Letter(view, x, 3 * y), Letter(view, 3 * x, 3 * y));

        static char Letter(in FrameView view, int x, int y) => At(view, x, y) switch
        {
            ( > 215, < 40, < 40) => 'R',
            ( < 40, > 215, < 40) => 'G',
            ( < 40, < 40, > 215) => 'B',
            ( > 215, > 215, > 215) => 'W',
            _ => '?',
        };
    }
}

/// <summary>A stream that can only be read forwards, a few bytes at a time.</summary>
internal sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 100));

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 100)]);
}
