namespace FerSharp;

/// <summary>What a stream does when frames come faster than they are analysed.</summary>
public enum WhenBehind
{
    /// <summary>The source waits; no frame is lost. For files.</summary>
    Wait = 1,

    /// <summary>The oldest waiting frame is dropped, so that the newest is analysed next. For cameras.</summary>
    DropOldest = 2,
}

/// <summary>How <see cref="EmotionAnalyzer.AnalyzeAsync"/> runs. Read once, when the stream is made.</summary>
public sealed class StreamOptions
{
    /// <summary>What to do when behind.</summary>
    /// <value>Default null: <see cref="FerSharp.WhenBehind.DropOldest"/> for live sources, <see cref="FerSharp.WhenBehind.Wait"/> for others.</value>
    public WhenBehind? WhenBehind { get; set; }

    /// <summary>Frames that wait to be analysed, 1 to 1000. More of them make a live stream later, not faster.</summary>
    /// <value>Default null: 1 where the oldest is dropped, 4 where the source waits.</value>
    public int? Capacity { get; set; }

    /// <summary>Frames that are analysed at the same time, each on a thread of its own, 1 to 64. The models must allow as many calls at once, or they wait for each other.</summary>
    /// <value>Default 1.</value>
    public int Parallelism { get; set; } = 1;

    /// <summary>Most faces that are analysed in a frame, at least 1; the analyzer's own limit applies too.</summary>
    /// <value>Default null: the analyzer's limit.</value>
    public int? MaxFaces { get; set; }

    /// <summary>
    /// On every which analysed frame the detector looks for faces, 1 to 1000. On the frames between, faces are read where the tracker expects those of the last
    /// detection (<see cref="StreamResult.IsPredicted"/>): cheaper, but a new face is found at the next detection. Where the frames come so slowly that tracks would
    /// get lost between, the detector looks more often.
    /// </summary>
    /// <value>Default 1: every frame.</value>
    public int DetectEvery { get; set; } = 1;

    /// <summary>Gives faces their numbers. The stream resets it when it begins, since times begin anew; numbers go on. It belongs to this stream until the stream ends.</summary>
    /// <value>Default null: one of the stream's own.</value>
    public FaceTracker? Tracker { get; set; }

    /// <summary>
    /// Steadies the readings of each track. The stream clears it when it begins. It belongs to this stream until the stream ends, but for
    /// <see cref="EmotionSmoother.Options"/>, which may be set at any time.
    /// </summary>
    /// <value>Default null: one of the stream's own.</value>
    public EmotionSmoother? Smoother { get; set; }

    /// <summary>Whether each result keeps its frame, for drawing. Whoever receives such a result disposes it.</summary>
    /// <value>Default false: a frame is disposed as soon as it is analysed.</value>
    public bool KeepFrames { get; set; }

    /// <summary>What is out of range, one sentence each; empty where all is well.</summary>
    internal IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        void Check(bool good, string name, object? value, string range)
        {
            if (!good)
            {
                faults.Add(FormattableString.Invariant($"{nameof(StreamOptions)}.{name} is {value}; it must be {range}."));
            }
        }

        Check(WhenBehind is null or FerSharp.WhenBehind.Wait or FerSharp.WhenBehind.DropOldest, nameof(WhenBehind), WhenBehind, "null, Wait or DropOldest");
        Check(Capacity is null or (>= 1 and <= 1000), nameof(Capacity), Capacity, "null or from 1 to 1000");
        Check(Parallelism is >= 1 and <= 64, nameof(Parallelism), Parallelism, "from 1 to 64");
        Check(MaxFaces is null or >= 1, nameof(MaxFaces), MaxFaces, "null or at least 1");
        Check(DetectEvery is >= 1 and <= 1000, nameof(DetectEvery), DetectEvery, "from 1 to 1000");
        return faults;
    }

    internal StreamOptions Clone() => (StreamOptions)MemberwiseClone();
}
