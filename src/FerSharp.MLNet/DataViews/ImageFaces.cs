using System.Buffers;
using Microsoft.ML.Data;

namespace FerSharp.MLNet;

/// <summary>From ML.NET's image to the face in it.</summary>
internal static class ImageFaces
{
    /// <summary>Reads the best face of an image, or the whole image where there is no detector; nothing where there is no face.</summary>
    /// <exception cref="ArgumentException">There is no image, or its pixels are of another kind.</exception>
    public static void Read(MLImage? image, IFaceDetector? detector, Action<FaceRegion> read)
    {
        if (image is null)
        {
            throw new ArgumentException("A row has no image.", nameof(image));
        }

        PixelFormat format = image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => PixelFormat.Bgra32,
            MLPixelFormat.Rgba32 => PixelFormat.Rgba32,
            _ => throw new ArgumentException($"An image has pixels of the kind {image.PixelFormat}; 8-bit BGRA or RGBA is read.", nameof(image)),
        };

        // A copy: the image lends a span, and a view needs memory.
        ReadOnlySpan<byte> pixels = image.Pixels;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(pixels.Length);
        try
        {
            pixels.CopyTo(buffer);
            var frame = new FrameView(buffer.AsMemory(0, pixels.Length), image.Width, image.Height, format, pixels.Length / image.Height);
            if (detector is null)
            {
                read(FaceRegion.Whole(frame));
                return;
            }

            Span<FaceDetection> best = stackalloc FaceDetection[1];
            if (detector.Detect(frame, best) == 1)
            {
                read(new FaceRegion(frame, best[0]));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
