namespace FerSharp.LiveWeb.Live;

/// <summary>Follows and steadies the faces of one connection, keeps their history and looks for alerts. <see cref="Read"/> has one caller at a time; the rest may be called from any thread.</summary>
internal sealed class LiveReadings
{
    private readonly EmotionTimeline _history;
    private readonly FaceTracker _tracker = new();
    private readonly EmotionSmoother _smoother = new();
    private readonly EmotionMonitor _monitor;
    private readonly List<LiveFace> _faces = [];
    private readonly List<EmotionAlert> _alerts = [];
    private FaceDetection[] _detections = [];
    private int[] _tracks = [];
    private int _restart;

    public LiveReadings(EmotionTimeline history)
    {
        _history = history;
        _monitor = new EmotionMonitor(history);
        _monitor.Alerted += (_, alert) => _alerts.Add(alert);
    }

    /// <summary>The faces of the last frame. Valid until the next.</summary>
    public IReadOnlyList<LiveFace> Faces => _faces;

    /// <summary>The alerts that the last frame raised. Valid until the next.</summary>
    public IReadOnlyList<EmotionAlert> Alerts => _alerts;

    /// <summary>Takes in a frame.</summary>
    public void Read(StreamResult result)
    {
        _faces.Clear();
        _alerts.Clear();
        if (Interlocked.Exchange(ref _restart, 0) != 0)
        {
            _smoother.Clear();
            _monitor.Reset();
        }

        IReadOnlyList<FaceEmotion> faces = result.Analysis.Faces;
        Follow(result.Timestamp, faces);
        for (int i = 0; i < faces.Count; i++)
        {
            SmoothedEmotion steadied = default;
            if (_tracks[i] > 0)
            {
                steadied = _smoother.Update(_tracks[i], result.Timestamp, faces[i].Scores, faces[i].Outcome);
                _history.Add(_tracks[i], steadied);
            }

            _faces.Add(new LiveFace(faces[i], _tracks[i], steadied));
        }

        _monitor.Evaluate(result.Timestamp);
    }

    /// <summary>Changes what a person may change; it acts on the next frame.</summary>
    /// <exception cref="ArgumentException">A value is out of range; all of them are listed.</exception>
    public void Apply(SessionSettings settings)
    {
        // Both are checked before either acts.
        bool rests = settings.Smoothing.NeutralBaseline != _smoother.Options.NeutralBaseline;
        EmotionMonitorOptions former = _monitor.Options;
        _monitor.Options = settings.Rules;
        try
        {
            _smoother.Options = settings.Smoothing;
        }
        catch (ArgumentException)
        {
            _monitor.Options = former;
            throw;
        }

        if (rests)
        {
            // The resting face is learnt at a track's start.
            Interlocked.Exchange(ref _restart, 1);
        }
    }

    /// <summary>Deletes the history at once.</summary>
    public void Forget()
    {
        _history.Clear();
        Interlocked.Exchange(ref _restart, 1);
    }

    private void Follow(TimeSpan timestamp, IReadOnlyList<FaceEmotion> faces)
    {
        if (_detections.Length < faces.Count)
        {
            _detections = new FaceDetection[faces.Count];
            _tracks = new int[faces.Count];
        }

        for (int i = 0; i < faces.Count; i++)
        {
            _detections[i] = faces[i].Face;
        }

        _tracker.Update(timestamp, _detections.AsSpan(0, faces.Count), _tracks);
    }
}
