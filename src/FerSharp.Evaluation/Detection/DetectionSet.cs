namespace FerSharp.Evaluation;

/// <summary>What a detector found in one picture.</summary>
/// <param name="Sample">The picture and its true faces.</param>
/// <param name="Found">The detections, best score first; null where the picture could not be loaded.</param>
public readonly record struct DetectedPicture(DetectionSample Sample, IReadOnlyList<FaceDetection>? Found);

/// <summary>What a detector found in a data set. Immutable.</summary>
/// <param name="Model">The model, with the score threshold that it ran with.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="Pictures">What was found in each picture, in the data set's order.</param>
/// <param name="Faults">Rows and files that could not be used, from reading the data set and from loading its pictures.</param>
/// <param name="MaxFaces">Most faces that were asked for in a picture.</param>
/// <param name="Elapsed">How long the run took, loading included.</param>
public sealed record DetectionSet(ModelInfo Model, DatasetInfo Dataset, IReadOnlyList<DetectedPicture> Pictures, IReadOnlyList<DatasetFault> Faults, int MaxFaces, TimeSpan Elapsed)
{
    /// <summary>Least score that the detector gave out, as its manifest says; 0 where it does not say.</summary>
    public float LowestScore => Model.Manifest.Detector?.ScoreThreshold ?? 0;

    /// <summary>Pictures per second, loading included.</summary>
    public double PicturesPerSecond => Pictures.Count / Elapsed.TotalSeconds;
}
