namespace FerSharp.MLNet;

/// <summary>
/// Trains a classifier's head on labelled faces of your own: features stay as they are, and a small model is fitted from them to expressions, in
/// seconds to minutes on a CPU. Algorithms and settings are compared by stratified cross-validation; the best is trained on all faces, with a
/// temperature from the folds.
/// </summary>
/// <remarks>Stateless and thread-safe. A training runs on the calling thread.</remarks>
public static class EmotionHeadTrainer
{
    /// <summary>Trains a head on faces.</summary>
    /// <param name="faces">The faces; enumerated once. A picture is borrowed until the next face is asked for.</param>
    /// <param name="features">Describes them; borrowed. The head is saved with what makes its rows: the network of an <see cref="MLNetFaceEmbedder"/>, or the parameters of an extractor from <see cref="FeatureExtractors"/> that takes no reader of shapes.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="progress">Hears how far it is; null for none.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <returns>The head; the caller disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="faces"/> or <paramref name="features"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Options out of range; no faces; labels that are no expressions (all are listed); fewer than two expressions; an expression with too few
    /// faces or groups for the folds (all are listed); more rows than a k-NN head can keep.
    /// </exception>
    /// <exception cref="FerModelException">LightGBM is among the algorithms and its native library cannot be loaded; the message says what is missing.</exception>
    /// <exception cref="FerInferenceException">The features' network failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EmotionHead Train(
        IEnumerable<LabelledFace> faces, IFaceFeatureExtractor features, HeadTrainingOptions? options = null, IProgress<HeadTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new HeadTrainingOptions();
        options.ThrowIfInvalid();
        return Train(FeatureTable.Extract(faces, features, progress, cancellationToken), options, progress, cancellationToken);
    }

    /// <summary>Trains a head on rows that were made before.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="progress">Hears how far it is; null for none.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <returns>The head; the caller disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="table"/> is null.</exception>
    /// <exception cref="ArgumentException">As for faces.</exception>
    /// <exception cref="FerModelException">As for faces.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EmotionHead Train(FeatureTable table, HeadTrainingOptions? options = null, IProgress<HeadTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new HeadTrainingOptions();
        options.ThrowIfInvalid();
        var data = new HeadData(table, options);
        HeadSetting[] settings = [.. options.Algorithms.Distinct().SelectMany(HeadSetting.Of)];
        var fitter = new HeadFitter(data.Rows, data.Classes, data.Groups, data.Weights, data.Labels, options.Seed);
        var candidates = new List<HeadCandidate>();
        float[][] bestScores = [];
        int best = 0, done = 0;
        foreach (HeadSetting setting in settings)
        {
            var scores = new float[data.Rows.Length][];
            for (int fold = 0; fold < options.Folds; fold++)
            {
                ScoreFold(fitter, setting, data, fold, scores, cancellationToken);
                progress?.Report(new HeadTrainingProgress(HeadTrainingStage.CrossValidation, ++done, settings.Length * options.Folds));
            }

            HeadCandidate candidate = HeadMetrics.Measure(setting.Algorithm, setting.Text, scores, data.Classes, data.Labels.Length);
            candidates.Add(candidate);
            if (candidates.Count == 1 || candidate.Value(options.Metric) > candidates[best].Value(options.Metric))
            {
                (best, bestScores) = (candidates.Count - 1, scores);
            }
        }

        byte[] file = fitter.Fit(settings[best], [.. Enumerable.Range(0, data.Rows.Length)], cancellationToken);
        progress?.Report(new HeadTrainingProgress(HeadTrainingStage.Final, 1, 1));
        float temperature = HeadMetrics.FitTemperature(bestScores, data.Classes);
        return new EmotionHead(data.Describe(table, options, candidates[best], temperature, file), file, table.Source.Backbone, candidates, best);
    }

    /// <summary>Trains without a fold and writes the probabilities of its rows.</summary>
    private static void ScoreFold(HeadFitter fitter, HeadSetting setting, HeadData data, int fold, float[][] scores, CancellationToken cancellationToken)
    {
        int[] all = [.. Enumerable.Range(0, data.Rows.Length)];
        byte[] file = fitter.Fit(setting, [.. all.Where(row => data.Folds[row] != fold)], cancellationToken);
        using RowModel model = HeadFile.Read(file, "fold", $"fold{HeadData.ExtensionOf(setting.Algorithm)}", data.Rows[0].Length, data.Labels);
        using RowEngine engine = model.CreateEngine();
        foreach (int row in all.Where(row => data.Folds[row] == fold))
        {
            cancellationToken.ThrowIfCancellationRequested();
            data.Rows[row].CopyTo(engine.Input);
            engine.Run();
            scores[row] = engine.Outputs[0].ToArray();
        }
    }
}
