namespace FerSharp.Evaluation;

/// <summary>Which labels of FER-2013's pictures are the true ones.</summary>
public enum LabelSet
{
    /// <summary>The seven labels of the challenge (Goodfellow et al., 2013).</summary>
    Fer2013 = 0,

    /// <summary>
    /// The majority of FER+'s ten annotators (Barsoum et al., 2016). Only the votes for the eight expressions count, not those for
    /// "unknown" and "not a face"; an expression with a single vote is dropped; the label is the expression with more than half of
    /// what is left. Where there is none, <see cref="FaceSample.Label"/> is null.
    /// </summary>
    FerPlusMajority = 1,
}

/// <summary>What a reader of <see cref="FaceDatasets"/> leaves out. Whatever is left out is counted in <see cref="FaceDataset.LeftOut"/>.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed record FaceDatasetOptions
{
    /// <summary>A name for people; null takes the file's or the folder's.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The expressions to keep. A picture whose label is another one is left out: with <see cref="EmotionSet.Basic"/>, FER+'s pictures
    /// with a majority for contempt. The majority is taken over all eight before that, and votes stay as they are.
    /// </summary>
    /// <value>Default <see cref="EmotionSet.All"/>.</value>
    public EmotionSet Classes { get; init; } = EmotionSet.All;

    /// <summary>Leaves out pictures without a label: no majority, or an empty field of a manifest.</summary>
    /// <value>Default false: they stay, with <see cref="FaceSample.Label"/> null.</value>
    public bool LeaveOutUnlabelled { get; init; }

    /// <summary>Leaves out pictures whose pixels are all equal.</summary>
    /// <value>Default false.</value>
    public bool LeaveOutFlat { get; init; }

    /// <summary>Leaves out pictures that more than half of FER+'s annotators called "not a face". For data sets with FER+ votes.</summary>
    /// <value>Default false.</value>
    public bool LeaveOutNotAFace { get; init; }

    /// <summary>
    /// Usages, such as <c>PublicTest</c>: pictures of other usages that have the same pixels as one of theirs are left out. Pictures of
    /// these usages themselves stay. The packed form tells copies by its columns: <c>copy_in_test</c> for <c>PrivateTest</c>,
    /// <c>dup_group</c> for the others. For FER-2013 in either form; a usage that no row has is refused, as its copies cannot be known.
    /// </summary>
    /// <value>Default none.</value>
    public IReadOnlyCollection<string> LeaveOutCopiesOf { get; init; } = [];

    /// <summary>Whether each picture's file is decoded once on opening, on all cores, so that damaged files are among <see cref="FaceDataset.Faults"/> and not met later, and the data set's hash covers the files.</summary>
    /// <value>Default true.</value>
    public bool CheckFiles { get; init; } = true;
}
