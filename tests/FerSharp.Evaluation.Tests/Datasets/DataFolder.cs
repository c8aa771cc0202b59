using System.Globalization;
using System.IO.Compression;
using System.Text;
using FerSharp.Media;
using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

/// <summary>A folder of tiny generated data sets, deleted at the end.</summary>
internal sealed class DataFolder : IDisposable
{
    public const int PictureBytes = 48 * 48;

    public DataFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"fersharp-data-{Guid.NewGuid():N}");

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string WritePacked(string name, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return Write(name, packed.ToArray());
    }

    public string WritePicture(string name, int seed, int side = 48) =>
        Write(name, ImageFile.Encode(SyntheticFrames.Noise(side, side, seed), ImageSaveFormat.Png));

    public static byte[] Noise(int seed) => SyntheticFrames.Noise(48, 48, seed, PixelFormat.Gray8).Pixels.ToArray();

    public static string Text(byte[] pixels) => string.Join(' ', pixels.Select(pixel => pixel.ToString(CultureInfo.InvariantCulture)));

    public static byte[] Pixels(FaceDataset dataset, int index)
    {
        using Frame frame = dataset.Load(index);
        return frame.View.Pixels.ToArray();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
