using FerSharp.Tracking;

namespace FerSharp;

/// <summary>A face that is followed through the frames of one source. A value; holds no pixels and nothing that identifies a person.</summary>
/// <param name="Id">The track's number, from 1; never used again by the same tracker.</param>
/// <param name="Face">Where the face is expected, in pixels: box and landmarks moved along, the detector's score of the last detection.</param>
/// <param name="Velocity">How the centre moves, in pixels per second.</param>
/// <param name="FirstSeen">Time of the first detection.</param>
/// <param name="LastSeen">Time of the last detection.</param>
public readonly record struct FaceTrack(int Id, FaceDetection Face, PointF Velocity, TimeSpan FirstSeen, TimeSpan LastSeen);

/// <summary>What happened to a track.</summary>
public enum FaceTrackPhase
{
    /// <summary>The face was there long enough: the track has its number.</summary>
    Started = 0,

    /// <summary>The face was not seen for too long: the track is over, its number is not used again.</summary>
    Ended = 1,
}

/// <summary>The begin or end of a track. A value.</summary>
/// <param name="TrackId">The track's number.</param>
/// <param name="Phase">Begin or end.</param>
/// <param name="Timestamp">When it was, before the frame that reports it: the first or the last detection of the face.</param>
public readonly record struct FaceTrackEvent(int TrackId, FaceTrackPhase Phase, TimeSpan Timestamp);

/// <summary>Gives the faces of successive frames stable numbers, by motion and overlap alone.</summary>
/// <remarks>
/// <para>It compares places and sizes, never looks: no face features are computed, so a person who leaves and comes back is a new track. Two faces
/// that hide each other for long, or change direction while hidden, may swap numbers.</para>
/// <para>Each track is a Kalman filter on centre and size (Kalman 1960) with slowly fading velocity; detections go to tracks by exact minimum-cost
/// assignment (Kuhn 1955) over their likelihoods, confirmed tracks first. Times are the frames' own, so the frame rate and its changes do not matter.</para>
/// <para>One tracker for each source. Not thread-safe. Allocates nothing per frame in the steady state.</para>
/// <example>Detect on every third frame, follow on the others:
/// <code>
/// int count;
/// if (frame.Sequence % 3 == 0)
/// {
///     count = detector.Detect(frame.View, faces);
///     tracker.Update(frame.Timestamp, faces.AsSpan(0, count), trackIds);
/// }
/// count = tracker.Predict(frame.Timestamp, tracks);
/// </code></example>
/// </remarks>
public sealed class FaceTracker
{
    /// <summary>A pair costs its distance less this; pairs above 0 are not made. About five standard deviations for a face that was just seen.</summary>
    private const double GateDistance = 30;

    private readonly FaceTrackerOptions _options;
    private readonly TrackState[] _tracks;
    private readonly Assignment _assignment = new();
    private readonly int[] _rows, _columnOf;
    private double[] _costs = [];
    private int[] _columns = [], _trackOf = [];
    private int _count, _lastId, _claimed;
    private TimeSpan? _now;

    /// <summary>Makes a tracker.</summary>
    /// <param name="options">How to follow; null means the defaults.</param>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    public FaceTracker(FaceTrackerOptions? options = null)
    {
        _options = options ?? new FaceTrackerOptions();
        _options.ThrowIfInvalid(nameof(options));
        _tracks = new TrackState[_options.MaxTracks];
        for (int i = 0; i < _tracks.Length; i++)
        {
            _tracks[i] = new TrackState();
        }

        _rows = new int[_tracks.Length];
        _columnOf = new int[_tracks.Length];
    }

    /// <summary>Raised from within <see cref="Update"/> and <see cref="Reset"/> when a track got its number or ended, on their thread. A handler must not call the tracker.</summary>
    public event EventHandler<FaceTrackEvent>? TrackChanged;

    /// <summary>How it follows.</summary>
    public FaceTrackerOptions Options => _options;

    /// <summary>Takes in the detections of a frame.</summary>
    /// <param name="timestamp">The frame's time, later than that of the last update.</param>
    /// <param name="detections">The frame's faces, best first; empty where there are none. Borrowed for the call.</param>
    /// <param name="trackIds">Receives the track's number for each detection, 0 where it has none (yet); entries past them are left as they were.</param>
    /// <exception cref="ArgumentException"><paramref name="timestamp"/> is not later than the last, <paramref name="trackIds"/> is too short, or a box has no positive, finite size. Nothing is changed then.</exception>
    public void Update(TimeSpan timestamp, ReadOnlySpan<FaceDetection> detections, Span<int> trackIds)
    {
        Check(timestamp, detections, trackIds);
        Advance(timestamp);
        Reserve(detections.Length);
        Span<int> trackOf = _trackOf.AsSpan(0, detections.Length);
        trackOf.Fill(-1);
        Match(detections, trackOf, confirmed: true);
        Match(detections, trackOf, confirmed: false);
        for (int d = 0; d < detections.Length; d++)
        {
            if (trackOf[d] >= 0)
            {
                _tracks[trackOf[d]].Correct(detections[d], timestamp, _options.BoxFilter);
            }
            else if (_count < _tracks.Length)
            {
                _tracks[_count].Start(detections[d], timestamp);
                trackOf[d] = _count++;
            }

            trackIds[d] = trackOf[d] < 0 ? 0 : IdOf(_tracks[trackOf[d]], timestamp);
        }

        // After the numbers are given, for places in the list change.
        RemoveWhere((Now: timestamp, After: _options.ConfirmAfter), static (track, limit) => track.Id == 0 && track.LastSeen < limit.Now && limit.Now - track.LastSeen >= limit.After);
    }

    /// <summary>Where the confirmed tracks are at a time: on a frame without detection, or for the hidden faces of a frame with one. Changes nothing.</summary>
    /// <param name="timestamp">A time not before the last update.</param>
    /// <param name="destination">Receives as many as fit; entries past the count are left as they were.</param>
    /// <returns>How many were written. Tracks unseen for longer than <see cref="FaceTrackerOptions.LoseAfter"/> are left out.</returns>
    /// <exception cref="ArgumentException"><paramref name="timestamp"/> is before the last update.</exception>
    public int Predict(TimeSpan timestamp, Span<FaceTrack> destination)
    {
        if (timestamp < _now)
        {
            throw new ArgumentException($"The time {timestamp} is before the last update at {_now}.", nameof(timestamp));
        }

        int written = 0;
        for (int i = 0; i < _count && written < destination.Length; i++)
        {
            TrackState track = _tracks[i];
            if (track.Id != 0 && timestamp - track.LastSeen <= _options.LoseAfter)
            {
                destination[written++] = track.At((timestamp - _now!.Value).TotalSeconds, _now.Value, _options.BoxFilter is not null);
            }
        }

        return written;
    }

    /// <summary>Ends all tracks and forgets the time, as for a source that starts anew. Numbers go on: none is used again.</summary>
    public void Reset()
    {
        RemoveWhere(0, static (_, _) => true);
        _now = null;
    }

    /// <summary>Takes the tracker for one stream; false where another has it.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    internal void Release() => Volatile.Write(ref _claimed, 0);

    private void Check(TimeSpan timestamp, ReadOnlySpan<FaceDetection> detections, Span<int> trackIds)
    {
        if (timestamp <= _now)
        {
            throw new ArgumentException($"The time {timestamp} is not later than the last update's, {_now}. Frames must come in order, each once.", nameof(timestamp));
        }

        if (trackIds.Length < detections.Length)
        {
            throw new ArgumentException($"There are {detections.Length} detections and room for {trackIds.Length} numbers.", nameof(trackIds));
        }

        foreach (ref readonly FaceDetection detection in detections)
        {
            RectF box = detection.Box;
            if (!float.IsFinite(box.X) || !float.IsFinite(box.Y) || !float.IsFinite(box.Right) || !float.IsFinite(box.Bottom) || !(box.Width > 0) || !(box.Height > 0))
            {
                throw new ArgumentException($"The box {box} has no positive, finite size.", nameof(detections));
            }
        }
    }

    private void Advance(TimeSpan timestamp)
    {
        double seconds = _now is { } before ? (timestamp - before).TotalSeconds : 0;
        _now = timestamp;
        RemoveWhere((Now: timestamp, After: _options.LoseAfter), static (track, limit) => limit.Now - track.LastSeen > limit.After);
        for (int i = 0; i < _count; i++)
        {
            _tracks[i].Predict(seconds);
        }
    }

    private void Match(ReadOnlySpan<FaceDetection> detections, Span<int> trackOf, bool confirmed)
    {
        int rows = 0, columns = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_tracks[i].Id != 0 == confirmed)
            {
                _rows[rows++] = i;
            }
        }

        for (int d = 0; d < detections.Length; d++)
        {
            if (trackOf[d] < 0)
            {
                _columns[columns++] = d;
            }
        }

        if (rows == 0 || columns == 0)
        {
            return;
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                // Above 0 means no pair, whatever the amount; infinity would not survive the arithmetic.
                _costs[(r * columns) + c] = Math.Min(_tracks[_rows[r]].Distance(detections[_columns[c]], _options.MaxDistance) - GateDistance, 0);
            }
        }

        _assignment.Solve(_costs, rows, columns, _columnOf);
        for (int r = 0; r < rows; r++)
        {
            if (_columnOf[r] >= 0)
            {
                trackOf[_columns[_columnOf[r]]] = _rows[r];
            }
        }
    }

    private int IdOf(TrackState track, TimeSpan timestamp)
    {
        if (track.Id == 0 && track.IsWorthAnId(timestamp, _options.ConfirmAfter))
        {
            track.Confirm(checked(++_lastId));
            TrackChanged?.Invoke(this, new FaceTrackEvent(track.Id, FaceTrackPhase.Started, track.FirstSeen));
        }

        return track.Id;
    }

    /// <summary>Takes tracks out of the list, in order; the objects go to its end for reuse.</summary>
    private void RemoveWhere<TLimit>(TLimit limit, Func<TrackState, TLimit, bool> condition)
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            TrackState track = _tracks[i];
            if (!condition(track, limit))
            {
                (_tracks[kept], _tracks[i]) = (track, _tracks[kept]);
                kept++;
            }
        }

        int ended = _count;
        _count = kept;
        for (int i = kept; i < ended; i++)
        {
            if (_tracks[i].Id != 0)
            {
                TrackChanged?.Invoke(this, new FaceTrackEvent(_tracks[i].Id, FaceTrackPhase.Ended, _tracks[i].LastSeen));
            }
        }
    }

    private void Reserve(int detections)
    {
        if (_trackOf.Length < detections)
        {
            _trackOf = new int[detections];
            _columns = new int[detections];
        }

        if (_costs.Length < _count * detections)
        {
            // Room for every track at once, so that a rising number of faces does not allocate time and again.
            _costs = new double[_tracks.Length * detections];
        }
    }
}
