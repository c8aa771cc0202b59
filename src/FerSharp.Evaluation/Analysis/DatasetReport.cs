using System.Runtime.ExceptionServices;

namespace FerSharp.Evaluation;

/// <summary>What a data set is like: classes, sizes, pixels, mean faces, likeness, near-duplicates, faults. Immutable, thread-safe.</summary>
/// <remarks>
/// Pictures are loaded one at a time on all cores and freed; what stays is counts, sums, and the sample that is named in the options, so memory does not grow with the
/// pictures but for what <see cref="DatasetLeaks"/> holds, 1 KiB each. The same data, options and seed give the same report, whatever the number of threads.
/// </remarks>
public sealed class DatasetReport
{
    private DatasetReport()
    {
    }

    /// <summary>The parts, in the order in which they were given.</summary>
    public required IReadOnlyList<DatasetPart> Parts { get; init; }

    /// <summary>Pictures of each expression over all parts.</summary>
    public required ClassBalance Classes { get; init; }

    /// <summary>The mean face of each class that has a picture, over all parts, in enum order.</summary>
    public required IReadOnlyList<MeanFace> MeanFaces { get; init; }

    /// <summary>A picture chosen by the seed, whose histogram is <see cref="ExampleHistogram"/>; null where no picture could be loaded.</summary>
    public PictureReference? Example { get; private init; }

    /// <summary>The gray levels of <see cref="Example"/>.</summary>
    public IntensityHistogram? ExampleHistogram { get; private init; }

    /// <summary>How alike a few pictures are; null where fewer than two could be loaded.</summary>
    public PictureCorrelation? Correlation { get; private init; }

    /// <summary>A sample of pictures by their gray pixels (0 to 1) in the plane; null where it was not asked for or fewer than two could be loaded.</summary>
    public PcaProjection? PixelProjection { get; private init; }

    /// <summary>The same sample by its embeddings; null where <see cref="DatasetReportOptions.Embedding"/> gives none.</summary>
    public PcaProjection? EmbeddingProjection { get; private init; }

    /// <summary>Near-duplicates within each part, then between each two; empty where they were not looked for.</summary>
    public required IReadOnlyList<DuplicateSearch> Duplicates { get; init; }

    /// <summary>How the report was made.</summary>
    public required DatasetReportOptions Options { get; init; }

    /// <summary>Pictures for the document; null where none were asked for.</summary>
    internal DatasetPictures? Pictures { get; private init; }

    /// <summary>Looks at a data set.</summary>
    /// <param name="parts">Its parts, such as training and test; at least one; borrowed.</param>
    /// <param name="options">What to look at; null means the defaults.</param>
    /// <param name="progress">Told about the share of the work that is done, 0 to 1, rising, from any thread.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There are no parts, options are out of range, an id is not there, or embeddings differ in length or are not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold of <see cref="DatasetReportOptions.NearDuplicates"/> is out of its range.</exception>
    /// <exception cref="IOException">A picture that was there at first is gone.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DatasetReport Create(
        IReadOnlyList<FaceDataset> parts, DatasetReportOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Create(parts, options ?? new DatasetReportOptions(), progress, new ParallelOptions { CancellationToken = cancellationToken });

    /// <summary>The report as a document for people: charts, tables, mean faces of classes with at least 20 pictures; pictures of the data set where they were asked for.</summary>
    public ReportDocument ToDocument() => DatasetReportDocument.Of(this);

    /// <summary>Writes the report as JSON, without pixels and without the points of projections (<see cref="PcaProjection.ToCsv"/> has those). What is not defined is null.</summary>
    /// <returns>UTF-8 without byte order mark, lines ended by a line feed, in a new array.</returns>
    public byte[] ToJson() => DatasetReportJson.Write(this);

    internal static DatasetReport Create(IReadOnlyList<FaceDataset> parts, DatasetReportOptions options, IProgress<double>? progress, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(parts);
        options.ThrowIfInvalid();
        if (parts.Count == 0)
        {
            throw new ArgumentException("At least one part is needed.", nameof(parts));
        }

        foreach (FaceDataset part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
        }

        try
        {
            return Build(parts, options, new WorkProgress(progress, parts, options), parallel);
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions is [var single, ..])
        {
            // One failure ends the work; the first tells what happened, as it would without threads.
            ExceptionDispatchInfo.Throw(single);
            throw;
        }
    }

    private static DatasetReport Build(IReadOnlyList<FaceDataset> parts, DatasetReportOptions options, WorkProgress progress, ParallelOptions parallel)
    {
        PartScan[] scans = [.. parts.Select(part => PartScan.Read(part, options.Side, parallel, progress.PictureDone))];
        DatasetPart[] described = [.. scans.Zip(Names(parts)).Select((one, p) => one.First.ToPart(one.Second, parts[p]))];
        var means = new MeanFaceSums(options.Side);
        Array.ForEach(scans, scan => means.Add(scan.Means));

        var choice = new PictureChoice(parts, scans, options.Seed);
        PictureReference? example = choice.Take(1).FirstOrDefault();
        PictureReference[] compared = options.CorrelationIds.Count > 0 ? choice.Find(options.CorrelationIds) : choice.Take(options.CorrelationPictures);
        PictureReference[] sample = choice.Take(options.ProjectionPictures);
        PictureEmbedding pixels = PictureChoice.Pixels(options.Side);
        var correlation = PictureCorrelation.Of(options.Side, choice.Vectors(compared, pixels, parallel, () => { }));
        var pixelProjection = PcaProjection.Of($"{options.Side}x{options.Side} gray pixels", choice.Vectors(sample, pixels, parallel, progress.PictureDone), parallel);
        PcaProjection? embeddingProjection = options.Embedding is { } embedding
            ? PcaProjection.Of("embeddings", choice.Vectors(sample, embedding, parallel, progress.PictureDone), parallel)
            : null;
        DuplicateSearch[] duplicates = options.NearDuplicates is { } leaks ? FindDuplicates(parts, leaks, progress, parallel.CancellationToken) : [];
        var report = new DatasetReport
        {
            Parts = described,
            Classes = ClassBalance.Sum(described.Select(part => part.Classes)),
            MeanFaces = means.ToFaces(),
            Example = example,
            ExampleHistogram = example is null ? null : HistogramOf(choice, example),
            Correlation = correlation,
            PixelProjection = pixelProjection,
            EmbeddingProjection = embeddingProjection,
            Duplicates = duplicates,
            Options = options,
            Pictures = options.IncludePictures ? DatasetPictures.Load(parts, choice, options, example, correlation, duplicates) : null,
        };
        progress.Finish();
        return report;
    }

    private static DuplicateSearch[] FindDuplicates(IReadOnlyList<FaceDataset> parts, LeakOptions options, WorkProgress progress, CancellationToken cancellationToken)
    {
        var found = new List<DuplicateSearch>();
        foreach ((int first, int second) in WorkProgress.Searches(parts.Count))
        {
            found.Add(DuplicateSearch.Run(parts, first, second, options, cancellationToken));
            progress.SearchDone(first, second);
        }

        return [.. found];
    }

    private static IntensityHistogram HistogramOf(PictureChoice choice, PictureReference picture)
    {
        using Frame frame = choice.Load(picture);
        return IntensityHistogram.Of(frame.View);
    }

    /// <summary>A name of its own for each part.</summary>
    private static string[] Names(IReadOnlyList<FaceDataset> parts)
    {
        string[] names = [.. parts.Select(part => part.Info.Split.Length > 0 ? part.Info.Split : part.Info.Name)];
        return [.. names.Select((name, i) => names.Count(other => other == name) > 1 || name.Length == 0 ? $"{name} ({i + 1})".TrimStart() : name)];
    }
}
