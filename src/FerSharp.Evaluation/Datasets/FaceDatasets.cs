namespace FerSharp.Evaluation;

/// <summary>Opens face data sets: FER-2013 with or without FER+ votes, class folders, lists, manifests.</summary>
/// <remarks>
/// <para>A row or a file that cannot be used becomes a <see cref="DatasetFault"/>; the others are used. Csv files may have quotes, a byte
/// order mark, any line ends, and may be gzip-packed. Rows are counted from 0, without the header.</para>
/// <para>FER-2013's pictures are held as 2,304 bytes each; pictures that lie in files are decoded when they are loaded.</para>
/// <para>Every method throws <see cref="ArgumentException"/> for a null or empty path, <see cref="IOException"/>
/// (<see cref="FileNotFoundException"/>, <see cref="DirectoryNotFoundException"/>) or <see cref="UnauthorizedAccessException"/> for a
/// csv or root that cannot be opened, and <see cref="OperationCanceledException"/> when cancelled. Thread-safe.</para>
/// </remarks>
public static class FaceDatasets
{
    /// <summary>Reads fer2013.csv: <c>emotion,pixels,Usage</c>, a row for each 48x48 gray picture.</summary>
    /// <param name="path">The csv. It is streamed, never held as text.</param>
    /// <param name="usage">The part: <c>Training</c>, <c>PublicTest</c>, <c>PrivateTest</c>; null for all. Samples have the tag <c>usage</c>.</param>
    /// <param name="options">What to leave out; null for nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The data set; ids are row numbers.</returns>
    /// <exception cref="ArgumentException"><see cref="FaceDatasetOptions.LeaveOutNotAFace"/> is set: there are no votes here.</exception>
    /// <exception cref="InvalidDataException">Columns are missing (all are named), or no row is usable (it says why).</exception>
    public static FaceDataset Fer2013Csv(string path, string? usage = null, FaceDatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        FerReader.Csv(path, null, usage, LabelSet.Fer2013, options, cancellationToken);

    /// <summary>Reads fer2013.csv with the votes of FER+ (fer2013new.csv), joined row by row.</summary>
    /// <param name="path">fer2013.csv.</param>
    /// <param name="votesPath">fer2013new.csv: <c>Usage</c>, a column for each of the eight expressions, <c>unknown</c>, <c>NF</c>.</param>
    /// <param name="usage">The part: <c>Training</c>, <c>PublicTest</c>, <c>PrivateTest</c>; null for all. Samples have the tag <c>usage</c>.</param>
    /// <param name="labels">Which labels are the true ones. Votes are kept in either case.</param>
    /// <param name="options">What to leave out; null for nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The data set; ids are row numbers.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labels"/> is not defined.</exception>
    /// <exception cref="InvalidDataException">Columns are missing (all are named), or no row is usable (it says why).</exception>
    public static FaceDataset FerPlusCsv(
        string path,
        string votesPath,
        string? usage = null,
        LabelSet labels = LabelSet.FerPlusMajority,
        FaceDatasetOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(votesPath);
        return FerReader.Csv(path, votesPath, usage, labels, options, cancellationToken);
    }

    /// <summary>Reads the packed form: 2,304 bytes a picture, and a csv whose row k is picture k.</summary>
    /// <param name="binPath">The pictures: unsigned bytes, row by row, no header; may be gzip-packed.</param>
    /// <param name="labelsPath">
    /// The csv: <c>usage</c>, <c>emotion</c> (FER-2013's numbers); if there, <c>index</c> (row of fer2013.csv, the id), <c>dup_group</c>,
    /// <c>copy_in_test</c>, and the ten votes of FER+ from <c>fp_neutral</c> to <c>fp_nf</c>. May be gzip-packed.
    /// </param>
    /// <param name="usage">The part: <c>Training</c>, <c>PublicTest</c>; null for all. Samples have the tag <c>usage</c>.</param>
    /// <param name="labels">Which labels are the true ones. Votes are kept in either case.</param>
    /// <param name="options">What to leave out; null for nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labels"/> is not defined.</exception>
    /// <exception cref="InvalidDataException">Columns are missing that the labels or options need (all are named), or no row is usable (it says why).</exception>
    public static FaceDataset Packed(
        string binPath,
        string labelsPath,
        string? usage = null,
        LabelSet labels = LabelSet.Fer2013,
        FaceDatasetOptions? options = null,
        CancellationToken cancellationToken = default) =>
        FerReader.Packed(binPath, labelsPath, usage, labels, options, cancellationToken);

    /// <summary>Reads a tree with a folder for each class, such as <c>train/angry/*.jpg</c>; pictures may lie deeper.</summary>
    /// <param name="root">The folder that holds the class folders, or folders of parts (<c>train</c>, <c>test</c>) that hold them. Samples of parts have the tag <c>split</c>.</param>
    /// <param name="split">A folder in <paramref name="root"/> to read alone, such as <c>test</c>; null for all of <paramref name="root"/>.</param>
    /// <param name="labels">What the folders' names mean; null for words alone.</param>
    /// <param name="options">What to leave out; null for nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The data set in the order of paths; ids are paths relative to the folder that was read. Hidden files do not count.</returns>
    /// <exception cref="InvalidDataException">No picture is usable (it says why).</exception>
    public static FaceDataset Folders(
        string root, string? split = null, EmotionLabels? labels = null, FaceDatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        PictureFileReader.Folders(root, split, labels ?? EmotionLabels.WordsOnly, options, cancellationToken);

    /// <summary>Reads a list of lines <c>name label</c>, as RAF-DB has it: <c>train_00001.jpg 5</c>. The last blank, tab or comma divides them.</summary>
    /// <param name="root">The folder of the pictures.</param>
    /// <param name="listPath">The list.</param>
    /// <param name="labels">What the labels mean, such as <see cref="EmotionLabels.RafDb"/>.</param>
    /// <param name="prefix">Only lines that begin so are read, such as <c>test_</c>; empty for all.</param>
    /// <param name="suffix">What the files' names have before their extension and the list has not, such as <c>_aligned</c>.</param>
    /// <param name="options">What to leave out; null for nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The data set; ids are the files' names.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="labels"/>, <paramref name="prefix"/> or <paramref name="suffix"/> is null.</exception>
    /// <exception cref="InvalidDataException">No line is usable (it says why).</exception>
    public static FaceDataset List(
        string root,
        string listPath,
        EmotionLabels labels,
        string prefix = "",
        string suffix = "",
        FaceDatasetOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(suffix);
        return PictureFileReader.List(root, listPath, labels, prefix, suffix, options, cancellationToken);
    }

    /// <summary>Reads a manifest: a csv with <c>path,label</c> and any further columns.</summary>
    /// <param name="path">
    /// The csv. <c>path</c> is relative to <paramref name="root"/> and lies within it; an empty <c>label</c> is no label; <c>subject</c>
    /// is <see cref="FaceSample.Subject"/>; every other column is a tag, absent where its field is empty.
    /// </param>
    /// <param name="root">The folder that paths start from; null for the csv's own.</param>
    /// <param name="labels">What labels mean; null for words alone.</param>
    /// <param name="options">What to leave out; null for nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The data set; ids are the paths.</returns>
    /// <exception cref="InvalidDataException">Columns are missing (all are named), or no row is usable (it says why).</exception>
    public static FaceDataset ManifestCsv(
        string path, string? root = null, EmotionLabels? labels = null, FaceDatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        PictureFileReader.Manifest(path, root, labels ?? EmotionLabels.WordsOnly, options, cancellationToken);
}
