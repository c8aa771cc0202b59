namespace FerSharp.Evaluation;

/// <summary>What a model made of one sample.</summary>
/// <param name="Id">The sample's id.</param>
/// <param name="Truth">The true expression.</param>
/// <param name="Status">Whether there is a reading.</param>
/// <param name="Scores">The reading; empty (default) unless the status is <see cref="PredictionStatus.Read"/>.</param>
public readonly record struct Prediction(string Id, Emotion Truth, PredictionStatus Status, EmotionScores Scores)
{
    /// <summary>Who is in the picture, where that is known: <see cref="FaceSample.Subject"/>.</summary>
    public string? Subject { get; init; }
}

/// <summary>Whether there is a reading for a sample.</summary>
public enum PredictionStatus
{
    /// <summary>The classifier read the face.</summary>
    Read = 0,

    /// <summary>The detector found no face: an error of the whole pipeline.</summary>
    FaceMissed = 1,

    /// <summary>The picture could not be loaded.</summary>
    Unreadable = 2,
}
