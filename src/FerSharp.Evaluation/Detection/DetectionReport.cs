namespace FerSharp.Evaluation;

/// <summary>How a <see cref="DetectionReport"/> is made.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed record DetectionReportOptions
{
    /// <summary>The score threshold that the detector is used with, 0 to 1; not below the one that it ran with.</summary>
    /// <value>Default null: the one that it ran with. Then the curve ends there, too.</value>
    public float? ScoreThreshold { get; init; }

    /// <summary>Least intersection over union of a hit, above 0 to 1.</summary>
    /// <value>Default 0.5 (Pascal VOC, WIDER FACE).</value>
    public double Overlap { get; init; } = 0.5;

    /// <summary>
    /// Least size of a face that counts, in pixels (<see cref="TrueFace.Size"/>), at least 0. Smaller ones are ignored, and so is a detection that finds no face and is smaller
    /// itself (as COCO's evaluation does, Lin et al. 2014): without that, every small face that was found and not asked for would be false.
    /// </summary>
    /// <value>Default 0.</value>
    public double MinimumFaceSize { get; init; }

    /// <summary>Precision at which <see cref="DetectionReport.AtPrecision"/> is taken, 0 to 1.</summary>
    /// <value>Default 0.9.</value>
    public double Precision { get; init; } = 0.9;

    /// <summary>False detections for each picture at which <see cref="DetectionReport.AtFalseBoxes"/> is taken, at least 0.</summary>
    /// <value>Default 1.</value>
    public double FalseBoxesPerPicture { get; init; } = 1;

    /// <summary>Rising limits between the sizes of faces in pixels.</summary>
    /// <value>Default null: 16, 32, 64 and 128.</value>
    public IReadOnlyList<double>? SizeLimits { get; init; }

    /// <summary>How the intervals are drawn.</summary>
    public BootstrapOptions Bootstrap { get; init; } = new();

    /// <summary>Confidence level of the intervals, above 0 and below 1.</summary>
    /// <value>Default 0.95.</value>
    public double Level { get; init; } = 0.95;
}

/// <summary>How well a detector does on a data set. Immutable.</summary>
/// <remarks>Pictures that could not be loaded are in no figure; they are counted in <see cref="Unreadable"/> and named in <see cref="Faults"/>.</remarks>
public sealed record DetectionReport
{
    private DetectionReport(DetectionSet set, DetectionReportOptions options, CancellationToken cancellationToken)
    {
        (Model, Dataset, Faults, Elapsed, LowestScore) = (set.Model, set.Dataset, set.Faults, set.Elapsed, set.LowestScore);
        ScoreThreshold = options.ScoreThreshold ?? set.LowestScore;
        Options = options;
        DetectedPicture[] read = [.. set.Pictures.Where(picture => picture.Found is not null)];
        (Pictures, Unreadable) = (read.Length, set.Pictures.Count - read.Length);
        Full = read.Count(picture => picture.Found!.Count == set.MaxFaces);
        DetectedPicture[] boxed = [.. read.Where(picture => picture.Sample.FaceCount is null)];
        if (boxed.Length > 0)
        {
            var matches = new DetectionMatches([.. boxed.Select(picture => new DetectionPicture(picture.Sample.Faces, picture.Found!))], options.Overlap, options.MinimumFaceSize);
            Boxes = DetectionMetrics.Of(matches, ScoreThreshold, options.SizeLimits);
            AtPrecision = Boxes.ForPrecision(options.Precision);
            AtFalseBoxes = Boxes.ForFalseBoxes(options.FalseBoxesPerPicture);
            Landmarks = LandmarkErrors.Of(matches, ScoreThreshold);
            Intervals = DetectionIntervals.Of(matches, [.. boxed.Select(picture => picture.Sample.Subject)], ScoreThreshold, options, cancellationToken);
        }

        Counts = FaceCounts.Of(read.Where(picture => picture.Sample.FaceCount is not null), ScoreThreshold);
    }

    /// <summary>The model, with the score threshold that it ran with.</summary>
    public ModelInfo Model { get; }

    /// <summary>SHA-256 of the model file, from its manifest; null where that does not say.</summary>
    public string? ModelSha256 => Model.Manifest.Sha256;

    /// <summary>The data set, with its hash.</summary>
    public DatasetInfo Dataset { get; }

    /// <summary>Number of pictures that were searched.</summary>
    public int Pictures { get; }

    /// <summary>Number of pictures that could not be loaded.</summary>
    public int Unreadable { get; }

    /// <summary>Number of pictures in which the most faces that were asked for were found: there may be more, and the curve is cut.</summary>
    public int Full { get; }

    /// <summary>The score threshold of all figures but the curve, its average precision and its points.</summary>
    public float ScoreThreshold { get; }

    /// <summary>Least score that the detector gave out: the curve ends there. With 0.02 or less little of it is missing.</summary>
    public float LowestScore { get; }

    /// <summary>What was asked for.</summary>
    public DetectionReportOptions Options { get; }

    /// <summary>Recall, precision, average precision, misses by size, false boxes and the curve, over the pictures with boxes and those without faces; null where there are none.</summary>
    public DetectionMetrics? Boxes { get; }

    /// <summary>The point of the highest recall at the wanted precision; null where no threshold reaches it, or without boxes.</summary>
    public PrecisionRecallPoint? AtPrecision { get; }

    /// <summary>The point of the highest recall at the allowed number of false boxes for each picture; null where there are always more, or without boxes.</summary>
    public PrecisionRecallPoint? AtFalseBoxes { get; }

    /// <summary>Intervals of the figures over boxes; null without boxes.</summary>
    public DetectionIntervals? Intervals { get; }

    /// <summary>Errors of the landmarks of the faces that were found; null where no face has both true and found points.</summary>
    public LandmarkErrors? Landmarks { get; }

    /// <summary>Faces by number, over the pictures of which no box is known; null where there are none.</summary>
    public FaceCounts? Counts { get; }

    /// <summary>Rows and files that could not be used: counted and named, never silently left out.</summary>
    public IReadOnlyList<DatasetFault> Faults { get; }

    /// <summary>How long the run took, loading included.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The report as a document for people.</summary>
    public ReportDocument ToDocument() => DetectionDocument.Of([this]);

    /// <summary>Several detectors on the same pictures, side by side.</summary>
    /// <param name="reports">The reports.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reports"/> is null.</exception>
    /// <exception cref="ArgumentException">There are none, or they are on different data.</exception>
    public static ReportDocument ToDocument(IReadOnlyList<DetectionReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        MetricInput.NotEmpty(reports.Count, nameof(reports));
        return reports.All(report => report.Dataset.Sha256 == reports[0].Dataset.Sha256)
            ? DetectionDocument.Of(reports)
            : throw new ArgumentException("The reports are on different data. Run all detectors on the same pictures.", nameof(reports));
    }

    /// <summary>The report as JSON for machines, kind <c>fersharp.detection</c>, schema 1: every property by its name in camel case.</summary>
    /// <returns>UTF-8 in a new array.</returns>
    public byte[] ToJson() => ResultJson.Write("fersharp.detection", 1, this);

    /// <summary>Makes the report; the intervals are drawn on all cores.</summary>
    /// <param name="set">What the detector found.</param>
    /// <param name="options">Thresholds and intervals; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the intervals' resampling.</param>
    /// <exception cref="ArgumentNullException"><paramref name="set"/> is null.</exception>
    /// <exception cref="ArgumentException">The score threshold lies below the one that the detector ran with, no picture could be loaded, limits do not rise, or a detection or a true box is no box.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static DetectionReport Of(DetectionSet set, DetectionReportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        options ??= new DetectionReportOptions();
        MetricInput.Share(options.ScoreThreshold ?? 0, nameof(options));
        MetricInput.Level(options.Level, nameof(options));
        if (!(options.MinimumFaceSize >= 0 && double.IsFinite(options.MinimumFaceSize)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MinimumFaceSize, "The least size of a face must be a finite number from 0 up.");
        }

        if (options.ScoreThreshold < set.LowestScore)
        {
            throw new ArgumentException($"The detector ran with the score threshold {set.LowestScore}, so nothing is known down to {options.ScoreThreshold}. Run it with a lower one.", nameof(options));
        }

        return set.Pictures.Any(picture => picture.Found is not null)
            ? new DetectionReport(set, options, cancellationToken)
            : throw new ArgumentException($"No picture of '{set.Dataset.Name}' could be loaded. {set.Faults.Count} faults say why.", nameof(set));
    }
}
