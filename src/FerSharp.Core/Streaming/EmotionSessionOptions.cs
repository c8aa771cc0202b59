using FerSharp.Tracking;

namespace FerSharp;

/// <summary>How the parts of an <see cref="EmotionSession"/> work.</summary>
/// <remarks>A class with setters, as containers want it; the parts' own options are immutable, so a change replaces one: <c>options.Smoother = options.Smoother with { ... }</c>.</remarks>
public sealed class EmotionSessionOptions
{
    /// <summary>How the stream runs. Its tracker and smoother are the session's and stay null here.</summary>
    public StreamOptions Stream { get; set; } = new();

    /// <summary>How faces are followed.</summary>
    public FaceTrackerOptions Tracker { get; set; } = new();

    /// <summary>How readings are steadied, sensitivities included. A running session takes a change over.</summary>
    public EmotionSmootherOptions Smoother { get; set; } = new();

    /// <summary>How much history is kept.</summary>
    public EmotionTimelineOptions Timeline { get; set; } = new();

    /// <summary>The rules that raise alerts. A running session takes a change over.</summary>
    public EmotionMonitorOptions Monitor { get; set; } = new();

    /// <exception cref="ArgumentException">Something is out of range.</exception>
    internal void ThrowIfInvalid(string parameter)
    {
        var faults = new OptionFaults(nameof(EmotionSessionOptions));
        faults.Check(Stream is not null, nameof(Stream), Stream, "given");
        faults.Check(Tracker is not null, nameof(Tracker), Tracker, "given");
        faults.Check(Smoother is not null, nameof(Smoother), Smoother, "given");
        faults.Check(Timeline is not null, nameof(Timeline), Timeline, "given");
        faults.Check(Monitor is not null, nameof(Monitor), Monitor, "given");
        faults.Check(Stream?.Tracker is null, "Stream.Tracker", Stream?.Tracker, "null: the session has a tracker of its own");
        faults.Check(Stream?.Smoother is null, "Stream.Smoother", Stream?.Smoother, "null: the session has a smoother of its own");
        faults.ThrowIfAny(parameter);
        if (Stream!.Validate() is { Count: > 0 } inStream)
        {
            throw new ArgumentException(string.Join(" ", inStream), parameter);
        }

        Tracker!.ThrowIfInvalid(parameter);
        Smoother!.ThrowIfInvalid(parameter);
        Timeline!.ThrowIfInvalid(parameter);
        Monitor!.ThrowIfInvalid(Timeline, parameter);
        faults.Check(Tracker.MaxTracks <= Timeline.MaxTracks, "Tracker.MaxTracks", Tracker.MaxTracks, FormattableString.Invariant($"at most Timeline.MaxTracks, {Timeline.MaxTracks}: the history of a face that is there would be dropped for another's"));
        faults.ThrowIfAny(parameter);
    }
}
