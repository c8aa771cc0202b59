using System.Buffers;
using SkiaSharp;

namespace FerSharp.Media;

/// <summary>The only place that decodes and encodes with Skia. Uses pointers, not spans: their signatures differ between Skia's versions.</summary>
internal static unsafe class ImageCodec
{
    private const string Formats = "JPEG, PNG, WebP, BMP or GIF";

    public static Frame Decode(ReadOnlySpan<byte> file, string name, ImageLoadOptions options)
    {
        if (file.IsEmpty)
        {
            throw new InvalidDataException($"{name} is empty: it has no bytes. Check how it was written or sent.");
        }

        SkiaRuntime.Require();
        fixed (byte* start = file)
        {
            using SKData data = SKData.Create((IntPtr)start, file.Length);
            using SKCodec? codec = SKCodec.Create(data);
            if (codec is null)
            {
                throw NoPicture(file, name);
            }

            if (codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Bmp or SKEncodedImageFormat.Gif))
            {
                throw new InvalidDataException($"{name} is a picture in the format {codec.EncodedFormat}, which is not supported. Convert it to {Formats}.");
            }

            return Decode(codec, name, options);
        }
    }

    private static Frame Decode(SKCodec codec, string name, ImageLoadOptions options)
    {
        SKImageInfo header = codec.Info;
        long pixels = (long)header.Width * header.Height;
        if (pixels > options.MaxPixels)
        {
            throw new InvalidDataException(
                $"{name} says it has {header.Width}x{header.Height} pixels; the limit is {options.MaxPixels} pixels. Reduce the picture, or raise ImageLoadOptions.MaxPixels if you trust where it comes from.");
        }

        bool opaque = header.AlphaType == SKAlphaType.Opaque;
        bool gray = opaque && header.ColorType == SKColorType.Gray8;
        var info = new SKImageInfo(header.Width, header.Height, gray ? SKColorType.Gray8 : SKColorType.Bgra8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Premul);
        PixelFormat format = gray ? PixelFormat.Gray8 : PixelFormat.Bgra32;
        int size = checked((int)(pixels * format.BytesPerPixel()));
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(size);
        try
        {
            ReadPixels(codec, info, owner.Memory.Span[..size], name, options);
            int width = info.Width;
            int height = info.Height;
            SKEncodedOrigin origin = codec.EncodedOrigin;
            if (origin is not (SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default))
            {
                IMemoryOwner<byte> upright = MemoryPool<byte>.Shared.Rent(size);
                PixelOperations.Orient(owner.Memory.Span[..size], upright.Memory.Span[..size], width, height, format.BytesPerPixel(), (int)origin);
                owner.Dispose();
                owner = upright;
                if (origin >= SKEncodedOrigin.LeftTop)
                {
                    (width, height) = (height, width);
                }
            }

            return Frame.Create(owner, width, height, format);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    private static void ReadPixels(SKCodec codec, in SKImageInfo info, Span<byte> pixels, string name, ImageLoadOptions options)
    {
        if (options.AllowTruncated)
        {
            // A rented buffer holds old pixels; none of them may show in the missing part.
            pixels.Clear();
        }

        SKCodecResult result;
        fixed (byte* start = pixels)
        {
            result = codec.GetPixels(info, (IntPtr)start);
        }

        bool truncated = result is SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput;
        if (result != SKCodecResult.Success && !(truncated && options.AllowTruncated))
        {
            throw new InvalidDataException(truncated
                ? $"{name} is truncated or damaged: its {info.Width}x{info.Height} pixels are not all there. Copy or download it again, or set ImageLoadOptions.AllowTruncated to take what is there."
                : $"{name} cannot be decoded ({result}): it is damaged or uses a feature that is not supported. Open it in an image editor and save it anew as {Formats}.");
        }

        if (info.AlphaType != SKAlphaType.Opaque)
        {
            PixelOperations.ComposePremultipliedOverWhite(pixels);
        }
    }

    private static InvalidDataException NoPicture(ReadOnlySpan<byte> file, string name)
    {
        ReadOnlySpan<byte> jpeg = [0xFF, 0xD8];
        ReadOnlySpan<byte> png = [0x89, (byte)'P', (byte)'N', (byte)'G'];
        bool known = file.StartsWith(jpeg) || file.StartsWith(png) || file.StartsWith("RIFF"u8) || file.StartsWith("BM"u8) || file.StartsWith("GIF8"u8);
        if (known)
        {
            return new InvalidDataException($"{name} begins like a picture, but its header is truncated or damaged. Copy or download it again.");
        }

        string? kind = file.Length >= 12 && file[4..8].SequenceEqual("ftyp"u8) ? "a HEIC, AVIF or video file"
            : file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) ? "a TIFF or raw camera file"
            : file.StartsWith("%PDF"u8) ? "a PDF file"
            : null;
        return new InvalidDataException($"{name} is {kind ?? "no picture of a supported format"}. Give a {Formats} file.");
    }

    public static byte[] Encode(in FrameView frame, ImageSaveFormat format, int quality)
    {
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to write.", nameof(frame));
        }

        SkiaRuntime.Require();
        SKColorType color = frame.Format switch
        {
            PixelFormat.Gray8 => SKColorType.Gray8,
            PixelFormat.Rgba32 => SKColorType.Rgba8888,
            PixelFormat.Bgra32 => SKColorType.Bgra8888,
            _ => SKColorType.Unknown,
        };

        // Skia's WebP writer writes alpha even of pictures that are marked opaque.
        if (color == SKColorType.Unknown || format == ImageSaveFormat.WebP)
        {
            using Frame copy = PixelOperations.ToBgra(frame);
            return Encode(copy.View, SKColorType.Bgra8888, format, quality);
        }

        return Encode(frame, color, format, quality);
    }

    private static byte[] Encode(in FrameView frame, SKColorType color, ImageSaveFormat format, int quality)
    {
        fixed (byte* start = frame.Pixels.Span)
        {
            var info = new SKImageInfo(frame.Width, frame.Height, color, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, (IntPtr)start, frame.Stride);
            using SKData? data = pixmap.Encode(format switch
            {
                ImageSaveFormat.Jpeg => SKEncodedImageFormat.Jpeg,
                ImageSaveFormat.Png => SKEncodedImageFormat.Png,
                _ => SKEncodedImageFormat.Webp,
            }, quality);
            return data?.ToArray() ?? throw new ArgumentException($"A {frame} picture cannot be written as {format}: it is too large for the format. Use PNG, or reduce it.", nameof(frame));
        }
    }
}
