using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>A picture in memory with its faces.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal sealed class DetectionPicture
{
    // A face of this share of the picture's longer side fills it: such pictures are laid out in grids and pasted.
    private const float CloseUpShare = 0.3f;

    /// <param name="id">Path in its data set.</param>
    /// <param name="pixels">Red, green, blue, row by row; taken over.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="faces">Its faces, and the regions that say nothing (ignored).</param>
    public DetectionPicture(string id, byte[] pixels, int width, int height, IReadOnlyList<TrueFace> faces)
    {
        (Id, Pixels, Width, Height, Faces) = (id, pixels, width, height, faces);
        Known = [.. faces.Where(face => !face.Ignored)];
        IsCloseUp = faces.Count == 1 && Known.Count == 1 && Known[0].Size >= CloseUpShare * Math.Max(width, height);
    }

    public string Id { get; }

    public byte[] Pixels { get; }

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<TrueFace> Faces { get; }

    /// <summary>The faces that are not ignored.</summary>
    public IReadOnlyList<TrueFace> Known { get; }

    /// <summary>Whether one face fills the picture.</summary>
    public bool IsCloseUp { get; }

    public FrameView View => new(Pixels, Width, Height, PixelFormat.Rgb24);
}
