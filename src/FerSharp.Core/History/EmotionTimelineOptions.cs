using FerSharp.Tracking;

namespace FerSharp;

/// <summary>How much an <see cref="EmotionTimeline"/> keeps. Immutable. Memory is bounded by these numbers, however long a session is and whatever its frame rate.</summary>
/// <remarks>A track takes 48 bytes for each bin of either level, one more than reach back included, and 32 for each segment: with the defaults about 90 kB, so at most 6 MB for all.</remarks>
public sealed record EmotionTimelineOptions
{
    /// <summary>Most tracks that are kept one by one; of the others, the longest unseen first, only their part in the session's summary stays. 1 to 1024.</summary>
    /// <value>Default 64.</value>
    public int MaxTracks { get; init; } = 64;

    /// <summary>Length of the finest bins, into which readings are averaged. 10 ms to 60 s.</summary>
    /// <value>Default 0.25 s.</value>
    public TimeSpan Resolution { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>How far back the finest bins reach; rules cannot look back farther. 2 to 100,000 times <see cref="Resolution"/>.</summary>
    /// <value>Default 5 min.</value>
    public TimeSpan DetailDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most bins of the overview, which reaches over the whole session: when it is full, its bins become twice as long. 16 to 100,000.</summary>
    /// <value>Default 512.</value>
    public int OverviewBins { get; init; } = 512;

    /// <summary>Most segments kept of each track; the oldest go first. 1 to 100,000.</summary>
    /// <value>Default 256.</value>
    public int MaxSegments { get; init; } = 256;

    /// <summary>Readings that are farther apart leave a gap: the face counts as unseen between them. Above 0, at most 60 s.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan MaxGap { get; init; } = TimeSpan.FromSeconds(1);

    internal int DetailBins => (int)(DetailDuration.Ticks / Resolution.Ticks);

    internal void ThrowIfInvalid(string parameter)
    {
        var faults = new OptionFaults(nameof(EmotionTimelineOptions));
        faults.Check(MaxTracks is >= 1 and <= 1024, nameof(MaxTracks), MaxTracks, "from 1 to 1024");
        bool good = Resolution >= TimeSpan.FromMilliseconds(10) && Resolution <= TimeSpan.FromMinutes(1);
        faults.Check(good, nameof(Resolution), Resolution, "from 10 ms to 60 s");
        faults.Check(!good || DetailDuration.Ticks / Resolution.Ticks is >= 2 and <= 100_000, nameof(DetailDuration), DetailDuration, "from 2 to 100000 times Resolution");
        faults.Check(OverviewBins is >= 16 and <= 100_000, nameof(OverviewBins), OverviewBins, "from 16 to 100000");
        faults.Check(MaxSegments is >= 1 and <= 100_000, nameof(MaxSegments), MaxSegments, "from 1 to 100000");
        faults.Check(MaxGap > TimeSpan.Zero && MaxGap <= TimeSpan.FromMinutes(1), nameof(MaxGap), MaxGap, "above 0 and at most 60 s");
        faults.ThrowIfAny(parameter);
    }
}
