namespace FerSharp.Streaming;

/// <summary>What a stream knows from frame to frame: when to detect, which track each face belongs to, how the tracks' readings are steadied.</summary>
/// <remarks>
/// Frames pass each of the three methods in order, one at a time; the methods share nothing, so that different frames may be in different ones at once.
/// Allocates nothing per frame in the steady state. Tracker and smoother are taken for as long as it lives.
/// </remarks>
internal sealed class FaceFollower : IDisposable
{
    private readonly FaceTracker _tracker;
    private readonly EmotionSmoother _smoother;
    private readonly int _detectEvery;
    private readonly FaceTrack[] _expected;
    private readonly List<FaceTrackEvent> _trackEvents = [];
    private readonly List<ExpressionPhaseEvent> _expressionEvents = [];
    private int _framesLeft;
    private TimeSpan _scheduled, _detected;

    /// <exception cref="InvalidOperationException">Another stream has the tracker or the smoother.</exception>
    public FaceFollower(StreamOptions options)
    {
        _tracker = options.Tracker ?? new FaceTracker();
        _smoother = options.Smoother ?? new EmotionSmoother(null, _tracker.Options.MaxTracks);
        _detectEvery = options.DetectEvery;
        _expected = new FaceTrack[_detectEvery > 1 ? _tracker.Options.MaxTracks : 0];
        if (!_tracker.TryClaim())
        {
            throw new InvalidOperationException("The tracker belongs to a stream that still runs. Give each stream a tracker of its own.");
        }

        if (!_smoother.TryClaim())
        {
            _tracker.Release();
            throw new InvalidOperationException("The smoother belongs to a stream that still runs. Give each stream a smoother of its own.");
        }

        _tracker.Reset();
        _smoother.Clear();
        _tracker.TrackChanged += OnTrackChanged;
        _smoother.PhaseChanged += OnPhaseChanged;
    }

    /// <summary>Whether the detector should look at a frame.</summary>
    public bool IsDetectionDue(TimeSpan timestamp)
    {
        // Twice before a track would get lost, so that one miss does not end it.
        bool due = --_framesLeft <= 0 || timestamp - _scheduled >= _tracker.Options.LoseAfter / 2;
        if (due)
        {
            (_framesLeft, _scheduled) = (_detectEvery, timestamp);
        }

        return due;
    }

    /// <summary>Gives the detections of a frame their tracks.</summary>
    /// <param name="timestamp">The frame's time.</param>
    /// <param name="faces">What was detected.</param>
    /// <param name="trackIds">Receives the tracks' numbers.</param>
    /// <returns>Tracks that began or ended.</returns>
    public FaceTrackEvent[] Follow(TimeSpan timestamp, ReadOnlySpan<FaceDetection> faces, Span<int> trackIds)
    {
        _trackEvents.Clear();
        _tracker.Update(timestamp, faces, trackIds);
        _detected = timestamp;
        return _trackEvents.Count == 0 ? [] : [.. _trackEvents];
    }

    /// <summary>Where the faces of the last detection are expected in a frame that the detector does not see; best detection first.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="timestamp">The frame's time.</param>
    /// <param name="faces">Receives as many as fit.</param>
    /// <param name="trackIds">Receives the tracks' numbers.</param>
    /// <returns>How many there are.</returns>
    public int Expect(in FrameView frame, TimeSpan timestamp, Span<FaceDetection> faces, Span<int> trackIds)
    {
        var picture = new RectF(0, 0, frame.Width, frame.Height);
        int count = 0;
        foreach (ref readonly FaceTrack track in _expected.AsSpan(0, _tracker.Predict(timestamp, _expected)))
        {
            // A face that the last detection missed may be gone: what is there now would be read in its place.
            if (track.LastSeen < _detected || !(track.Face.Box.IntersectionArea(picture) > 0))
            {
                continue;
            }

            int place = Math.Min(count, faces.Length);
            for (; place > 0 && faces[place - 1].Score < track.Face.Score; place--)
            {
                if (place < faces.Length)
                {
                    (faces[place], trackIds[place]) = (faces[place - 1], trackIds[place - 1]);
                }
            }

            if (place < faces.Length)
            {
                (faces[place], trackIds[place]) = (track.Face, track.Id);
                count = Math.Min(count + 1, faces.Length);
            }
        }

        return count;
    }

    /// <summary>Steadies the readings of a frame, in place.</summary>
    /// <param name="timestamp">The frame's time.</param>
    /// <param name="trackEvents">Tracks that began or ended with it.</param>
    /// <param name="faces">The frame's faces with their tracks.</param>
    /// <returns>What became known of the tracks' expressions.</returns>
    public ExpressionPhaseEvent[] Smooth(TimeSpan timestamp, ReadOnlySpan<FaceTrackEvent> trackEvents, Span<FaceEmotion> faces)
    {
        _expressionEvents.Clear();
        foreach (FaceTrackEvent change in trackEvents)
        {
            if (change.Phase == FaceTrackPhase.Ended)
            {
                _smoother.End(change.TrackId);
            }
        }

        foreach (ref FaceEmotion face in faces)
        {
            if (face.TrackId > 0)
            {
                face = face with { Smoothed = _smoother.Update(face.TrackId, timestamp, face.Scores, face.Outcome) };
            }
        }

        return _expressionEvents.Count == 0 ? [] : [.. _expressionEvents];
    }

    /// <summary>Lets go of tracker and smoother.</summary>
    public void Dispose()
    {
        _tracker.TrackChanged -= OnTrackChanged;
        _smoother.PhaseChanged -= OnPhaseChanged;
        _tracker.Release();
        _smoother.Release();
    }

    private void OnTrackChanged(object? sender, FaceTrackEvent change) => _trackEvents.Add(change);

    private void OnPhaseChanged(object? sender, ExpressionPhaseEvent change) => _expressionEvents.Add(change);
}
