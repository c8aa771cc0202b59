namespace FerSharp.Media;

/// <summary>Limits of <see cref="ImageFile"/> when it reads. They are checked before memory is taken for the picture.</summary>
public sealed class ImageLoadOptions
{
    /// <summary>The largest value of <see cref="MaxPixels"/>: a picture of four bytes a pixel must fit into one array.</summary>
    public const int LargestMaxPixels = 500_000_000;

    /// <summary>Most pixels (width times height, as the header gives them) that a picture may have. 1 to <see cref="LargestMaxPixels"/>.</summary>
    /// <value>Default 100 million: 400 MB of pixels.</value>
    public int MaxPixels { get; set; } = 100_000_000;

    /// <summary>Most bytes that a picture's file or stream may have. At least 1.</summary>
    /// <value>Default 256 MiB.</value>
    public int MaxFileBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Whether a picture that ends too early is accepted. The missing part is then black, or white where the picture has transparency.</summary>
    /// <value>Default false: it is an <see cref="InvalidDataException"/>.</value>
    public bool AllowTruncated { get; set; }

    internal void Validate()
    {
        if (MaxPixels is < 1 or > LargestMaxPixels)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxPixels), MaxPixels, $"MaxPixels must be 1 to {LargestMaxPixels}.");
        }

        if (MaxFileBytes < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxFileBytes), MaxFileBytes, "MaxFileBytes must be at least 1.");
        }
    }
}

/// <summary>How <see cref="ImageFile"/> writes a picture.</summary>
public enum ImageSaveFormat
{
    /// <summary>JPEG: small, with loss.</summary>
    Jpeg = 1,

    /// <summary>PNG: without loss; quality has no effect.</summary>
    Png = 2,

    /// <summary>WebP: with loss below quality 100, without loss at 100.</summary>
    WebP = 3,
}
