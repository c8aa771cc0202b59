using FerSharp.History;

namespace FerSharp;

/// <summary>The history of a session: what each track's readings were, in bounded memory.</summary>
/// <remarks>
/// <para>For each track: fine bins of the last minutes, coarse bins of the whole session, and segments, each one expression from a time to a time. All in the
/// source's own time. A reading counts for the time since the one before it, so the frame rate does not matter.</para>
/// <para>It holds numbers: no pixels, no face features, no names. <see cref="Clear"/> deletes everything. Nothing is written anywhere unless a method
/// of <see cref="TimelineExport"/> is called.</para>
/// <para>Thread-safe: one thread may add while another reads. Allocates nothing per reading; a new track takes its memory when it begins.</para>
/// </remarks>
public sealed class EmotionTimeline
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, TrackHistory> _tracks = [];
    private TimelineTotals _past = new();
    private TimeSpan? _origin;
    private TimeSpan _now;
    private int _overviewShift;

    /// <summary>Makes an empty timeline.</summary>
    /// <param name="options">How much to keep; null means the defaults.</param>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    public EmotionTimeline(EmotionTimelineOptions? options = null)
    {
        Options = options ?? new EmotionTimelineOptions();
        Options.ThrowIfInvalid(nameof(options));
    }

    /// <summary>How much it keeps.</summary>
    public EmotionTimelineOptions Options { get; }

    /// <summary>Adds a track's reading of a frame.</summary>
    /// <param name="trackId">The track's number, above 0.</param>
    /// <param name="reading">The reading with the frame's time; one that is not fresh adds no covered time.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trackId"/> is not above 0.</exception>
    /// <exception cref="ArgumentException">The time is not later than this track's last, or is before another track's: readings come frame by frame. Nothing is changed then.</exception>
    public void Add(int trackId, in SmoothedEmotion reading)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trackId);
        lock (_gate)
        {
            TrackHistory? track = _tracks.GetValueOrDefault(trackId);
            if ((track is not null && reading.Timestamp <= track.LastUpdate) || (_origin is not null && reading.Timestamp < _now))
            {
                throw new ArgumentException($"The time {reading.Timestamp} of track {trackId} is not later than what the timeline has of it, or than its last frame, {_now}. Readings must come in order, each once.", nameof(reading));
            }

            _origin ??= reading.Timestamp;
            _now = reading.Timestamp;
            while ((reading.Timestamp - _origin.Value).Ticks / Options.Resolution.Ticks >> _overviewShift >= Options.OverviewBins)
            {
                _overviewShift++;
                foreach (KeyValuePair<int, TrackHistory> other in _tracks)
                {
                    other.Value.Coarsen();
                }
            }

            (track ?? Begin(trackId)).Add(reading, _origin.Value);
        }
    }

    /// <summary>One track's history; null where there is no such track, or no longer.</summary>
    /// <param name="trackId">The track's number.</param>
    public TimelineTrack? GetTrack(int trackId)
    {
        lock (_gate)
        {
            return _tracks.GetValueOrDefault(trackId)?.ToTrack(_origin ?? default);
        }
    }

    /// <summary>The session as a whole, tracks that are no longer kept included.</summary>
    public TimelineSummary Summarize()
    {
        lock (_gate)
        {
            return SummarizeAll();
        }
    }

    /// <summary>Everything that is kept, as it is now.</summary>
    public TimelineSnapshot ToSnapshot()
    {
        lock (_gate)
        {
            return new TimelineSnapshot(SummarizeAll(), [.. _tracks.Values.Where(track => track.HasReading).OrderBy(track => track.Id).Select(track => track.ToTrack(_origin ?? default))]);
        }
    }

    /// <summary>The overview of all tracks together, only where enough of them were seen at the same time for it to be nobody's own.</summary>
    /// <param name="minimumGroupSize">From how many tracks on a bin is given, at least 2. Tracks are not people: one person may be two tracks, though seldom at the same time.</param>
    /// <returns>The bins, oldest first; those with fewer tracks are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimumGroupSize"/> is below 2.</exception>
    public IReadOnlyList<TimelineGroupBin> Aggregate(int minimumGroupSize = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumGroupSize, 2);
        lock (_gate)
        {
            var groups = new SortedDictionary<long, (ScoreSum Sum, int Tracks)>();
            Span<float> scores = stackalloc float[EmotionScores.Count];
            foreach (TrackHistory track in _tracks.Values)
            {
                foreach (ref readonly ScoreSum bin in track.Overview)
                {
                    (ScoreSum sum, int count) = groups.GetValueOrDefault(bin.Index);
                    bin.MeanScores().CopyTo(scores);
                    sum.Add(scores, 1);
                    groups[bin.Index] = (sum, count + 1);
                }
            }

            TimeSpan width = Options.Resolution * (1L << _overviewShift), origin = _origin ?? default;
            return [.. groups.Where(group => group.Value.Tracks >= minimumGroupSize)
                .Select(group => new TimelineGroupBin(origin + (width * group.Key), origin + (width * (group.Key + 1)), group.Value.Tracks, group.Value.Sum.MeanScores()))];
        }
    }

    /// <summary>Deletes one track; the session's summary is then without it.</summary>
    /// <param name="trackId">The track's number.</param>
    /// <returns>Whether there was such a track.</returns>
    public bool Remove(int trackId)
    {
        lock (_gate)
        {
            return _tracks.Remove(trackId);
        }
    }

    /// <summary>Deletes everything. The timeline is then as new.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _tracks.Clear();
            (_past, _origin, _now, _overviewShift) = (new TimelineTotals(), null, default, 0);
        }
    }

    /// <summary>Runs over the tracks while nobody adds to them.</summary>
    /// <param name="visit">Gets the tracks and the time where bins begin; null while there is nothing.</param>
    internal void Visit(Action<IReadOnlyCollection<TrackHistory>, TimeSpan?> visit)
    {
        lock (_gate)
        {
            visit(_tracks.Values, _origin);
        }
    }

    private TimelineSummary SummarizeAll()
    {
        TimelineTotals totals = new();
        totals.Add(_past);
        foreach (TrackHistory track in _tracks.Values)
        {
            track.AddTo(totals);
        }

        return totals.ToSummary();
    }

    private TrackHistory Begin(int trackId)
    {
        if (_tracks.Count == Options.MaxTracks)
        {
            TrackHistory oldest = _tracks.Values.MinBy(track => track.LastUpdate)!;
            oldest.AddTo(_past);
            _tracks.Remove(oldest.Id);
        }

        return _tracks[trackId] = new TrackHistory(trackId, Options, _overviewShift);
    }
}
