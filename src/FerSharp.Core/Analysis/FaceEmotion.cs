namespace FerSharp;

/// <summary>One face of a picture with the reading of its expression.</summary>
/// <param name="Face">Where the face is.</param>
/// <param name="Scores">How the face looks to the model; given for every outcome, to be trusted only where the outcome is <see cref="FaceOutcome.Ok"/>.</param>
/// <param name="Outcome">Whether the reading can be used.</param>
/// <param name="Reasons">Why not, where it cannot.</param>
/// <param name="Quality">What was measured on the face's pixels.</param>
public readonly record struct FaceEmotion(FaceDetection Face, EmotionScores Scores, FaceOutcome Outcome, OutcomeReasons Reasons, FaceQuality Quality)
{
    /// <summary>The track's number, from 1: the same in every frame in which the stream takes the face for the same. 0 where the face has none (yet), and outside of streams.</summary>
    public int TrackId { get; init; }

    /// <summary>The track's steadied reading; its scores are empty where <see cref="TrackId"/> is 0 and while the track had no usable reading.</summary>
    public SmoothedEmotion Smoothed { get; init; }

    /// <summary>Whether the expression reads as positive, neutral or negative: derived from <see cref="Scores"/> by the rule in <see cref="FerSharp.Sentiment.FromScores"/>.</summary>
    public Sentiment Sentiment => Sentiment.FromScores(Scores);
}

/// <summary>Whether the reading of a face can be used.</summary>
public enum FaceOutcome
{
    /// <summary>The face meets the quality thresholds and the top score is high enough.</summary>
    Ok = 0,

    /// <summary>The pixels are too few, too dark or too blurred for a reading to mean anything.</summary>
    LowQuality = 1,

    /// <summary>The pixels are good enough, but the calibrated top score is below the threshold: the model does not know.</summary>
    Uncertain = 2,
}

/// <summary>Why a reading cannot be used; several may apply.</summary>
[Flags]
public enum OutcomeReasons
{
    /// <summary>No reason: the outcome is Ok.</summary>
    None = 0,

    /// <summary>The shorter side of the box is below <see cref="EmotionAnalyzerOptions.MinFaceSize"/>.</summary>
    TooSmall = 1,

    /// <summary>The mean luma of the face is below <see cref="EmotionAnalyzerOptions.MinBrightness"/>.</summary>
    TooDark = 2,

    /// <summary>The sharpness of the face is below <see cref="EmotionAnalyzerOptions.MinSharpness"/>.</summary>
    TooBlurred = 4,

    /// <summary>The top score is below <see cref="EmotionAnalyzerOptions.MinTopScore"/>.</summary>
    LowTopScore = 8,
}

/// <summary>What was measured on a face's pixels.</summary>
/// <param name="Size">Shorter side of the box, in pixels of the source picture.</param>
/// <param name="Brightness">Mean luma inside the box, 0 to 255.</param>
/// <param name="Sharpness">Share of fine detail in the face's contrast, 0 and up, measured on a reduced gray picture of the face; see <see cref="EmotionAnalyzerOptions.MinSharpness"/>.</param>
public readonly record struct FaceQuality(float Size, float Brightness, float Sharpness);
