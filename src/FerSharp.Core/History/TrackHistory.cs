namespace FerSharp.History;

/// <summary>The history of one track: a ring of fine bins, a list of coarse ones, and segments. Everything is allocated when the track begins.</summary>
internal sealed class TrackHistory
{
    private readonly EmotionTimelineOptions _options;
    private readonly ScoreSum[] _detail, _overview;
    private readonly TimelineSegment[] _segments;
    private EmotionScores _lastScores;
    private int _overviewCount, _overviewShift;
    private long _segmentCount;
    private Emotion? _expression;
    private TimeSpan _expressionSince;
    private double _expressionSum, _expressionSeconds;

    public TrackHistory(int id, EmotionTimelineOptions options, int overviewShift)
    {
        (Id, _options, _overviewShift) = (id, options, overviewShift);
        // One more than are complete: the bin that is being filled.
        _detail = new ScoreSum[options.DetailBins + 1];
        Array.Fill(_detail, new ScoreSum { Index = -1 });
        _overview = new ScoreSum[options.OverviewBins];
        _segments = new TimelineSegment[options.MaxSegments];
    }

    public int Id { get; }

    /// <summary>Time of the last call, with or without a reading.</summary>
    public TimeSpan LastUpdate { get; private set; } = TimeSpan.MinValue;

    /// <summary>Time of the last reading.</summary>
    public TimeSpan LastReading { get; private set; } = TimeSpan.MinValue;

    public bool HasReading => !_lastScores.IsEmpty;

    public TimelineTotals Totals { get; } = new();

    /// <summary>The expression that the track has, since when; null while none is clear.</summary>
    public (Emotion Expression, TimeSpan Since)? Current => _expression is { } expression ? (expression, _expressionSince) : null;

    /// <summary>How many segments there were; grows with every one that ends.</summary>
    public long SegmentCount => _segmentCount;

    public TimelineSegment? LastSegment => _segmentCount > 0 ? _segments[(_segmentCount - 1) % _segments.Length] : null;

    public void Add(in SmoothedEmotion reading, TimeSpan origin)
    {
        TimeSpan time = reading.Timestamp;
        LastUpdate = time;
        if (HasReading && time - LastReading > _options.MaxGap)
        {
            EndSegment(LastReading);
        }

        if (!reading.IsFresh || reading.Scores.IsEmpty)
        {
            if (reading.Expression is null)
            {
                EndSegment(LastReading);
            }

            return;
        }

        if (!HasReading)
        {
            Totals.Begin(time);
        }
        else if (time - LastReading <= _options.MaxGap)
        {
            Cover(reading.Scores, LastReading - origin, time - origin);
        }

        Totals.See(time);
        if (reading.Expression != _expression)
        {
            EndSegment(time);
            (_expression, _expressionSince) = (reading.Expression, time);
        }

        (LastReading, _lastScores) = (time, reading.Scores);
    }

    /// <summary>Makes the overview's bins twice as long.</summary>
    public void Coarsen()
    {
        int kept = 0;
        for (int i = 0; i < _overviewCount; i++)
        {
            ScoreSum bin = _overview[i];
            bin.Index >>= 1;
            if (kept > 0 && _overview[kept - 1].Index == bin.Index)
            {
                _overview[kept - 1].Add(bin);
            }
            else
            {
                _overview[kept++] = bin;
            }
        }

        _overviewCount = kept;
        _overviewShift++;
    }

    /// <summary>The fine bin at a place; one with no covered time where the face was not seen, or where it was too long ago.</summary>
    public ScoreSum DetailAt(long index)
    {
        ScoreSum bin = index < 0 ? default : _detail[index % _detail.Length];
        return bin.Index == index ? bin : default;
    }

    public ReadOnlySpan<ScoreSum> Overview => _overview.AsSpan(0, _overviewCount);

    public TimelineTrack ToTrack(TimeSpan origin)
    {
        TimelineSegment[] open = _expression is { } expression && _expressionSeconds > 0 ? [OpenSegment(expression, LastReading)] : [];
        int kept = (int)Math.Min(_segmentCount, _segments.Length);
        TimelineSegment[] segments = [.. Enumerable.Range(0, kept).Select(i => _segments[(_segmentCount - kept + i) % _segments.Length]), .. open];
        TimelineBin[] detail = [.. _detail.Where(bin => bin.Seconds > 0).OrderBy(bin => bin.Index).Select(bin => ToBin(bin, _options.Resolution, origin))];
        TimelineBin[] overview = [.. _overview.Take(_overviewCount).Select(bin => ToBin(bin, _options.Resolution * (1L << _overviewShift), origin))];
        return new TimelineTrack(Id, Summarize(), segments, detail, overview);
    }

    public TimelineSummary Summarize()
    {
        TimelineTotals totals = new();
        AddTo(totals);
        return totals.ToSummary();
    }

    /// <summary>Adds the track with the expression that goes on.</summary>
    public void AddTo(TimelineTotals totals)
    {
        totals.Add(Totals);
        if (_expression is { } expression)
        {
            totals.Add(expression, _expressionSeconds);
        }
    }

    private static TimelineBin ToBin(in ScoreSum bin, TimeSpan width, TimeSpan origin)
    {
        TimeSpan from = origin + (width * bin.Index), covered = TimeSpan.FromSeconds(bin.Seconds);
        return new TimelineBin(from, from + width, covered < width ? covered : width, bin.MeanScores());
    }

    /// <summary>Spreads the mean of two readings over the bins between them.</summary>
    private void Cover(in EmotionScores scores, TimeSpan from, TimeSpan to)
    {
        Span<float> mean = stackalloc float[EmotionScores.Count];
        for (int e = 0; e < mean.Length; e++)
        {
            mean[e] = (_lastScores[(Emotion)e] + scores[(Emotion)e]) / 2;
        }

        double seconds = (to - from).TotalSeconds;
        Totals.Add(mean, seconds);
        if (_expression is { } expression)
        {
            _expressionSum += mean[(int)expression] * seconds;
            _expressionSeconds += seconds;
        }

        long width = _options.Resolution.Ticks;
        for (long index = from.Ticks / width; index * width < to.Ticks; index++)
        {
            long begin = Math.Max(from.Ticks, index * width), end = Math.Min(to.Ticks, (index + 1) * width);
            float part = (float)TimeSpan.FromTicks(end - begin).TotalSeconds;
            ref ScoreSum bin = ref _detail[index % _detail.Length];
            bin = bin.Index == index ? bin : new ScoreSum { Index = index };
            bin.Add(mean, part);
            long coarse = index >> _overviewShift;
            if (_overviewCount == 0 || _overview[_overviewCount - 1].Index != coarse)
            {
                _overview[_overviewCount++] = new ScoreSum { Index = coarse };
            }

            _overview[_overviewCount - 1].Add(mean, part);
        }
    }

    private TimelineSegment OpenSegment(Emotion expression, TimeSpan to) => new(expression, _expressionSince, to, (float)(_expressionSum / _expressionSeconds));

    private void EndSegment(TimeSpan time)
    {
        if (_expression is { } expression && _expressionSeconds > 0)
        {
            _segments[_segmentCount++ % _segments.Length] = OpenSegment(expression, time);
            Totals.Add(expression, _expressionSeconds);
        }

        (_expression, _expressionSum, _expressionSeconds) = (null, 0, 0);
    }
}
