namespace FerSharp.Evaluation;

/// <summary>A data set whose pictures are bytes in memory or files under a root.</summary>
internal sealed class StoredDataset(
    DatasetInfo info,
    IReadOnlyList<FaceSample> samples,
    IReadOnlyList<DatasetFault> faults,
    IReadOnlyDictionary<string, int> leftOut,
    string? root,
    PixelStore pixels,
    int[] slots)
    : FaceDataset(info, samples, faults, leftOut)
{
    public static Frame LoadFile(string root, string id)
    {
        string path = Path.Combine(root, id);
        try
        {
            using FileStream file = File.OpenRead(path);
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

    internal override ReadOnlySpan<byte> PixelsInMemory(int index) => slots[index] < 0 ? default : pixels[slots[index]].Span;
}
