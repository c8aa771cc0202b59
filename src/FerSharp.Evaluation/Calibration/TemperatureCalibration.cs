namespace FerSharp.Evaluation;

/// <summary>How <see cref="TemperatureCalibration"/> divides one data set.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed record CalibrationSplit
{
    /// <summary>Share of the pictures that the temperature is fitted on, above 0 and below 1; the rest is reported on.</summary>
    /// <value>Default 0.5.</value>
    public double FittingFraction { get; init; } = 0.5;

    /// <summary>Any number; another one gives other parts.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Tags whose equal values mark copies of one picture; they come into the same part.</summary>
    /// <value>Default <c>dup_group</c>.</value>
    public IReadOnlyCollection<string> CopyTags { get; init; } = ["dup_group"];

    /// <summary>How copies that no tag marks are looked for (<see cref="DatasetLeaks"/>); they come into the same part. Null: they are not looked for.</summary>
    /// <value>Default: with the default threshold.</value>
    public LeakOptions? Copies { get; init; } = new();
}

/// <summary>Fits a classifier's temperature on one part of the data and reports on another. Thread-safe.</summary>
public static class TemperatureCalibration
{
    /// <summary>Name of the part that is fitted on.</summary>
    public const string FittingPart = "calibration-fit";

    /// <summary>Name of the part that is reported on.</summary>
    public const string ReportingPart = "calibration-report";

    /// <summary>Divides the labelled pictures of a data set into a part to fit on and a part to report on.</summary>
    /// <remarks>
    /// Classes have the same shares in both. All pictures of a subject, and all copies of a picture, are in the same part; where there are none of either, each class is divided to a picture
    /// (<see cref="DatasetSplits.Stratified"/>), else as nearly as the groups allow (<see cref="DatasetSplits.BySubject"/>). Pictures that cannot be loaded are no copies of any.
    /// The same data set, options and seed give the same parts on every machine.
    /// </remarks>
    /// <param name="dataset">The data set.</param>
    /// <param name="split">How to divide it; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the search for copies.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction or the threshold is out of its range.</exception>
    /// <exception cref="ArgumentException">No picture has a label, or a part would be empty.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (FaceDataset Fitting, FaceDataset Reporting) Divide(FaceDataset dataset, CalibrationSplit? split = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        split ??= new CalibrationSplit();
        if (!(split.FittingFraction is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(split), split.FittingFraction, "The share to fit on must be above 0 and below 1.");
        }

        int[] labelled = [.. Enumerable.Range(0, dataset.Samples.Count).Where(i => dataset.Samples[i].Label.HasValue)];
        if (labelled.Length == 0)
        {
            throw new ArgumentException($"No sample of '{dataset.Info.Name}' has a label, so there is nothing to calibrate by.", nameof(dataset));
        }

        FaceDataset whole = labelled.Length == dataset.Samples.Count ? dataset : dataset.Subset(labelled, dataset.Info.Split);
        SplitPart[] parts = [new(FittingPart, split.FittingFraction), new(ReportingPart, 1 - split.FittingFraction)];
        var groups = new Grouped(whole, Groups(whole, split, cancellationToken));
        IReadOnlyList<FaceDataset> divided = groups.IsTrivial ? DatasetSplits.Stratified(whole, parts, split.Seed) : DatasetSplits.BySubject(groups, parts, split.Seed);

        // The parts are taken from the data set itself, whose samples keep their own subjects.
        Dictionary<string, int> positions = Enumerable.Range(0, whole.Samples.Count).ToDictionary(i => whole.Samples[i].Id);
        FaceDataset[] own = [.. divided.Select(part => whole.Subset([.. part.Samples.Select(sample => positions[sample.Id])], part.Info.Split))];
        return (own[0], own[1]);
    }

    /// <summary>Divides a data set, reads both parts, fits on the one and reports on the other: calibration with a single validation set.</summary>
    /// <param name="classifier">The classifier; borrowed.</param>
    /// <param name="dataset">The validation set; never the test set that results are published on.</param>
    /// <param name="split">How to divide it; null for the defaults.</param>
    /// <param name="options">How to run the classifier; null for the defaults.</param>
    /// <param name="progress">Told how many samples are done, over both parts, from any thread.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentNullException"><paramref name="classifier"/> or <paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">As with <see cref="Divide"/>, options out of range, or a part of which nothing was read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static CalibrationResult Run(
        IEmotionClassifier classifier, FaceDataset dataset, CalibrationSplit? split = null, EvaluationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        (FaceDataset fitting, FaceDataset reporting) = Divide(dataset, split, cancellationToken);
        return Run(classifier, fitting, reporting, options, progress, cancellationToken);
    }

    /// <summary>Reads two parts, fits on the one and reports on the other.</summary>
    /// <param name="classifier">The classifier; borrowed.</param>
    /// <param name="fitting">The part to fit on.</param>
    /// <param name="reporting">The part to report on.</param>
    /// <param name="options">How to run the classifier; null for the defaults.</param>
    /// <param name="progress">Told how many samples are done, over both parts, from any thread.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentNullException">The classifier or a part is null.</exception>
    /// <exception cref="ArgumentException">Options out of range, or a part of which nothing was read.</exception>
    /// <exception cref="InvalidOperationException">Both parts are the same, by hash or by content.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static CalibrationResult Run(
        IEmotionClassifier classifier, FaceDataset fitting, FaceDataset reporting, EvaluationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(fitting);
        ArgumentNullException.ThrowIfNull(reporting);
        PredictionSet first = EvaluationRunner.Run(classifier, fitting, options, progress, cancellationToken);
        int done = first.Predictions.Count;
        PredictionSet second = EvaluationRunner.Run(classifier, reporting, options, progress is null ? null : new Shifted(progress, done), cancellationToken);
        var fit = TemperatureFit.Fit(Scored(first), first.Dataset);
        return new CalibrationResult(classifier.Model, fit, fit.Report(Scored(second), second.Dataset), [.. first.Faults.Union(second.Faults)]);
    }

    private static ScoredSamples Scored(PredictionSet set)
    {
        Prediction[] read = [.. set.Read];
        return read.Length > 0
            ? new ScoredSamples(Array.ConvertAll(read, one => one.Truth), Array.ConvertAll(read, one => one.Scores))
            : throw new ArgumentException($"No picture of '{set.Dataset.Name}' {set.Dataset.Split} could be read; the faults and the detector say why.", nameof(set));
    }

    // The first position of each picture's group: joined by subject, by tag and by likeness.
    private static int[] Groups(FaceDataset dataset, CalibrationSplit split, CancellationToken cancellationToken)
    {
        int[] parent = [.. Enumerable.Range(0, dataset.Samples.Count)];
        var firsts = new Dictionary<(string, string), int>();
        for (int i = 0; i < parent.Length; i++)
        {
            FaceSample sample = dataset.Samples[i];
            if (sample.Subject is { } subject)
            {
                JoinBy("", subject, i);
            }

            foreach (string tag in split.CopyTags)
            {
                if (sample.Tags.TryGetValue(tag, out string? value))
                {
                    JoinBy(tag, value, i);
                }
            }
        }

        if (split.Copies is not null)
        {
            foreach (LeakPair pair in DatasetLeaks.FindWithin(dataset, split.Copies, cancellationToken).Pairs)
            {
                Join(pair.First, pair.Second);
            }
        }

        return [.. parent.Select((_, i) => Root(i))];

        void JoinBy(string kind, string value, int i)
        {
            if (!firsts.TryAdd((kind, value), i))
            {
                Join(firsts[(kind, value)], i);
            }
        }

        void Join(int a, int b)
        {
            (a, b) = (Root(a), Root(b));
            parent[Math.Max(a, b)] = Math.Min(a, b);
        }

        int Root(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }

            return i;
        }
    }

    /// <summary>A data set whose subjects are the groups, named by the id of their first picture.</summary>
    private sealed class Grouped(FaceDataset dataset, int[] groups)
        : FaceDataset(dataset.Info, [.. dataset.Samples.Select((sample, i) => sample with { Subject = dataset.Samples[groups[i]].Id })], [])
    {
        public bool IsTrivial { get; } = !groups.Where((group, i) => group != i).Any();

        public override Frame Load(int index) => dataset.Load(index);
    }

    private sealed class Shifted(IProgress<int> progress, int done) : IProgress<int>
    {
        public void Report(int value) => progress.Report(done + value);
    }
}
