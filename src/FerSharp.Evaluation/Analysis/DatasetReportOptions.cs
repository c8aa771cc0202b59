namespace FerSharp.Evaluation;

/// <summary>Gives the features of a face picture, such as the last layer of a network before its classes.</summary>
/// <param name="picture">A tight face crop; borrowed for the call.</param>
/// <param name="cancellationToken">Stops the work.</param>
/// <returns>The features: the same number for every picture, all finite.</returns>
public delegate float[] PictureEmbedding(in FrameView picture, CancellationToken cancellationToken);

/// <summary>What a <see cref="DatasetReport"/> looks at.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed record DatasetReportOptions
{
    /// <summary>Decides which pictures are in samples: the same seed, the same pictures, in whatever order they were read.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Whether pictures of the data set become part of the report's document: samples of each class, augmentations, near-identical pairs, and means over fewer than 20
    /// pictures. The document then shows faces of persons: treat the file as you treat the data.
    /// </summary>
    /// <value>Default false: nobody's face goes into a file unless you ask.</value>
    public bool IncludePictures { get; init; }

    /// <summary>Pictures of each class in the sample grid, 1 to 50.</summary>
    /// <value>Default 8.</value>
    public int SamplesPerClass { get; init; } = 8;

    /// <summary>Width and height in pixels to which gray versions of all pictures are stretched for mean faces, correlations and principal components, 8 to 128.</summary>
    /// <value>Default 48, the size of FER-2013.</value>
    public int Side { get; init; } = 48;

    /// <summary>Pictures in the correlation matrix where <see cref="CorrelationIds"/> names none, 2 to 16.</summary>
    /// <value>Default 6.</value>
    public int CorrelationPictures { get; init; } = 6;

    /// <summary>Ids of the pictures in the correlation matrix, 2 to 16; of equal ids the first part's picture is taken.</summary>
    /// <value>Default none: the seed chooses.</value>
    public IReadOnlyList<string> CorrelationIds { get; init; } = [];

    /// <summary>Pictures in the sample for principal components, 2 to 5000, or 0 for no such analysis. Their vectors are held in memory: 4 bytes a value.</summary>
    /// <value>Default 1000.</value>
    public int ProjectionPictures { get; init; } = 1000;

    /// <summary>
    /// Gives features for a second projection beside that of the pixels; called from several threads at once. An exception from it ends the analysis and comes out as it is.
    /// </summary>
    /// <value>Default null: pixels alone.</value>
    public PictureEmbedding? Embedding { get; init; }

    /// <summary>How near-identical pictures are looked for, within each part and between each two; null for not at all. The time grows with the square of the pictures.</summary>
    /// <value>Default: the defaults of <see cref="LeakOptions"/>.</value>
    public LeakOptions? NearDuplicates { get; init; } = new();

    internal void ThrowIfInvalid()
    {
        if (SamplesPerClass is < 1 or > 50 || Side is < 8 or > 128 || CorrelationPictures is < 2 or > 16 || ProjectionPictures is not (0 or (>= 2 and <= 5000)))
        {
            throw new ArgumentException(
                $"{nameof(SamplesPerClass)} is {SamplesPerClass} (1 to 50), {nameof(Side)} {Side} (8 to 128), {nameof(CorrelationPictures)} {CorrelationPictures} (2 to 16), "
                + $"{nameof(ProjectionPictures)} {ProjectionPictures} (2 to 5000, or 0); one is out of its range.");
        }

        if (CorrelationIds is null || CorrelationIds.Count is 1 or > 16 || CorrelationIds.Distinct().Count() != CorrelationIds.Count)
        {
            throw new ArgumentException($"{nameof(CorrelationIds)} must name 2 to 16 pictures, each once, or none.");
        }
    }
}
