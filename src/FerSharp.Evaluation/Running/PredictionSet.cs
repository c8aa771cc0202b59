namespace FerSharp.Evaluation;

/// <summary>What a model made of a data set. Immutable.</summary>
/// <param name="Model">The model.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="Predictions">One prediction for each labelled sample, in the data set's order.</param>
/// <param name="Faults">Rows and files that could not be used, from reading the data set and from loading its pictures.</param>
/// <param name="Elapsed">How long the run took, loading included.</param>
public sealed record PredictionSet(ModelInfo Model, DatasetInfo Dataset, IReadOnlyList<Prediction> Predictions, IReadOnlyList<DatasetFault> Faults, TimeSpan Elapsed)
{
    /// <summary>How many sound pictures the data set left out on request, by the rule that did it. Empty where none.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; init; } = new Dictionary<string, int>();

    /// <summary>The detector that found the faces; null where the pictures are face crops and were read whole.</summary>
    public ModelInfo? Detector { get; init; }

    /// <summary>The expressions that answers were restricted to by <see cref="Within"/>; null where the model's own answers stand.</summary>
    public EmotionSet? AnswersWithin { get; init; }

    /// <summary>The predictions that have a reading.</summary>
    public IEnumerable<Prediction> Read => Predictions.Where(prediction => prediction.Status == PredictionStatus.Read);

    /// <summary>Share of the samples that have a reading, 0 to 1.</summary>
    public double Coverage => Predictions.Count == 0 ? 0 : (double)Read.Count() / Predictions.Count;

    /// <summary>Samples per second, loading included.</summary>
    public double SamplesPerSecond => Predictions.Count / Elapsed.TotalSeconds;

    /// <summary>
    /// The same run with answers from a smaller set of expressions: the scores of all others are dropped, the rest is scaled to sum 1. So an
    /// eight-class model is measured on seven-class labels. A reading that gave all to the dropped ones becomes even over <paramref name="classes"/>.
    /// </summary>
    /// <param name="classes">The expressions that may be answered.</param>
    /// <returns>A new set; this one stays as it is.</returns>
    /// <exception cref="ArgumentException"><paramref name="classes"/> is empty, or lacks a true label: leave such samples out by <see cref="FaceDatasetOptions.Classes"/>.</exception>
    public PredictionSet Within(EmotionSet classes)
    {
        if (classes.Count == 0)
        {
            throw new ArgumentException("There are no classes.", nameof(classes));
        }

        foreach (Prediction prediction in Predictions)
        {
            if (!classes.Contains(prediction.Truth))
            {
                throw new ArgumentException(
                    $"Sample '{prediction.Id}' is labelled {prediction.Truth}, which is not among the classes {classes}. Leave such samples out when the data set is read.", nameof(classes));
            }
        }

        return this with
        {
            // What an earlier restriction dropped stays dropped.
            AnswersWithin = AnswersWithin is { } earlier ? new EmotionSet([.. classes.ToArray().Where(emotion => earlier.Contains(emotion))]) : classes,
            Predictions = [.. Predictions.Select(prediction => prediction.Status == PredictionStatus.Read ? prediction with { Scores = Restrict(prediction.Scores, classes) } : prediction)],
        };
    }

    private static EmotionScores Restrict(in EmotionScores scores, EmotionSet classes)
    {
        Span<float> kept = stackalloc float[EmotionScores.Count];
        double sum = 0;
        foreach (Emotion emotion in classes.ToArray())
        {
            sum += kept[(int)emotion] = scores[emotion];
        }

        foreach (Emotion emotion in classes.ToArray())
        {
            kept[(int)emotion] = sum > 0 ? (float)(kept[(int)emotion] / sum) : 1f / classes.Count;
        }

        return new EmotionScores(kept, scores.Valence, scores.Arousal);
    }
}
