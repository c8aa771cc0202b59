namespace FerSharp;

/// <summary>A stretch of time in which a track had one expression. A value.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="From">Its begin.</param>
/// <param name="To">Its end; for the last segment of a track that goes on, the last reading.</param>
/// <param name="MeanScore">Mean of the expression's score over that time, 0 to 1.</param>
public readonly record struct TimelineSegment(Emotion Expression, TimeSpan From, TimeSpan To, float MeanScore);

/// <summary>Mean scores of a track over a short time. A value.</summary>
/// <param name="From">Begin of the bin.</param>
/// <param name="To">End of the bin.</param>
/// <param name="Covered">For how much of it the face was seen and readable; above 0.</param>
/// <param name="MeanScores">Mean of the scores over the covered time.</param>
public readonly record struct TimelineBin(TimeSpan From, TimeSpan To, TimeSpan Covered, EmotionScores MeanScores);

/// <summary>Mean scores of a group over a short time: nobody's own. A value.</summary>
/// <param name="From">Begin of the bin.</param>
/// <param name="To">End of the bin.</param>
/// <param name="Tracks">Over how many tracks the mean goes; at least the minimum group size that was asked for.</param>
/// <param name="MeanScores">Mean of the tracks' mean scores, each track counting the same.</param>
public readonly record struct TimelineGroupBin(TimeSpan From, TimeSpan To, int Tracks, EmotionScores MeanScores);

/// <summary>What a track or a whole session comes down to. Immutable.</summary>
/// <param name="From">Time of the first reading.</param>
/// <param name="To">Time of the last reading.</param>
/// <param name="Tracks">How many tracks it is about.</param>
/// <param name="Covered">For how long faces were seen and readable, added up over tracks.</param>
/// <param name="MeanScores">Mean of the scores over the covered time; empty where there is none.</param>
/// <param name="ExpressionTime">For how long each expression was a track's expression, added up over tracks; those that never were are left out.</param>
public sealed record TimelineSummary(TimeSpan From, TimeSpan To, int Tracks, TimeSpan Covered, EmotionScores MeanScores, IReadOnlyDictionary<Emotion, TimeSpan> ExpressionTime)
{
    /// <summary>Whether the mean scores read as positive, neutral or negative.</summary>
    public Sentiment Sentiment => Sentiment.FromScores(MeanScores);
}

/// <summary>A track's history at the time of the call. Immutable; holds no pixels and nothing that identifies a person.</summary>
/// <param name="Id">The track's number.</param>
/// <param name="Summary">The track as a whole.</param>
/// <param name="Segments">Its expressions, oldest first.</param>
/// <param name="Detail">Fine bins of the last minutes, oldest first; those in which the face was not seen are left out.</param>
/// <param name="Overview">Coarse bins of the whole session, oldest first; those in which the face was not seen are left out.</param>
public sealed record TimelineTrack(int Id, TimelineSummary Summary, IReadOnlyList<TimelineSegment> Segments, IReadOnlyList<TimelineBin> Detail, IReadOnlyList<TimelineBin> Overview);

/// <summary>A timeline's content at the time of the call. Immutable; what is deleted from the timeline later stays in it.</summary>
/// <param name="Summary">The session as a whole, tracks that are no longer kept included.</param>
/// <param name="Tracks">The tracks that are kept, by number.</param>
public sealed record TimelineSnapshot(TimelineSummary Summary, IReadOnlyList<TimelineTrack> Tracks);
