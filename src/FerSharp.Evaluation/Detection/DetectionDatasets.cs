namespace FerSharp.Evaluation;

/// <summary>How <see cref="DetectionDatasets"/> reads.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed record DetectionDatasetOptions
{
    /// <summary>A name for people; null takes the file's.</summary>
    public string? Name { get; init; }

    /// <summary>The column that marks faces which count neither as found nor as missed, such as WIDER FACE's <c>invalid</c>; it must be there.</summary>
    /// <value>Default null: the column <c>ignored</c>, where there is one.</value>
    public string? IgnoredColumn { get; init; }

    /// <summary>A second csv with <c>file,faces</c>: the numbers of faces in pictures of which the first knows no box.</summary>
    /// <value>Default null.</value>
    public string? CountsPath { get; init; }
}

/// <summary>Opens data sets of pictures with known faces.</summary>
public static class DetectionDatasets
{
    /// <summary>Reads a csv with a row for each true face.</summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Meaning</description></listheader>
    /// <item><term><c>file</c></term><description>Needed. The picture, relative to the root and within it.</description></item>
    /// <item><term><c>left</c>, <c>top</c></term><description>Corner of the box, in pixels.</description></item>
    /// <item><term><c>right</c>, <c>bottom</c></term><description>The other corner. Where these columns are there, <c>width</c> and <c>height</c> are not read.</description></item>
    /// <item><term><c>width</c>, <c>height</c></term><description>Else the size of the box.</description></item>
    /// <item><term><c>ignored</c></term><description>1 or true: the face counts neither way. 0, false or empty: it counts.</description></item>
    /// <item><term><c>x0</c>, <c>y0</c> to <c>x4</c>, <c>y4</c></term><description>Five points in the order of <see cref="FaceLandmarks"/>: left eye, right eye, nose, left and right corner of the mouth, as they lie in the picture.</description></item>
    /// <item><term><c>x0</c>, <c>y0</c> to <c>x67</c>, <c>y67</c></term><description>Or 68 points in the order of iBUG 300-W (Sagonas et al. 2013). An eye is the mean of its six points (36 to 41, 42 to 47), the nose is 30, the corners of the mouth are 48 and 54.</description></item>
    /// <item><term><c>faces</c></term><description>Number of faces where no box is known; 0 says that there is none.</description></item>
    /// <item><term><c>subject</c></term><description><see cref="DetectionSample.Subject"/>.</description></item>
    /// </list>
    /// <para>A row gives a box, or the number of faces, or both; points may be left out as a whole. Other columns are not read. Where a picture
    /// has boxes, they count and the number does not. An ignored face without a size cannot overlap anything and is dropped.</para>
    /// <para>A picture one of whose rows is at fault is not used: what is found in it could not be judged. The csv may have quotes, a byte order mark, any
    /// line ends, and may be gzip-packed. Rows are counted from 0, without the header. Pictures are opened when they are loaded. Thread-safe.</para>
    /// </remarks>
    /// <param name="path">The csv.</param>
    /// <param name="root">The folder that files start from; null for the csv's own.</param>
    /// <param name="options">Name, ignored faces, counts; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The data set; pictures in the order of their first rows, ids are the files.</returns>
    /// <exception cref="ArgumentException">A path is null or empty.</exception>
    /// <exception cref="IOException">A csv or the root cannot be opened (<see cref="FileNotFoundException"/>, <see cref="DirectoryNotFoundException"/>).</exception>
    /// <exception cref="UnauthorizedAccessException">A csv may not be read.</exception>
    /// <exception cref="InvalidDataException">Columns are missing (all are named), or no row is usable (it says why).</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DetectionDataset Csv(string path, string? root = null, DetectionDatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new DetectionDatasetOptions();
        var reader = new DetectionCsvReader();
        reader.Read(path, options.IgnoredColumn, cancellationToken);
        if (options.CountsPath is not null)
        {
            reader.Read(options.CountsPath, null, cancellationToken);
        }

        string folder = root ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Directory.Exists(folder)
            ? reader.Build(Path.GetFullPath(folder), options.Name ?? Path.GetFileNameWithoutExtension(path))
            : throw new DirectoryNotFoundException($"The folder '{root}' does not exist.");
    }
}
