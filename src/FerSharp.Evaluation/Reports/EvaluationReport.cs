namespace FerSharp.Evaluation;

/// <summary>The whole result of an evaluation: what was measured on what with what, and every figure. Immutable, thread-safe.</summary>
/// <remarks>
/// All figures follow from the predictions, so a report that is written and read again is the same report. Figures are taken over the samples
/// that have a reading; <see cref="Coverage"/> counts those that have none.
/// </remarks>
public sealed class EvaluationReport
{
    private readonly Lazy<ClassificationIntervals> _intervals;
    private readonly Lazy<IReadOnlyDictionary<string, Interval>> _figureIntervals;

    private EvaluationReport(PredictionSet predictions, ReportOptions options, ReportEnvironment environment, DateTimeOffset created)
    {
        (Predictions, Options, Environment, Created) = (predictions, options, environment, created);
        Prediction[] read = [.. predictions.Read];
        Samples = new ScoredSamples([.. read.Select(prediction => prediction.Truth)], [.. read.Select(prediction => prediction.Scores)]);
        Coverage = CoverageMetrics.Of(predictions.Predictions, options.Level);
        Metrics = ClassificationMetrics.Of(Samples);
        Calibration = CalibrationMetrics.Of(Samples);
        RiskCoverage = RiskCoverage.Of(Samples);
        FocusCurve = PrecisionRecallCurve.Of(Samples, options.Focus);
        BySubject = read.Any(prediction => prediction.Subject is not null);
        Bootstrap = BySubject
            ? Bootstrap.BySubject([.. read.Select(prediction => prediction.Subject)], options.Bootstrap)
            : Bootstrap.Stratified(Samples.Truth, options.Bootstrap);
        _intervals = new Lazy<ClassificationIntervals>(() => ClassificationIntervals.Of(Samples, Bootstrap, options.Level));
        Figures = ReportFigure.Of(this);
        _figureIntervals = new Lazy<IReadOnlyDictionary<string, Interval>>(() => ReportFigure.IntervalsOf(this));
    }

    /// <summary>The model, the data set, and what the one made of the other.</summary>
    public PredictionSet Predictions { get; }

    /// <summary>How the figures were computed.</summary>
    public ReportOptions Options { get; }

    /// <summary>Where and with what the report was made.</summary>
    public ReportEnvironment Environment { get; }

    /// <summary>When the report was made.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>SHA-256 of the model's file; null where its manifest does not give it: then the report does not say which weights it is about.</summary>
    public string? ModelSha256 => Predictions.Model.Manifest.Sha256;

    /// <summary>Truths and probabilities of the samples that have a reading.</summary>
    public ScoredSamples Samples { get; }

    /// <summary>How many samples have a reading, and accuracy with the others counted as errors.</summary>
    public CoverageMetrics Coverage { get; }

    /// <summary>All point estimates and the confusion matrix.</summary>
    public ClassificationMetrics Metrics { get; }

    /// <summary>Intervals of the headline figures, by a bootstrap over subjects where they are known, else stratified by class. Computed when first asked for.</summary>
    public ClassificationIntervals Intervals => _intervals.Value;

    /// <summary>Whether the bootstrap draws subjects with all their pictures.</summary>
    public bool BySubject { get; }

    /// <summary>Calibration with 15 bins.</summary>
    public CalibrationMetrics Calibration { get; }

    /// <summary>What abstaining buys.</summary>
    public RiskCoverage RiskCoverage { get; }

    /// <summary>Precision and recall of the expression in focus at every threshold.</summary>
    public PrecisionRecallCurve FocusCurve { get; }

    /// <summary>All point estimates by name: what comparisons and gates go by.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; }

    /// <summary>The intervals of those figures that have one, by name. Computed when first asked for: a bootstrap.</summary>
    public IReadOnlyDictionary<string, Interval> FigureIntervals => _figureIntervals.Value;

    /// <summary>How intervals are drawn.</summary>
    internal Bootstrap Bootstrap { get; }

    /// <summary>Computes a report.</summary>
    /// <param name="predictions">What <see cref="EvaluationRunner"/> gave.</param>
    /// <param name="options">How to compute; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="predictions"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Options out of range, no sample has a reading (it says how many faces were missed and pictures unreadable), two samples have the same id,
    /// or a label is no defined expression.
    /// </exception>
    public static EvaluationReport Create(PredictionSet predictions, ReportOptions? options = null)
    {
        options ??= new ReportOptions();
        return Create(predictions, options, ReportEnvironment.Current, options.Clock.GetUtcNow());
    }

    /// <summary>The report as a document for people.</summary>
    /// <param name="pictures">
    /// The data set that was read: pictures of it, errors and hits, become part of the document. Null for none: nobody's face goes into a file unless you ask.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="pictures"/> is not the data set that was read: its hash is another, or it lacks a sample.</exception>
    /// <exception cref="IOException">A picture cannot be loaded any more.</exception>
    /// <exception cref="InvalidDataException">A picture was damaged since it was read.</exception>
    public ReportDocument ToDocument(FaceDataset? pictures = null) => EvaluationDocument.Of(this, pictures);

    /// <summary>Writes the report as JSON, with every prediction. See docs/evaluation.md for the schema.</summary>
    /// <returns>UTF-8 without byte order mark, lines ended by a line feed, in a new array.</returns>
    public byte[] ToJson() => EvaluationJsonWriter.Write(this);

    /// <summary>Reads a report that <see cref="ToJson"/> wrote, and computes its figures anew from its predictions.</summary>
    /// <param name="json">The text in UTF-8. Borrowed for the call.</param>
    /// <exception cref="InvalidDataException">
    /// Not JSON, another schema, something is missing or out of range, or figures do not follow from the predictions: the file was changed by hand.
    /// </exception>
    public static EvaluationReport FromJson(ReadOnlySpan<byte> json) => EvaluationJsonReader.Read(json);

    internal static EvaluationReport Create(PredictionSet predictions, ReportOptions options, ReportEnvironment environment, DateTimeOffset created)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        options.ThrowIfInvalid();
        if (!predictions.Read.Any())
        {
            throw new ArgumentException(
                $"None of the {predictions.Predictions.Count} samples has a reading ({predictions.Predictions.Count(p => p.Status == PredictionStatus.FaceMissed)} faces missed, "
                + $"{predictions.Predictions.Count(p => p.Status == PredictionStatus.Unreadable)} pictures unreadable), so there is nothing to report. Check the data set's files, and the detector where there is one.",
                nameof(predictions));
        }

        CheckSamples(predictions.Predictions);
        return new EvaluationReport(predictions, options, environment, created);
    }

    private static void CheckSamples(IReadOnlyList<Prediction> predictions)
    {
        var ids = new HashSet<string>(predictions.Count, StringComparer.Ordinal);
        foreach (Prediction prediction in predictions)
        {
            if (!ids.Add(prediction.Id))
            {
                throw new ArgumentException($"Two samples have the id '{prediction.Id}'. An id names one sample of its data set.", nameof(predictions));
            }

            if (prediction.Truth > Emotion.Contempt)
            {
                throw new ArgumentException($"The label {(int)prediction.Truth} of sample '{prediction.Id}' is no defined expression.", nameof(predictions));
            }
        }
    }
}
