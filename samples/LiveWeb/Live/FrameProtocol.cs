using System.Buffers.Binary;
using FerSharp.Media;

namespace FerSharp.LiveWeb.Live;

/// <summary>What precedes a frame's pixels in a binary message: 20 bytes, little-endian.</summary>
/// <remarks>
/// byte 0: 1, the version; byte 1: the <see cref="FrameEncoding"/>; 2 and 3: 0; 4 and 5: width; 6 and 7: height; 8 to 11: the client's number of the frame;
/// 12 to 19: the client's time at capture, a double in milliseconds of its own clock. Number and time come back with the answer and are not looked at.
/// </remarks>
/// <param name="Encoding">How the pixels follow.</param>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
/// <param name="Tag">What comes back with the answer.</param>
internal readonly record struct FrameHeader(FrameEncoding Encoding, int Width, int Height, FrameTag Tag);

/// <summary>How the pixels of a frame are sent.</summary>
internal enum FrameEncoding : byte
{
    /// <summary>A JPEG file.</summary>
    Jpeg = 1,

    /// <summary>Red, green, blue, alpha, a byte each; rows from the top, tight.</summary>
    Rgba = 2,
}

/// <summary>By what a client knows its frame again.</summary>
/// <param name="Number">The client's number.</param>
/// <param name="Captured">The client's time, in milliseconds.</param>
internal readonly record struct FrameTag(uint Number, double Captured);

/// <summary>Reads frames out of messages. Every fault is an <see cref="InvalidDataException"/> with a sentence for the client's author.</summary>
internal static class FrameProtocol
{
    public const int HeaderLength = 20;
    private const byte Version = 1;

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="InvalidDataException">It is short, of another version, or asks for too much.</exception>
    public static FrameHeader ReadHeader(ReadOnlySpan<byte> message, int maxPixels)
    {
        if (message.Length <= HeaderLength || message[0] != Version || message[2] != 0 || message[3] != 0)
        {
            throw new InvalidDataException($"A frame begins with {HeaderLength} bytes of header of version {Version}, and pixels follow.");
        }

        var encoding = (FrameEncoding)message[1];
        int width = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]), height = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]);
        if (encoding is not (FrameEncoding.Jpeg or FrameEncoding.Rgba))
        {
            throw new InvalidDataException($"The encoding {message[1]} is not known; send 1 (JPEG) or 2 (RGBA).");
        }

        if (width == 0 || height == 0 || (long)width * height > maxPixels)
        {
            throw new InvalidDataException($"The frame says it has {width}x{height} pixels; 1 to {maxPixels} are allowed.");
        }

        double captured = BinaryPrimitives.ReadDoubleLittleEndian(message[12..]);
        return double.IsFinite(captured)
            ? new FrameHeader(encoding, width, height, new FrameTag(BinaryPrimitives.ReadUInt32LittleEndian(message[8..]), captured))
            : throw new InvalidDataException("The frame's time is not a number.");
    }

    /// <summary>Pushes the frame's pixels to where frames are analysed.</summary>
    /// <exception cref="InvalidDataException">The pixels are not what the header says.</exception>
    public static void Push(in FrameHeader header, ReadOnlyMemory<byte> pixels, PushFrameSource source)
    {
        if (header.Encoding == FrameEncoding.Rgba)
        {
            long needed = 4L * header.Width * header.Height;
            if (pixels.Length != needed)
            {
                throw new InvalidDataException($"{header.Width}x{header.Height} pixels of RGBA are {needed} bytes; {pixels.Length} came.");
            }

            source.TryPush(new FrameView(pixels, header.Width, header.Height, PixelFormat.Rgba32));
            return;
        }

        // Nothing but JPEG goes to the decoder, which would read other formats too.
        if (!pixels.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            throw new InvalidDataException("The frame is no JPEG file.");
        }

        var limits = new ImageLoadOptions { MaxPixels = header.Width * header.Height, MaxFileBytes = pixels.Length };
        using Frame frame = ImageFile.Load(pixels.Span, limits);
        if (frame.View.Width != header.Width || frame.View.Height != header.Height)
        {
            throw new InvalidDataException($"The JPEG has {frame.View.Width}x{frame.View.Height} pixels, the header says {header.Width}x{header.Height}.");
        }

        source.TryPush(frame.View);
    }
}
