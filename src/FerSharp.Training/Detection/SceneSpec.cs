namespace FerSharp.Training;

/// <summary>How training pictures of a detector are composed and varied. Immutable, thread-safe.</summary>
/// <remarks>Shares and probabilities are from 0 to 1; the shares of scenes, mosaics, grids and close-ups count in proportion to their sum.</remarks>
public sealed record SceneSpec
{
    /// <summary>Share of pictures that are a part of one scene.</summary>
    public float Scene { get; init; } = 0.4f;

    /// <summary>Share of pictures that are four parts, of scenes and close-ups (mosaic; Bochkovskiy et al., 2020).</summary>
    public float Mosaic { get; init; } = 0.25f;

    /// <summary>Share of pictures that are a grid of close-ups.</summary>
    public float Grid { get; init; } = 0.2f;

    /// <summary>Share of pictures that one face fills.</summary>
    public float CloseUp { get; init; } = 0.15f;

    /// <summary>Most close-ups that are pasted into a scene, softly, around the face.</summary>
    public int Pasted { get; init; } = 6;

    /// <summary>Probability that faces are pasted.</summary>
    public float Paste { get; init; } = 0.6f;

    /// <summary>Least size of a face in pixels; smaller ones are ignored regions.</summary>
    public float SmallestFace { get; init; } = 7;

    /// <summary>Largest rotation in degrees. A half of the parts is rotated by at most a quarter of it.</summary>
    public float Rotation { get; init; } = 30;

    /// <summary>Probability of a mirror image.</summary>
    public float Flip { get; init; } = 0.5f;

    /// <summary>Probability that a part of a face is covered: as by a mask, by dark glasses, or by a rectangle.</summary>
    public float Cover { get; init; } = 0.2f;

    /// <summary>Probability of a gray picture.</summary>
    public float Gray { get; init; } = 0.12f;

    /// <summary>Probability of a blurred picture.</summary>
    public float Blur { get; init; } = 0.15f;

    /// <summary>Probability of a picture with noise.</summary>
    public float Noise { get; init; } = 0.15f;

    /// <summary>Probability of a dark picture: 20 to 60 % of the light.</summary>
    public float Dark { get; init; } = 0.1f;

    /// <summary>Most that the light changes, as a share.</summary>
    public float Brightness { get; init; } = 0.3f;

    /// <summary>Most that the contrast changes, as a share; the curve of the levels (gamma) changes with it.</summary>
    public float Contrast { get; init; } = 0.3f;

    /// <summary>Most that each colour changes by itself, as a share.</summary>
    public float Colour { get; init; } = 0.15f;

    internal void AddFaults(List<string> faults)
    {
        (string Name, float Value, float Most)[] ranges =
        [
            ("scene", Scene, 1), ("mosaic", Mosaic, 1), ("grid", Grid, 1), ("closeUp", CloseUp, 1), ("pasted", Pasted, 64), ("paste", Paste, 1), ("smallestFace", SmallestFace, 64),
            ("rotation", Rotation, 90), ("flip", Flip, 1), ("cover", Cover, 1), ("gray", Gray, 1), ("blur", Blur, 1), ("noise", Noise, 1), ("dark", Dark, 1),
            ("brightness", Brightness, 1), ("contrast", Contrast, 1), ("colour", Colour, 1),
        ];
        faults.AddRange(ranges.Where(range => !(range.Value >= 0 && range.Value <= range.Most))
            .Select(range => FormattableString.Invariant($"scenes.{range.Name} is {range.Value}; it must be from 0 to {range.Most}.")));
        if (!(Scene + Mosaic + Grid + CloseUp > 0))
        {
            faults.Add("scenes.scene, mosaic, grid and closeUp must not all be 0.");
        }
    }
}
