namespace FerSharp.History;

/// <summary>What is added up over a track or a session.</summary>
internal sealed class TimelineTotals
{
    private readonly double[] _sums = new double[EmotionScores.Count];
    private readonly double[] _expressionSeconds = new double[EmotionScores.Count];
    private double _seconds;
    private TimeSpan _from = TimeSpan.MaxValue, _to = TimeSpan.MinValue;
    private int _tracks;

    public void Begin(TimeSpan timestamp) => (_tracks, _from, _to) = (1, timestamp, timestamp);

    public void See(TimeSpan timestamp) => _to = timestamp;

    public void Add(ReadOnlySpan<float> scores, double seconds)
    {
        for (int e = 0; e < _sums.Length; e++)
        {
            _sums[e] += seconds * scores[e];
        }

        _seconds += seconds;
    }

    public void Add(Emotion expression, double seconds) => _expressionSeconds[(int)expression] += seconds;

    public void Add(TimelineTotals other)
    {
        for (int e = 0; e < _sums.Length; e++)
        {
            _sums[e] += other._sums[e];
            _expressionSeconds[e] += other._expressionSeconds[e];
        }

        _seconds += other._seconds;
        _tracks += other._tracks;
        _from = other._from < _from ? other._from : _from;
        _to = other._to > _to ? other._to : _to;
    }

    public TimelineSummary ToSummary()
    {
        Span<float> sums = stackalloc float[EmotionScores.Count];
        var expressions = new SortedDictionary<Emotion, TimeSpan>();
        for (int e = 0; e < sums.Length; e++)
        {
            sums[e] = (float)_sums[e];
            if (_expressionSeconds[e] > 0)
            {
                expressions.Add((Emotion)e, TimeSpan.FromSeconds(_expressionSeconds[e]));
            }
        }

        return _tracks == 0
            ? new TimelineSummary(TimeSpan.Zero, TimeSpan.Zero, 0, TimeSpan.Zero, default, expressions)
            : new TimelineSummary(_from, _to, _tracks, TimeSpan.FromSeconds(_seconds), ScoreSum.Normalized(sums), expressions);
    }
}
