namespace FerSharp.Evaluation;

/// <summary>A data set of face pictures: its samples, what is wrong with it, and a way to load each picture.</summary>
/// <remarks>Pictures are loaded one at a time and owned by whoever loads them, so memory does not grow with the data set. Thread-safe.</remarks>
public abstract class FaceDataset
{
    /// <summary>Makes the data set.</summary>
    /// <param name="info">Name, split and hash.</param>
    /// <param name="samples">The samples that can be used.</param>
    /// <param name="faults">Rows and files that cannot, each with the reason.</param>
    /// <param name="leftOut">How many pictures each rule left out on request; null for none.</param>
    /// <exception cref="ArgumentNullException">Info, samples or faults are null.</exception>
    protected FaceDataset(
        DatasetInfo info, IReadOnlyList<FaceSample> samples, IReadOnlyList<DatasetFault> faults, IReadOnlyDictionary<string, int>? leftOut = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(faults);
        LeftOut = leftOut ?? new Dictionary<string, int>();
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

    /// <summary>How many sound pictures were left out on request, by the rule that did it. Empty where none.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; }

    /// <summary>Loads one picture: a tight face crop, to be read as <see cref="FaceRegion.Whole"/>.</summary>
    /// <param name="index">Position in <see cref="Samples"/>.</param>
    /// <returns>The picture; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such sample.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no picture, or is damaged.</exception>
    public abstract Frame Load(int index);

    /// <summary>A part of this data set. It loads its pictures from this one and has the same faults; its hash is its own.</summary>
    /// <param name="indices">Positions in <see cref="Samples"/>, in the part's order; none twice.</param>
    /// <param name="split">The part's name, such as <c>validation</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="indices"/> or <paramref name="split"/> is null.</exception>
    /// <exception cref="ArgumentException">There are no indices, or one comes twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such sample.</exception>
    public FaceDataset Subset(IReadOnlyCollection<int> indices, string split)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(split);
        int[] chosen = [.. indices];
        foreach (int index in chosen)
        {
            CheckIndex(index);
        }

        if (chosen.Length == 0 || chosen.Distinct().Count() != chosen.Length)
        {
            throw new ArgumentException(chosen.Length == 0 ? $"The part '{split}' would have no picture." : "An index comes twice; a picture can be in a part only once.", nameof(indices));
        }

        return new Part(this, chosen, split);
    }

    /// <summary>What stands for the picture in the data set's hash: its bytes where they are in memory, the hash of its file where that was checked, else nothing.</summary>
    internal virtual ReadOnlySpan<byte> HashedContent(int index) => default;

    private protected void CheckIndex(int index)
    {
        if ((uint)index >= (uint)Samples.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {Samples.Count} samples.");
        }
    }

    private sealed class Part(FaceDataset whole, int[] indices, FaceSample[] samples, string split)
        : FaceDataset(
            whole.Info with { Split = split, Sha256 = DatasetHash.Compute(samples, i => whole.HashedContent(indices[i])) }, samples, whole.Faults, whole.LeftOut)
    {
        public Part(FaceDataset whole, int[] indices, string split)
            : this(whole, indices, [.. indices.Select(i => whole.Samples[i])], split)
        {
        }

        public override Frame Load(int index)
        {
            CheckIndex(index);
            return whole.Load(indices[index]);
        }

        internal override ReadOnlySpan<byte> HashedContent(int index) => whole.HashedContent(indices[index]);
    }
}

/// <summary>What a data set is.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="Split">Which part this is, such as <c>PublicTest</c>; empty for the whole.</param>
/// <param name="Sha256">Hash over the samples' ids, labels, votes and pictures: the pixels of FER-2013, else the files' bytes. Files are in it only where they were read on opening (<see cref="FaceDatasetOptions.CheckFiles"/>).</param>
public sealed record DatasetInfo(string Name, string Split, string Sha256);

/// <summary>A row or a file of a data set that cannot be used.</summary>
/// <param name="Where">The row's number or the file's relative path.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record DatasetFault(string Where, string Reason);
