namespace FerSharp.Evaluation;

/// <summary>What a model made of a data set. Immutable.</summary>
/// <param name="Model">The model.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="Predictions">One prediction for each labelled sample, in the data set's order.</param>
/// <param name="Faults">Rows and files that could not be used, from reading the data set and from loading its pictures.</param>
/// <param name="Elapsed">How long the run took, loading included.</param>
public sealed record PredictionSet(ModelInfo Model, DatasetInfo Dataset, IReadOnlyList<Prediction> Predictions, IReadOnlyList<DatasetFault> Faults, TimeSpan Elapsed)
{
    /// <summary>The predictions that have a reading.</summary>
    public IEnumerable<Prediction> Read => Predictions.Where(prediction => prediction.Status == PredictionStatus.Read);

    /// <summary>Share of the samples that have a reading, 0 to 1.</summary>
    public double Coverage => Predictions.Count == 0 ? 0 : (double)Read.Count() / Predictions.Count;

    /// <summary>Samples per second, loading included.</summary>
    public double SamplesPerSecond => Predictions.Count / Elapsed.TotalSeconds;
}
