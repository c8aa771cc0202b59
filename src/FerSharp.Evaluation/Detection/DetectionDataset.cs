namespace FerSharp.Evaluation;

/// <summary>What is known about the faces of one picture. Holds no pixels.</summary>
/// <param name="Id">Unique in its data set: a path relative to the data set's root. Never an absolute path.</param>
/// <param name="Faces">The true faces; empty where there are none, or where only their number is known.</param>
public sealed record DetectionSample(string Id, IReadOnlyList<TrueFace> Faces)
{
    /// <summary>Number of faces, at least 1, where no box is known; null where the boxes are known, also where there is no face.</summary>
    public int? FaceCount { get; init; }

    /// <summary>What the picture shares with others, such as the person or the video, so that they are no independent samples; null where that is not known.</summary>
    public string? Subject { get; init; }
}

/// <summary>A data set of pictures with known faces: its samples, what is wrong with it, and a way to load each picture.</summary>
/// <remarks>
/// Pictures are loaded one at a time and owned by whoever loads them, so memory does not grow with the data set. Derive from it to bring
/// pictures from elsewhere, or to change another data set's pictures (darker, blurred) under the same truths. Thread-safe.
/// </remarks>
public abstract class DetectionDataset
{
    /// <summary>Makes the data set.</summary>
    /// <param name="info">Name, split and hash.</param>
    /// <param name="samples">The samples that can be used.</param>
    /// <param name="faults">Rows and files that cannot, each with the reason.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    protected DetectionDataset(DatasetInfo info, IReadOnlyList<DetectionSample> samples, IReadOnlyList<DatasetFault> faults)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(faults);
        Info = info;
        Samples = samples;
        Faults = faults;
    }

    /// <summary>Name, split and hash; of a csv the hash covers the pictures' paths, faces and counts, not their pixels.</summary>
    public DatasetInfo Info { get; }

    /// <summary>The samples.</summary>
    public IReadOnlyList<DetectionSample> Samples { get; }

    /// <summary>Rows that cannot be used, each with the reason: counted and named, never silently left out.</summary>
    public IReadOnlyList<DatasetFault> Faults { get; }

    /// <summary>Loads one picture.</summary>
    /// <param name="index">Position in <see cref="Samples"/>.</param>
    /// <returns>The picture; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such sample.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no picture, or is damaged.</exception>
    public abstract Frame Load(int index);
}
