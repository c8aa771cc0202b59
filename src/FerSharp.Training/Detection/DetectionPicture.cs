using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>A picture in memory with its faces.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal sealed class DetectionPicture
{
    // A face of this share of the picture's longer side fills it: such pictures are laid out in grids and pasted.
    private const float CloseUpShare = 0.3f;

    // A face of this share leaves no more to be seen than itself: such pictures are only pasted.
    private const float CropShare = 0.84f;

    /// <param name="id">Path in its data set.</param>
    /// <param name="pixels">Red, green, blue, row by row; taken over.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="faces">Its faces, and the regions that say nothing (ignored).</param>
    public DetectionPicture(string id, byte[] pixels, int width, int height, IReadOnlyList<TrueFace> faces)
    {
        (Id, Pixels, Width, Height, Faces) = (id, pixels, width, height, faces);
        Known = [.. faces.Where(face => !face.Ignored)];
        double share = faces.Count == 1 && Known.Count == 1 ? Known[0].Size / Math.Max(width, height) : 0;
        IsCrop = share >= CropShare;
        IsCloseUp = share >= CloseUpShare && !IsCrop;
        IsGray = HasOneChannel(pixels);
    }

    public string Id { get; }

    public byte[] Pixels { get; }

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<TrueFace> Faces { get; }

    /// <summary>The faces that are not ignored.</summary>
    public IReadOnlyList<TrueFace> Known { get; }

    /// <summary>Whether one face, with some of what is around it, fills the picture.</summary>
    public bool IsCloseUp { get; }

    /// <summary>Whether the picture shows a face and nothing else.</summary>
    public bool IsCrop { get; }

    /// <summary>Whether all pixels are gray.</summary>
    public bool IsGray { get; }

    public FrameView View => new(Pixels, Width, Height, PixelFormat.Rgb24);

    private static bool HasOneChannel(byte[] pixels)
    {
        for (int i = 0; i < pixels.Length; i += 3)
        {
            if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2])
            {
                return false;
            }
        }

        return true;
    }
}
