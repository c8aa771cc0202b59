using System.Globalization;

namespace FerSharp.Evaluation;

/// <summary>Runs a classifier over a data set whose pictures are blurred, darkened, compressed, turned, reduced and covered.</summary>
/// <remarks>
/// The kinds and the fixed severities follow the idea of Hendrycks and Dietterich (Benchmarking Neural Network Robustness to Common
/// Corruptions and Perturbations, 2019); the strengths are our own. Every run loads its pictures anew, so memory does not grow with them, and
/// the result does not depend on the number of threads.
/// </remarks>
public static class RobustnessRunner
{
    /// <summary>Reads every labelled sample unchanged and with each perturbation.</summary>
    /// <param name="classifier">The classifier; borrowed. Its own concurrency should be at least <see cref="EvaluationOptions.Threads"/>.</param>
    /// <param name="dataset">The data set; borrowed.</param>
    /// <param name="options">What to do; null means the default grid.</param>
    /// <param name="progress">Told how many pictures are done, from any thread; in the end labelled samples times (perturbations + 1).</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentNullException"><paramref name="classifier"/> or <paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range, or no sample has a label.</exception>
    /// <exception cref="InvalidDataException">No picture could be loaded; the first reason is given.</exception>
    /// <exception cref="InvalidOperationException">JPEG is among the perturbations and Skia's native library is missing or does not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static RobustnessReport Run(
        IEmotionClassifier classifier, FaceDataset dataset, RobustnessOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new RobustnessOptions();
        options.ThrowIfInvalid();
        using var rule = new AnswerRule(classifier.Model, options.Analyzer);
        int[] labelled = [.. Enumerable.Range(0, dataset.Samples.Count).Where(i => dataset.Samples[i].Label.HasValue)];
        var faces = new RectF?[dataset.Samples.Count];
        int runs = 0;

        Reading Read(FaceDataset pictures, bool unchanged)
        {
            var reasons = new OutcomeReasons[labelled.Length];
            PredictionSet predictions = EvaluationRunner.Run(
                classifier,
                pictures,
                options.Evaluation,
                (int position, in FaceRegion face, in EmotionScores scores) =>
                {
                    reasons[position] = rule.Judge(face, scores);
                    if (unchanged && !face.IsWhole)
                    {
                        faces[labelled[position]] = face.Face.Box;
                    }
                },
                progress is null ? null : new Onwards(progress, labelled.Length * runs),
                cancellationToken);
            runs++;
            return new Reading([.. predictions.Predictions], reasons, predictions.Faults);
        }

        Reading clean = Read(dataset, unchanged: true);
        if (clean.Predictions.All(prediction => prediction.Status == PredictionStatus.Unreadable))
        {
            throw new InvalidDataException($"No picture of '{dataset.Info.Name}' could be loaded. The first: {clean.Faults[^1].Where}: {clean.Faults[^1].Reason}");
        }

        string?[] subjects = [.. labelled.Select(i => dataset.Samples[i].Subject)];
        bool located = faces.Any(face => face.HasValue);
        RobustnessRow[] rows =
        [
            .. options.Perturbations.Select(perturbation =>
                Compare(clean, Read(new PerturbedDataset(dataset, perturbation, options.Seed, located ? faces : null), unchanged: false), perturbation, subjects, options, cancellationToken)),
        ];
        return new RobustnessReport(
            classifier.Model, options.Evaluation.Detector?.Model, dataset.Info, options.Seed, Compare(clean, clean, null, subjects, options, cancellationToken), rows, Notes(options, subjects));
    }

    private static RobustnessRow Compare(Reading clean, Reading worse, Perturbation? perturbation, string?[] subjects, RobustnessOptions options, CancellationToken cancellationToken)
    {
        int[] loaded = [.. Enumerable.Range(0, subjects.Length).Where(i =>
            clean.Predictions[i].Status != PredictionStatus.Unreadable && worse.Predictions[i].Status != PredictionStatus.Unreadable)];
        if (loaded.Length == 0)
        {
            throw new InvalidDataException($"No picture could be loaded again for {perturbation}; the files have gone since the run began.");
        }

        Prediction[] before = [.. loaded.Select(i => clean.Predictions[i])], after = [.. loaded.Select(i => worse.Predictions[i])];
        Bootstrap bootstrap = subjects.Any(subject => subject is not null)
            ? Bootstrap.BySubject([.. loaded.Select(i => subjects[i])], options.Bootstrap)
            : Bootstrap.Stratified([.. after.Select(prediction => prediction.Truth)], options.Bootstrap);
        IReadOnlyList<BootstrapDistribution> drawn = bootstrap.Run(
            3,
            (indices, values) =>
            {
                AnswerTally first = AnswerTally.Of(before, indices), second = AnswerTally.Of(after, indices);
                values[0] = second.MacroF1(EmotionSet.All);
                values[1] = first.Accuracy - second.Accuracy;
                values[2] = first.MacroF1(EmotionSet.All) - values[0];
            },
            cancellationToken);
        return new RobustnessRow
        {
            Perturbation = perturbation,
            Count = loaded.Length,
            Unreadable = subjects.Length - loaded.Length,
            Accuracy = Interval.Wilson(after.Count(prediction => AnswerTally.AnswerTo(prediction) == prediction.Truth), loaded.Length, options.Level),
            MacroF1 = drawn[0].Interval(options.Level),
            AccuracyDrop = drawn[1].Interval(options.Level),
            MacroF1Drop = drawn[2].Interval(options.Level),
            Abstention = new AbstentionMetrics([.. loaded.Select(i => (worse.Predictions[i], worse.Reasons[i]))], options.Level),
        };
    }

    private static string[] Notes(RobustnessOptions options, string?[] subjects)
    {
        EmotionAnalyzerOptions analyzer = options.Analyzer;
        return
        [
            options.Evaluation.Detector is null
                ? "Each picture was read whole, as a face crop."
                : "Faces were looked for in every picture, the largest was read; a missed face is a wrong answer. Strengths that are lengths are measured on the face found in the unchanged picture.",
            string.Create(CultureInfo.InvariantCulture, $"No answer is given where the face is smaller than {analyzer.MinFaceSize} pixels, darker than {analyzer.MinBrightness}, less sharp than {analyzer.MinSharpness}, or the top score is below {analyzer.MinTopScore}."),
            subjects.Any(subject => subject is not null)
                ? "Intervals of macro F1 and of drops are drawn by subject; Wilson's take pictures for independent."
                : "Intervals of macro F1 and of drops are drawn by picture, within each class; nothing is known of subjects.",
        ];
    }

    private sealed record Reading(Prediction[] Predictions, OutcomeReasons[] Reasons, IReadOnlyList<DatasetFault> Faults);

    /// <summary>Progress of one run among several.</summary>
    private sealed class Onwards(IProgress<int> progress, int start) : IProgress<int>
    {
        public void Report(int value) => progress.Report(start + value);
    }
}
