using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>Composed pictures of one step with their faces. The buffers are reused.</summary>
internal sealed class DetectionBatch
{
    private readonly byte[] _pixels;

    public DetectionBatch(int count, int maxSide)
    {
        _pixels = new byte[count * 3 * maxSide * maxSide];
        Faces = [.. Enumerable.Range(0, count).Select(_ => new List<TrueFace>())];
    }

    /// <summary>How many pictures.</summary>
    public int Count => Faces.Length;

    /// <summary>Side of this batch's pictures.</summary>
    public int Side { get; set; }

    /// <summary>Red, green, blue, row by row, picture after picture.</summary>
    public Memory<byte> Pixels => _pixels.AsMemory(0, Count * 3 * Side * Side);

    /// <summary>The faces of each picture, and its ignored regions.</summary>
    public List<TrueFace>[] Faces { get; }
}
