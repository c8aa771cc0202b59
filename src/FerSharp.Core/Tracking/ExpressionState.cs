namespace FerSharp.Tracking;

/// <summary>Which expression a track has: hysteresis over smoothed scores, with a minimum duration.</summary>
internal struct ExpressionState
{
    private Emotion? _candidate;
    private Peak _candidatePeak, _peak;
    private TimeSpan _candidateSince;

    public Emotion? Current { get; private set; }

    /// <summary>Takes in smoothed scores and reports what changed.</summary>
    public void Decide(TimeSpan timestamp, in EmotionScores scores, EmotionSmootherOptions options, EmotionSmoother owner, int trackId)
    {
        if (Current is { } current)
        {
            _peak.Raise(scores[current], timestamp);
            if (scores[current] < options.LeaveScore)
            {
                End(timestamp, scores[current], owner, trackId);
            }
        }

        Emotion top = scores.Top;
        if (top == Current || scores[top] < options.EnterScore)
        {
            _candidate = null;
            return;
        }

        if (_candidate != top)
        {
            (_candidate, _candidateSince, _candidatePeak) = (top, timestamp, new Peak { Onset = scores[top] });
        }

        _candidatePeak.Raise(scores[top], timestamp);
        if (timestamp - _candidateSince >= options.MinimumDuration)
        {
            if (Current is { } former)
            {
                End(timestamp, scores[former], owner, trackId);
            }

            (Current, _peak, _candidate) = (top, _candidatePeak, null);
            owner.Report(new ExpressionPhaseEvent(trackId, top, ExpressionPhase.Onset, _candidateSince, _peak.Onset));
        }
    }

    /// <summary>Ends the expression, if there is one.</summary>
    public void End(TimeSpan timestamp, float score, EmotionSmoother owner, int trackId)
    {
        _candidate = null;
        if (Current is { } ended)
        {
            Current = null;
            owner.Report(new ExpressionPhaseEvent(trackId, ended, ExpressionPhase.Apex, _peak.Timestamp, _peak.Score));
            owner.Report(new ExpressionPhaseEvent(trackId, ended, ExpressionPhase.Offset, timestamp, score));
        }
    }

    private struct Peak
    {
        public float Onset, Score;
        public TimeSpan Timestamp;

        public void Raise(float score, TimeSpan timestamp)
        {
            if (score > Score)
            {
                (Score, Timestamp) = (score, timestamp);
            }
        }
    }
}
