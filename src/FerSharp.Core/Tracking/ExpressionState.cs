namespace FerSharp.Tracking;

/// <summary>Which expression a track has: hysteresis over smoothed scores, with a minimum duration.</summary>
internal struct ExpressionState
{
    private Emotion? _candidate;
    private Peak _candidatePeak, _peak;
    private TimeSpan _candidateSince;
    private float _formerScore;

    public Emotion? Current { get; private set; }

    /// <summary>Takes in smoothed scores and reports what changed. Thresholds are crossed between frames, not at them: else begin and end would depend on the frame rate.</summary>
    /// <param name="before">The smoothed scores before; empty ones where there are none.</param>
    /// <param name="now">The smoothed scores now.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="owner">Who reports.</param>
    /// <param name="trackId">The track.</param>
    public void Decide(in SmoothedEmotion before, in SmoothedEmotion now, EmotionSmootherOptions options, EmotionSmoother owner, int trackId)
    {
        TimeSpan timestamp = now.Timestamp;
        if (Current is { } current)
        {
            _peak.Raise(now.Scores[current], timestamp);
            if (now.Scores[current] < options.LeaveScore)
            {
                (TimeSpan time, float score) = _candidate is null ? Crossing(before, now, current, (float)options.LeaveScore) : (_candidateSince, _formerScore);
                End(time, score, owner, trackId);
            }
        }

        Emotion top = now.Scores.Top;
        if (top == Current || now.Scores[top] < options.EnterScore)
        {
            _candidate = null;
            return;
        }

        if (_candidate != top)
        {
            _candidate = top;
            _candidatePeak = default;
            (_candidateSince, _candidatePeak.Onset) = Crossing(before, now, top, (float)options.EnterScore);
            _formerScore = Current is { } giving ? now.Scores[giving] : 0;
        }

        _candidatePeak.Raise(now.Scores[top], timestamp);
        if (timestamp - _candidateSince >= options.MinimumDuration)
        {
            if (Current is not null)
            {
                End(_candidateSince, _formerScore, owner, trackId);
            }

            (Current, _peak, _candidate) = (top, _candidatePeak, null);
            owner.Report(new ExpressionPhaseEvent(trackId, top, ExpressionPhase.Onset, _candidateSince, _peak.Onset));
        }
    }

    /// <summary>Ends the expression, if there is one. Where the next has begun, the time is that of its begin.</summary>
    public void End(TimeSpan timestamp, float score, EmotionSmoother owner, int trackId)
    {
        if (Current is { } ended)
        {
            Current = null;
            owner.Report(new ExpressionPhaseEvent(trackId, ended, ExpressionPhase.Apex, _peak.Timestamp, _peak.Score));
            owner.Report(new ExpressionPhaseEvent(trackId, ended, ExpressionPhase.Offset, timestamp, score));
        }
    }

    /// <summary>When a score passed a threshold on its straight way between two frames; the later frame where it did not pass it on the way.</summary>
    private static (TimeSpan Time, float Score) Crossing(in SmoothedEmotion before, in SmoothedEmotion now, Emotion emotion, float threshold)
    {
        float from = before.Scores[emotion], to = now.Scores[emotion];
        bool passed = !before.Scores.IsEmpty && from < threshold != to < threshold;
        return passed ? (before.Timestamp + ((now.Timestamp - before.Timestamp) * ((threshold - from) / (to - from))), threshold) : (now.Timestamp, to);
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
