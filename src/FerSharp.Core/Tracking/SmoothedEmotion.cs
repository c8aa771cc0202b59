namespace FerSharp;

/// <summary>A track's steadied reading at one time. A value.</summary>
/// <param name="Timestamp">The frame's time.</param>
/// <param name="Scores">The smoothed scores; those of the last usable reading where this frame had none; empty where there was none yet.</param>
/// <param name="Expression">The track's expression; null while none is clear.</param>
/// <param name="IsFresh">Whether this frame's reading went into it; false where the face was of low quality.</param>
public readonly record struct SmoothedEmotion(TimeSpan Timestamp, EmotionScores Scores, Emotion? Expression, bool IsFresh);

/// <summary>The temporal phases of an expression that are reported.</summary>
public enum ExpressionPhase
{
    /// <summary>The expression began.</summary>
    Onset = 0,

    /// <summary>It was strongest. Known only afterwards, so it is reported together with the offset.</summary>
    Apex = 1,

    /// <summary>The expression ended.</summary>
    Offset = 2,
}

/// <summary>The begin, height or end of an expression of a track. A value.</summary>
/// <param name="TrackId">The track.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Phase">Begin, height or end.</param>
/// <param name="Timestamp">When it was, before the frame that reports it: begin and end are interpolated between frames.</param>
/// <param name="Score">The smoothed score at that time; at an offset that a gap brought about, the last one known.</param>
public readonly record struct ExpressionPhaseEvent(int TrackId, Emotion Expression, ExpressionPhase Phase, TimeSpan Timestamp, float Score);
