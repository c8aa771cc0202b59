using System.Buffers;

namespace FerSharp.Media;

/// <summary>Reads pictures from files, streams and bytes, and writes them.</summary>
/// <remarks>
/// <para>Formats read: JPEG, PNG, WebP, BMP, GIF (of moving pictures the first frame). Formats written: JPEG, PNG, WebP.</para>
/// <para>What comes out: gray pictures of JPEG and PNG files are <see cref="PixelFormat.Gray8"/>, all others <see cref="PixelFormat.Bgra32"/>.
/// The EXIF orientation (EXIF 2.32, tag 0x0112) of JPEG and WebP files is applied, so the picture is upright. Transparent pixels are laid
/// over white; alpha is 255 everywhere. Colour profiles are not applied: the stored values come out, as with OpenCV.</para>
/// <para>Thread-safe. Nothing is kept between calls.</para>
/// </remarks>
public static class ImageFile
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>The extensions of the formats that can be read, in lower case with the dot.</summary>
    public static IReadOnlyList<string> SupportedExtensions { get; } = Array.AsReadOnly(Extensions);

    /// <summary>Whether a file's extension is one of <see cref="SupportedExtensions"/>, in whatever case. The file itself is not looked at.</summary>
    /// <param name="path">A path or a file name; null and empty give false.</param>
    public static bool IsSupported(string? path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">The file. Its extension does not matter, its content does.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The picture. The caller owns it and disposes it.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no valid path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is out of its range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file, or the path is a directory.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="IOException">Reading failed.</exception>
    /// <exception cref="InvalidDataException">The file is empty, truncated, damaged, over a limit, or no picture of a supported format.</exception>
    /// <exception cref="InvalidOperationException">Skia's native library is missing or does not fit.</exception>
    public static Frame Load(string path, ImageLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options = Checked(options);
        if (Directory.Exists(path))
        {
            throw new FileNotFoundException($"'{path}' is a directory, not a picture. Give a file; ImageFile.IsSupported picks the pictures of a directory.", path);
        }

        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"The picture '{path}' does not exist. Check the path; relative paths start at the current directory.", path, e);
        }

        using (stream)
        {
            return Load(stream, $"The file '{path}'", options);
        }
    }

    /// <summary>Reads a picture from a stream, from where it stands to its end. The stream need not be seekable; it is not closed.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The picture. The caller owns it and disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is out of its range.</exception>
    /// <exception cref="IOException">Reading failed.</exception>
    /// <exception cref="InvalidDataException">The rest of the stream is empty, truncated, damaged, over a limit, or no picture of a supported format.</exception>
    /// <exception cref="InvalidOperationException">Skia's native library is missing or does not fit.</exception>
    public static Frame Load(Stream stream, ImageLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream cannot be read: it is closed or write-only.", nameof(stream));
        }

        return Load(stream, stream is FileStream file ? $"The file '{Path.GetFileName(file.Name)}'" : "The stream", Checked(options));
    }

    /// <summary>Reads a picture from the bytes of its file. They are not kept.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The picture. The caller owns it and disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is out of its range.</exception>
    /// <exception cref="InvalidDataException">The bytes are empty, truncated, damaged, over a limit, or no picture of a supported format.</exception>
    /// <exception cref="InvalidOperationException">Skia's native library is missing or does not fit.</exception>
    public static Frame Load(ReadOnlySpan<byte> bytes, ImageLoadOptions? options = null)
    {
        options = Checked(options);
        return bytes.Length > options.MaxFileBytes ? throw TooLong("The data", options) : ImageCodec.Decode(bytes, "The data", options);
    }

    /// <summary>Writes a picture to a file, in the format that its extension names: .jpg, .jpeg, .jfif, .png or .webp. An existing file is replaced.</summary>
    /// <param name="path">The file. Its directory must exist.</param>
    /// <param name="frame">The picture; alpha is ignored.</param>
    /// <param name="quality">0 to 100; PNG ignores it.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or has another extension, or the picture is empty or too large for the format.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is not 0 to 100.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="IOException">Writing failed; <see cref="DirectoryNotFoundException"/> where the directory is missing.</exception>
    /// <exception cref="InvalidOperationException">Skia's native library is missing or does not fit.</exception>
    public static void Save(string path, in FrameView frame, int quality = 90)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string extension = Path.GetExtension(path);
        ImageSaveFormat format = extension.ToLowerInvariant() switch
        {
            ".jpg" or ".jpeg" or ".jfif" => ImageSaveFormat.Jpeg,
            ".png" => ImageSaveFormat.Png,
            ".webp" => ImageSaveFormat.WebP,
            _ => throw new ArgumentException($"The extension '{extension}' of '{path}' names no format that can be written. Use .jpg, .png or .webp.", nameof(path)),
        };
        File.WriteAllBytes(path, Encode(frame, format, quality));
    }

    /// <summary>Writes a picture to a stream, at its position. The stream is not closed.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="frame">The picture; alpha is ignored.</param>
    /// <param name="format">The file format.</param>
    /// <param name="quality">0 to 100; PNG ignores it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be written, or the picture is empty or too large for the format.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is not 0 to 100, or <paramref name="format"/> is not defined.</exception>
    /// <exception cref="IOException">Writing failed.</exception>
    /// <exception cref="InvalidOperationException">Skia's native library is missing or does not fit.</exception>
    public static void Save(Stream stream, in FrameView frame, ImageSaveFormat format, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite)
        {
            throw new ArgumentException("The stream cannot be written: it is closed or read-only.", nameof(stream));
        }

        stream.Write(Encode(frame, format, quality));
    }

    /// <summary>Makes the bytes of a picture file.</summary>
    /// <param name="frame">The picture; alpha is ignored.</param>
    /// <param name="format">The file format.</param>
    /// <param name="quality">0 to 100; PNG ignores it.</param>
    /// <returns>The whole file, in a new array.</returns>
    /// <exception cref="ArgumentException">The picture is empty or too large for the format (WebP: 16383 pixels a side; JPEG: 65500).</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is not 0 to 100, or <paramref name="format"/> is not defined.</exception>
    /// <exception cref="InvalidOperationException">Skia's native library is missing or does not fit.</exception>
    public static byte[] Encode(in FrameView frame, ImageSaveFormat format, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (format is < ImageSaveFormat.Jpeg or > ImageSaveFormat.WebP)
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "Use Jpeg, Png or WebP.");
        }

        return ImageCodec.Encode(frame, format, quality);
    }

    private static ImageLoadOptions Checked(ImageLoadOptions? options)
    {
        options ??= new ImageLoadOptions();
        options.Validate();
        return options;
    }

    private static Frame Load(Stream stream, string name, ImageLoadOptions options)
    {
        long hint = stream.CanSeek ? stream.Length - stream.Position : 64 * 1024;
        if (stream.CanSeek && hint > options.MaxFileBytes)
        {
            throw TooLong(name, options);
        }

        // One byte more than expected, so that the end of the stream is seen without growing.
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(hint + 1, 4096, Array.MaxLength));
        try
        {
            int length = 0;
            int read;
            while ((read = stream.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += read;
                if (length > options.MaxFileBytes)
                {
                    throw TooLong(name, options);
                }

                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(length * 2L, Array.MaxLength));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return ImageCodec.Decode(buffer.AsSpan(0, length), name, options);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static InvalidDataException TooLong(string name, ImageLoadOptions options) =>
        new($"{name} is longer than the limit of {options.MaxFileBytes} bytes. Raise ImageLoadOptions.MaxFileBytes if you trust where it comes from.");
}
