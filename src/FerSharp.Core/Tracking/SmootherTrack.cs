namespace FerSharp.Tracking;

/// <summary>The smoothing of one track. Reused for another track once it ended.</summary>
internal sealed class SmootherTrack
{
    /// <summary>Eight scores, valence and arousal.</summary>
    private const int Length = EmotionScores.Count + 2;

    private readonly double[] _sum = new double[Length], _weight = new double[Length], _last = new double[Length];
    private readonly NeutralBaseline _baseline = new();
    private ExpressionState _expression;
    private EmotionScores _scores;
    private TimeSpan _lastReading;

    public int Id { get; private set; }

    public TimeSpan LastUpdate { get; private set; }

    public void Start(int id, EmotionSmootherOptions options)
    {
        (Id, _expression, _scores) = (id, default, default);
        _baseline.Start(options.NeutralBaseline.TotalSeconds);
    }

    public SmoothedEmotion Update(TimeSpan timestamp, in EmotionScores scores, bool usable, EmotionSmoother.Settings settings, EmotionSmoother owner)
    {
        EmotionSmootherOptions options = settings.Options;
        LastUpdate = timestamp;
        bool hasReading = !_scores.IsEmpty;
        if (hasReading && timestamp - _lastReading > options.MaxGap)
        {
            End(owner);
            hasReading = false;
        }

        if (usable)
        {
            double seconds = hasReading ? (timestamp - _lastReading).TotalSeconds : 0;
            // What was smoothed before the baseline was known does not belong to what comes after.
            bool anew = (!_baseline.IsReady && _baseline.Learn(scores, seconds)) || !hasReading;
            SmoothedEmotion before = new(_lastReading, anew ? default : _scores, null, true);
            Mix(scores, anew ? 0 : seconds, options.TimeConstant.TotalSeconds, settings.Factors);
            _lastReading = timestamp;
            if (_baseline.IsReady)
            {
                _expression.Decide(before, new SmoothedEmotion(timestamp, _scores, null, true), options, owner, Id);
            }
        }

        return new SmoothedEmotion(timestamp, _scores, _expression.Current, usable);
    }

    public void End(EmotionSmoother owner)
    {
        if (_expression.Current is { } current)
        {
            _expression.End(_lastReading, _scores[current], owner, Id);
        }

        _expression = default;
    }

    /// <summary>
    /// The exponential mean of a signal that runs straight from reading to reading, exact for any spacing (Eckner, Algorithms for Unevenly Spaced Time
    /// Series: Moving Averages and Other Rolling Operators, 2017, EMA_lin): <c>w mean + (v - w) last + (1 - v) new</c> with <c>w = exp(-t / tau)</c>,
    /// <c>v = (1 - w) tau / t</c>. Divided by the weight of what was seen, so that a track's first frame counts no more than any other.
    /// </summary>
    private void Mix(in EmotionScores scores, double seconds, double timeConstant, ReadOnlySpan<double> sensitivity)
    {
        Span<double> values = stackalloc double[Length];
        double total = 0;
        for (int e = 0; e < EmotionScores.Count; e++)
        {
            values[e] = scores[(Emotion)e] * sensitivity[e] * _baseline.FactorOf(e);
            total += values[e];
        }

        for (int e = 0; e < EmotionScores.Count; e++)
        {
            values[e] /= total;
        }

        (values[EmotionScores.Count], values[EmotionScores.Count + 1]) = (scores.Valence, scores.Arousal);
        bool starts = seconds <= 0 || timeConstant <= 0;
        double w = starts ? 0 : Math.Exp(-seconds / timeConstant);
        // Clamped because 1 - w loses its digits where frames follow at once.
        double v = starts ? 0 : Math.Clamp((1 - w) * timeConstant / seconds, w, 1);
        Span<float> mean = stackalloc float[Length];
        for (int i = 0; i < Length; i++)
        {
            // Valence and arousal may be missing in a reading: then their mean starts with the next that has them.
            bool startsHere = starts || double.IsNaN(_last[i] + values[i]);
            _sum[i] = startsHere ? 0 : (w * _sum[i]) + ((v - w) * _last[i]) + ((1 - v) * values[i]);
            _weight[i] = startsHere ? 0 : (w * _weight[i]) + (1 - w);
            mean[i] = (float)(_weight[i] > 0 ? _sum[i] / _weight[i] : values[i]);
            _last[i] = values[i];
        }

        _scores = new EmotionScores(mean[..EmotionScores.Count], mean[EmotionScores.Count], mean[EmotionScores.Count + 1]);
    }
}
