namespace FerSharp.Evaluation;

/// <summary>How a classifier, or a detector with it, does on groups of people. Immutable.</summary>
/// <remarks>
/// Each tag of <see cref="FaceSample.Tags"/> divides the samples into groups; samples without the tag are in none. That no difference was found
/// never means that there is none: look at how wide the intervals are.
/// </remarks>
public sealed record FairnessReport
{
    private FairnessReport()
    {
    }

    /// <summary>The classifier.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>The data set that was read.</summary>
    public required DatasetInfo Dataset { get; init; }

    /// <summary>Confidence level of all intervals.</summary>
    public required double Level { get; init; }

    /// <summary>Groups with fewer pictures were not compared.</summary>
    public required int MinimumCount { get; init; }

    /// <summary>Pictures that could not be loaded: part of no figure.</summary>
    public required int Unreadable { get; init; }

    /// <summary>The tags, in the order of their names.</summary>
    public required IReadOnlyList<TagFairness> Tags { get; init; }

    /// <summary>How the figures came about, a sentence each; where nothing can be said at all, the first says so.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The report as a document for people.</summary>
    public ReportDocument ToDocument() => FairnessDocument.Of(this);

    /// <summary>The report as JSON for machines, kind <c>fersharp.fairness</c>, schema 1: every property by its name in camel case.</summary>
    /// <returns>UTF-8 in a new array.</returns>
    public byte[] ToJson() => ResultJson.Write("fersharp.fairness", 1, this);

    /// <summary>Compares the groups of each tag.</summary>
    /// <param name="predictions">What the model made of the data set.</param>
    /// <param name="dataset">The data set that was read, or one that holds its samples: it knows tags and subjects.</param>
    /// <param name="options">Which tags, how many pictures a group needs; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ArgumentNullException"><paramref name="predictions"/> or <paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no prediction of a loaded picture, the data set lacks a prediction's sample or gives it another label, or the options name a
    /// tag that no sample has.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">Options out of range.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static FairnessReport Of(PredictionSet predictions, FaceDataset dataset, FairnessOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new FairnessOptions();
        options.ThrowIfInvalid();
        Prediction[] loaded = [.. predictions.Predictions.Where(prediction => prediction.Status != PredictionStatus.Unreadable)];
        MetricInput.NotEmpty(loaded.Length, nameof(predictions));
        FaceSample[] samples = Join(loaded, dataset);
        string[] present = [.. samples.SelectMany(sample => sample.Tags.Keys).Distinct().Order(StringComparer.Ordinal)];
        string[] unknown = [.. (options.Tags ?? []).Concat(options.PseudoLabelTags).Except(present)];
        if (unknown.Length > 0)
        {
            throw new ArgumentException(
                $"No sample has the tag {string.Join(", ", unknown.Select(tag => $"'{tag}'"))}. The tags are: {(present.Length > 0 ? string.Join(", ", present) : "none")}.", nameof(options));
        }

        bool bySubject = samples.Any(sample => sample.Subject is not null);
        var comparison = new GroupComparison(loaded, samples, options);
        TagFairness[] tags = [.. present.Where(tag => options.Tags is null || options.Tags.Contains(tag)).Select(tag => comparison.Of(tag, cancellationToken))];
        List<string> notes = tags.Length == 0 ? ["Nothing can be said about groups: there is no tag to look at."] : [];
        notes.Add(bySubject
            ? "Bootstrap intervals and tests are drawn by subject; Wilson's intervals take pictures for independent."
            : "Bootstrap intervals and tests are drawn by picture, within each class; nothing is known of subjects, so several pictures of one person make intervals too narrow.");
        notes.Add("A missed face is a wrong answer. Each tag is a family of tests of its own: with many tags, one in twenty at a level of 0.95 shows a difference by chance.");
        return new FairnessReport
        {
            Model = predictions.Model,
            Dataset = predictions.Dataset,
            Level = options.Level,
            MinimumCount = options.MinimumCount,
            Unreadable = predictions.Predictions.Count - loaded.Length,
            Tags = tags,
            Notes = notes,
        };
    }

    private static FaceSample[] Join(Prediction[] predictions, FaceDataset dataset)
    {
        Dictionary<string, FaceSample> byId = dataset.Samples.ToDictionary(sample => sample.Id);
        return [.. predictions.Select(prediction =>
            byId.TryGetValue(prediction.Id, out FaceSample? sample) && sample.Label == prediction.Truth
                ? sample
                : throw new ArgumentException($"'{dataset.Info.Name}' has no sample '{prediction.Id}' with the label {prediction.Truth}. Give the data set that the predictions were made of.", nameof(dataset)))];
    }
}
