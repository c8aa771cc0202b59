namespace FerSharp;

/// <summary>A borrowed, read-only view of one picture. It owns nothing and copies nothing.</summary>
/// <remarks>
/// <para>Ownership: the memory belongs to the caller and must stay valid and unchanged until the call that was given the view
/// has returned. No FerSharp type keeps a view after its call.</para>
/// <para>Rows run from the top; row <c>y</c> starts at byte <c>y * Stride</c>. Pixel <c>(x, y)</c> covers the unit square from
/// <c>(x, y)</c> to <c>(x + 1, y + 1)</c>, so its centre is at <c>(x + 0.5, y + 0.5)</c>: the convention of every coordinate in FerSharp.</para>
/// <para><c>default</c> is empty (<see cref="IsEmpty"/>) and is refused by every method that reads pixels. Immutable, thread-safe.</para>
/// </remarks>
public readonly struct FrameView : IEquatable<FrameView>
{
    /// <summary>Makes a view over pixels that the caller owns.</summary>
    /// <param name="pixels">The bytes of the picture, top row first. May be longer than the picture.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="format">How a pixel is laid out.</param>
    /// <param name="stride">Bytes from one row's start to the next, at least <c>width * bytes per pixel</c>; 0 means exactly that.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, a negative stride, a stride shorter than a row, or no valid format.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is shorter than the picture it should hold.</exception>
    public FrameView(ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat format, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        long row = (long)width * format.BytesPerPixel();
        if (row > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(width), width, "A row of this width has more than 2^31 - 1 bytes.");
        }

        if (stride == 0)
        {
            stride = (int)row;
        }
        else if (stride < row)
        {
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"A row of {width} {format} pixels takes {row} bytes; the stride is shorter.");
        }

        long needed = ((long)(height - 1) * stride) + row;
        if (pixels.Length < needed)
        {
            throw new ArgumentException($"A {width}x{height} {format} picture with a stride of {stride} takes {needed} bytes; {pixels.Length} were given.", nameof(pixels));
        }

        Pixels = pixels[..(int)needed];
        Width = width;
        Height = height;
        Stride = stride;
        Format = format;
    }

    /// <summary>The bytes, from the first pixel's first byte to the last pixel's last byte.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>Width in pixels; 0 only for <c>default</c>.</summary>
    public int Width { get; }

    /// <summary>Height in pixels; 0 only for <c>default</c>.</summary>
    public int Height { get; }

    /// <summary>Bytes from one row's start to the next.</summary>
    public int Stride { get; }

    /// <summary>How a pixel is laid out.</summary>
    public PixelFormat Format { get; }

    /// <summary>Whether this is <c>default</c>, a view of nothing.</summary>
    public bool IsEmpty => Width == 0;

    /// <summary>The bytes of one row, without the padding behind it.</summary>
    /// <param name="y">Row, from 0 (top) to <see cref="Height"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such row; every row of an empty view is none.</exception>
    public ReadOnlySpan<byte> GetRow(int y)
    {
        if ((uint)y >= (uint)Height)
        {
            throw new ArgumentOutOfRangeException(nameof(y), y, $"The picture has {Height} rows.");
        }

        return Pixels.Span.Slice(y * Stride, Width * Format.BytesPerPixel());
    }

    /// <summary>A view of a part of this picture, over the same memory.</summary>
    /// <param name="x">Left column of the part.</param>
    /// <param name="y">Top row of the part.</param>
    /// <param name="width">Width of the part, at least 1.</param>
    /// <param name="height">Height of the part, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part is empty or reaches outside the picture.</exception>
    public FrameView Slice(int x, int y, int width, int height)
    {
        if (x < 0 || y < 0 || width < 1 || height < 1 || (long)x + width > Width || (long)y + height > Height)
        {
            throw new ArgumentOutOfRangeException(nameof(x), $"The part at ({x}, {y}) of size {width}x{height} does not lie within the {Width}x{Height} picture.");
        }

        return new FrameView(Pixels[((y * Stride) + (x * Format.BytesPerPixel()))..], width, height, Format, Stride);
    }

    /// <summary>Whether both view the same memory in the same way (pixels are not compared).</summary>
    /// <param name="other">The other view.</param>
    public bool Equals(FrameView other) =>
        Pixels.Equals(other.Pixels) && Width == other.Width && Height == other.Height && Stride == other.Stride && Format == other.Format;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FrameView other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pixels, Width, Height, Stride, Format);

    /// <summary>Whether both view the same memory in the same way.</summary>
    /// <param name="left">One view.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(FrameView left, FrameView right) => left.Equals(right);

    /// <summary>Whether the views differ in memory, size, stride or format.</summary>
    /// <param name="left">One view.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(FrameView left, FrameView right) => !left.Equals(right);

    /// <summary>Size and format, never pixels.</summary>
    public override string ToString() => IsEmpty ? "empty" : $"{Width}x{Height} {Format}";
}
