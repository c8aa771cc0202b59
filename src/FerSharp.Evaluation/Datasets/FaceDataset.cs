namespace FerSharp.Evaluation;

/// <summary>A data set of face pictures: its samples, what is wrong with it, and a way to load each picture.</summary>
/// <remarks>Pictures are loaded one at a time and owned by whoever loads them, so memory does not grow with the data set. Thread-safe.</remarks>
public abstract class FaceDataset
{
    /// <summary>Makes the data set.</summary>
    /// <param name="info">Name, split and hash.</param>
    /// <param name="samples">The samples that can be used.</param>
    /// <param name="faults">Rows and files that cannot, each with the reason.</param>
    protected FaceDataset(DatasetInfo info, IReadOnlyList<FaceSample> samples, IReadOnlyList<DatasetFault> faults)
    {
        Info = info;
        Samples = samples;
        Faults = faults;
    }

    /// <summary>Name, split and hash.</summary>
    public DatasetInfo Info { get; }

    /// <summary>The samples.</summary>
    public IReadOnlyList<FaceSample> Samples { get; }

    /// <summary>Rows and files that cannot be used, each with the reason: counted and named, never silently left out.</summary>
    public IReadOnlyList<DatasetFault> Faults { get; }

    /// <summary>Loads one picture: a tight face crop, to be read as <see cref="FaceRegion.Whole"/>.</summary>
    /// <param name="index">Position in <see cref="Samples"/>.</param>
    /// <returns>The picture; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such sample.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no picture, or is damaged.</exception>
    public abstract Frame Load(int index);
}

/// <summary>What a data set is.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="Split">Which part this is, such as <c>PublicTest</c>; empty for the whole.</param>
/// <param name="Sha256">Hash over the samples' ids, labels, votes and, where they are in memory, pixels: two data sets with the same hash give the same figures.</param>
public sealed record DatasetInfo(string Name, string Split, string Sha256);

/// <summary>A row or a file of a data set that cannot be used.</summary>
/// <param name="Where">The row's number or the file's relative path.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record DatasetFault(string Where, string Reason);
