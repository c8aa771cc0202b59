namespace FerSharp.Evaluation;

/// <summary>How the figures of a report are computed.</summary>
public sealed record ReportOptions
{
    private const int MaxResamples = 1_000_000;

    /// <summary>Confidence level of all intervals, above 0 and below 1.</summary>
    /// <value>Default 0.95.</value>
    public double Level { get; init; } = 0.95;

    /// <summary>Number of bootstrap resamples, from 1 to 1,000,000.</summary>
    /// <value>Default 2,000.</value>
    public int Resamples { get; init; } = 2000;

    /// <summary>Seed of everything that is drawn: resamples and the choice of pictures.</summary>
    /// <value>Default 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>The expression whose precision-recall curve and operating points are shown.</summary>
    /// <value>Default <see cref="Emotion.Sadness"/>.</value>
    public Emotion Focus { get; init; } = Emotion.Sadness;

    /// <summary>Tells the time that the report is dated with.</summary>
    /// <value>Default the system's clock.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal BootstrapOptions Bootstrap => new() { Resamples = Resamples, Seed = Seed };

    internal void ThrowIfInvalid()
    {
        MetricInput.Level(Level, nameof(Level));
        ArgumentOutOfRangeException.ThrowIfLessThan(Resamples, 1, nameof(Resamples));
        // A report from a file must not ask for more memory than there is.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Resamples, MaxResamples, nameof(Resamples));
        if (Focus > Emotion.Contempt)
        {
            throw new ArgumentException($"{nameof(Focus)} is {Focus}, which is no defined expression.");
        }
    }
}
