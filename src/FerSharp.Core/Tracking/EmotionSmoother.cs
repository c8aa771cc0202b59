using FerSharp.Tracking;

namespace FerSharp;

/// <summary>Makes calm readings of the flickering ones of successive frames, for each track, and says when an expression begins and ends.</summary>
/// <remarks>
/// <para>An exponential mean over time, exact for readings that come at any spacing, so that 5 and 50 frames per second give the same; then hysteresis:
/// an expression becomes the track's expression when its score stays at or above one threshold for a while, and ends below a lower one.
/// Readings of low quality are not mixed in; uncertain ones are, since leaving them out would make all else look certain.</para>
/// <para>Neutral baseline, where it is switched on: some faces at rest look sad or angry to a model. The mean of the logarithms of the scores over the track's first
/// seconds, m, says how; it assumes that the face is at rest then, which nobody checks. Afterwards the logarithm of each expression's score is lowered by
/// <c>max(0, m[e] - m[neutral] - r)</c>, and scores are scaled to sum 1: a face that looks as it did then reads as 80 % neutral (r is the logarithm of another
/// expression's share against neutral's in that reading). Nothing is raised. Until the baseline is known the track has no expression.</para>
/// <para>Not thread-safe, but for <see cref="Options"/>, which may be set from any thread. Allocates nothing per reading in the steady state.</para>
/// </remarks>
public sealed class EmotionSmoother
{
    /// <summary>Tracks that are kept at a time, unless the constructor is told otherwise: 64.</summary>
    public const int DefaultMaxTracks = 64;

    private readonly SmootherTrack[] _tracks;
    private int _count, _claimed;
    private volatile Settings _settings;

    /// <summary>Makes a smoother.</summary>
    /// <param name="options">How to smooth; null means the defaults.</param>
    /// <param name="maxTracks">Most tracks at a time; one more ends the track that was not updated for longest. 1 to 1024.</param>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTracks"/> is not 1 to 1024.</exception>
    public EmotionSmoother(EmotionSmootherOptions? options = null, int maxTracks = DefaultMaxTracks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTracks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxTracks, 1024);
        options ??= new EmotionSmootherOptions();
        options.ThrowIfInvalid(nameof(options));
        _settings = new Settings(options);
        _tracks = new SmootherTrack[maxTracks];
        for (int i = 0; i < maxTracks; i++)
        {
            _tracks[i] = new SmootherTrack();
        }
    }

    /// <summary>Raised from within <see cref="Update"/> and <see cref="End"/> when an expression began or ended, on their thread. A handler must not call the smoother.</summary>
    public event EventHandler<ExpressionPhaseEvent>? PhaseChanged;

    /// <summary>How it smooths. A new value takes effect with the next reading, as a whole; what was smoothed so far stays.</summary>
    /// <exception cref="ArgumentNullException">Set to null.</exception>
    /// <exception cref="ArgumentException">Set to options out of range; all of them are listed.</exception>
    public EmotionSmootherOptions Options
    {
        get => _settings.Options;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.ThrowIfInvalid(nameof(value));
            _settings = new Settings(value);
        }
    }

    /// <summary>Takes in a track's reading of a frame.</summary>
    /// <param name="trackId">The track's number, above 0.</param>
    /// <param name="timestamp">The frame's time, later than this track's last.</param>
    /// <param name="scores">The reading; empty where the frame has none.</param>
    /// <param name="outcome">Whether it can be used: <see cref="FaceOutcome.LowQuality"/> is not mixed in.</param>
    /// <returns>The steadied reading.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trackId"/> is not above 0: a face without a track cannot be smoothed.</exception>
    /// <exception cref="ArgumentException"><paramref name="timestamp"/> is not later than this track's last.</exception>
    public SmoothedEmotion Update(int trackId, TimeSpan timestamp, in EmotionScores scores, FaceOutcome outcome = FaceOutcome.Ok)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trackId);
        Settings settings = _settings;
        int place = Find(trackId);
        if (place < 0)
        {
            place = Add(trackId, settings.Options);
        }
        else if (timestamp <= _tracks[place].LastUpdate)
        {
            throw new ArgumentException($"The time {timestamp} is not later than the last one of track {trackId}, {_tracks[place].LastUpdate}. Readings must come in order, each once.", nameof(timestamp));
        }

        return _tracks[place].Update(timestamp, scores, outcome != FaceOutcome.LowQuality && !scores.IsEmpty, settings, this);
    }

    /// <summary>Ends a track: reports the offset of its expression at its last reading, and forgets it.</summary>
    /// <param name="trackId">The track's number.</param>
    /// <returns>Whether there was such a track.</returns>
    public bool End(int trackId)
    {
        int place = Find(trackId);
        if (place < 0)
        {
            return false;
        }

        SmootherTrack track = _tracks[place];
        _count--;
        (_tracks[place], _tracks[_count]) = (_tracks[_count], track);
        track.End(this);
        return true;
    }

    /// <summary>Forgets all tracks; reports nothing.</summary>
    public void Clear() => _count = 0;

    /// <summary>Takes the smoother for one stream; false where another has it.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    internal void Release() => Volatile.Write(ref _claimed, 0);

    internal void Report(in ExpressionPhaseEvent change) => PhaseChanged?.Invoke(this, change);

    private int Find(int trackId)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_tracks[i].Id == trackId)
            {
                return i;
            }
        }

        return -1;
    }

    private int Add(int trackId, EmotionSmootherOptions options)
    {
        if (_count == _tracks.Length)
        {
            int oldest = 0;
            for (int i = 1; i < _count; i++)
            {
                oldest = _tracks[i].LastUpdate < _tracks[oldest].LastUpdate ? i : oldest;
            }

            End(_tracks[oldest].Id);
        }

        _tracks[_count].Start(trackId, options);
        return _count++;
    }

    /// <summary>Options as a reading needs them; replaced as a whole.</summary>
    internal sealed class Settings
    {
        private readonly double[] _factors = [1, 1, 1, 1, 1, 1, 1, 1];

        public Settings(EmotionSmootherOptions options)
        {
            Options = options;
            foreach ((Emotion emotion, double factor) in options.Sensitivity)
            {
                _factors[(int)emotion] = factor;
            }
        }

        public EmotionSmootherOptions Options { get; }

        public ReadOnlySpan<double> Factors => _factors;
    }
}
