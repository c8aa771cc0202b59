using FerSharp.Tracking;

namespace FerSharp;

/// <summary>How a <see cref="FaceTracker"/> follows faces. All times are times, not numbers of frames. Immutable.</summary>
public sealed record FaceTrackerOptions
{
    /// <summary>Most tracks at a time, those not yet confirmed included. Where all are taken, a new face gets none until one ends. 1 to 1024.</summary>
    /// <value>Default 64.</value>
    public int MaxTracks { get; init; } = 64;

    /// <summary>For how long a face must be seen before its track gets an id, so that a false detection makes no track. 0 (at once) to 10 s.</summary>
    /// <value>Default 0.2 s.</value>
    public TimeSpan ConfirmAfter { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>A track that was not seen for longer than this ends; a face that comes back later gets a new id. Must be longer than the time between two detections. Above 0, at most 60 s.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan LoseAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How far from where it is expected a face may turn up, in face sizes (square root of the box's area). Above 0, at most 100.</summary>
    /// <value>Default 1.5.</value>
    public double MaxDistance { get; init; } = 1.5;

    /// <summary>Steadies the boxes that <see cref="FaceTracker.Predict"/> gives; null gives the motion filter's own estimate.</summary>
    /// <value>Default null.</value>
    public OneEuroOptions? BoxFilter { get; init; }

    internal void ThrowIfInvalid(string parameter)
    {
        var faults = new OptionFaults(nameof(FaceTrackerOptions));
        faults.Check(MaxTracks is >= 1 and <= 1024, nameof(MaxTracks), MaxTracks, "from 1 to 1024");
        faults.Check(ConfirmAfter >= TimeSpan.Zero && ConfirmAfter <= TimeSpan.FromSeconds(10), nameof(ConfirmAfter), ConfirmAfter, "from 0 to 10 s");
        faults.Check(LoseAfter > TimeSpan.Zero && LoseAfter <= TimeSpan.FromSeconds(60), nameof(LoseAfter), LoseAfter, "above 0 and at most 60 s");
        faults.Check(MaxDistance is > 0 and <= 100, nameof(MaxDistance), MaxDistance, "above 0 and at most 100");
        if (BoxFilter is { } filter)
        {
            faults.Check(filter.MinCutoff is > 0 and <= 1000, "BoxFilter.MinCutoff", filter.MinCutoff, "above 0 and at most 1000");
            faults.Check(filter.Beta is >= 0 and <= 1000, "BoxFilter.Beta", filter.Beta, "from 0 to 1000");
            faults.Check(filter.DerivativeCutoff is > 0 and <= 1000, "BoxFilter.DerivativeCutoff", filter.DerivativeCutoff, "above 0 and at most 1000");
        }

        faults.ThrowIfAny(parameter);
    }
}

/// <summary>The one-euro filter for boxes: little jitter at rest, little lag in motion. Immutable.</summary>
/// <remarks>Casiez, Roussel and Vogel, 1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems, CHI 2012. Speeds are in face sizes per second, so that the same values suit near and far faces.</remarks>
public sealed record OneEuroOptions
{
    /// <summary>Cutoff frequency at rest, in hertz: lower means less jitter and more lag. Above 0, at most 1000.</summary>
    /// <value>Default 1.</value>
    public double MinCutoff { get; init; } = 1;

    /// <summary>By how many hertz the cutoff rises for each face size per second of speed: higher means less lag in motion. 0 to 1000.</summary>
    /// <value>Default 5.</value>
    public double Beta { get; init; } = 5;

    /// <summary>Cutoff frequency for the speed itself, in hertz. Above 0, at most 1000.</summary>
    /// <value>Default 1, as in the paper.</value>
    public double DerivativeCutoff { get; init; } = 1;
}
