using System.Security.Cryptography;

namespace FerSharp.Evaluation;

/// <summary>A data set whose pictures are bytes in memory or files under a root.</summary>
internal sealed class StoredDataset(
    DatasetInfo info,
    IReadOnlyList<FaceSample> samples,
    IReadOnlyList<DatasetFault> faults,
    IReadOnlyDictionary<string, int> leftOut,
    string? root,
    PixelStore pixels,
    int[] slots,
    byte[]?[] fileHashes)
    : FaceDataset(info, samples, faults, leftOut)
{
    public static Frame LoadFile(string root, string id) => LoadFile(root, id, null);

    /// <summary>Loads a picture and, where <paramref name="hash"/> has room, the SHA-256 of its file.</summary>
    public static Frame LoadFile(string root, string id, byte[]? hash)
    {
        string path = Path.Combine(root, id);
        try
        {
            using FileStream file = File.OpenRead(path);
            if (hash is not null)
            {
                SHA256.HashData(file, hash);
                file.Position = 0;
            }

            return Media.ImageFile.Load(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException("There is no such file.", id);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException("The file may not be read.", e);
        }
    }

    public override Frame Load(int index)
    {
        CheckIndex(index);
        return slots[index] < 0
            ? LoadFile(root!, Samples[index].Id)
            : Frame.CopyOf(new FrameView(pixels[slots[index]], PixelStore.Side, PixelStore.Side, PixelFormat.Gray8));
    }

    internal override ReadOnlySpan<byte> HashedContent(int index) => slots[index] < 0 ? fileHashes[index] : pixels[slots[index]].Span;
}
