namespace FerSharp;

/// <summary>How the bytes of one pixel are laid out. One byte a channel, values 0 to 255, no premultiplied alpha assumed: alpha is ignored.</summary>
/// <remarks>0 is no format, so that a forgotten value is caught.</remarks>
public enum PixelFormat : byte
{
    /// <summary>One byte of luma.</summary>
    Gray8 = 1,

    /// <summary>Red, green, blue.</summary>
    Rgb24 = 2,

    /// <summary>Blue, green, red: OpenCV's order.</summary>
    Bgr24 = 3,

    /// <summary>Red, green, blue, alpha.</summary>
    Rgba32 = 4,

    /// <summary>Blue, green, red, alpha: the order of Windows bitmaps and of Skia on most platforms.</summary>
    Bgra32 = 5,
}

/// <summary>Facts about <see cref="PixelFormat"/> values.</summary>
public static class PixelFormatExtensions
{
    /// <summary>Bytes that one pixel takes: 1, 3 or 4.</summary>
    /// <param name="format">A defined format.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="format"/> is not a defined format.</exception>
    public static int BytesPerPixel(this PixelFormat format) => format switch
    {
        PixelFormat.Gray8 => 1,
        PixelFormat.Rgb24 or PixelFormat.Bgr24 => 3,
        PixelFormat.Rgba32 or PixelFormat.Bgra32 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a pixel format; use one of Gray8, Rgb24, Bgr24, Rgba32, Bgra32."),
    };
}
