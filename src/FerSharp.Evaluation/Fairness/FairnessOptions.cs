namespace FerSharp.Evaluation;

/// <summary>How <see cref="FairnessReport"/> compares groups.</summary>
public sealed record FairnessOptions
{
    /// <summary>The tags to look at, by name.</summary>
    /// <value>Default null: all that the data set's samples have.</value>
    public IReadOnlyCollection<string>? Tags { get; init; }

    /// <summary>Tags whose groups were guessed by a model or by onlookers, not stated by the people themselves. The report says so.</summary>
    /// <value>Default none.</value>
    public IReadOnlyCollection<string> PseudoLabelTags { get; init; } = [];

    /// <summary>Groups with fewer pictures are listed but not compared. At least 2.</summary>
    /// <value>Default 30.</value>
    public int MinimumCount { get; init; } = 30;

    /// <summary>Where subjects are known, groups with fewer of them are listed but not compared: many pictures of few people are few observations. At least 2.</summary>
    /// <value>Default 10.</value>
    public int MinimumSubjects { get; init; } = 10;

    /// <summary>How intervals are drawn: by subject where any is known, else by picture within each class.</summary>
    /// <value>Default 2,000 resamples.</value>
    public BootstrapOptions Bootstrap { get; init; } = new();

    /// <summary>Confidence level, above 0 and below 1; a difference is found where its adjusted p is below 1 minus the level.</summary>
    /// <value>Default 0.95.</value>
    public double Level { get; init; } = 0.95;

    internal void ThrowIfInvalid()
    {
        ArgumentNullException.ThrowIfNull(PseudoLabelTags);
        ArgumentNullException.ThrowIfNull(Bootstrap);
        ArgumentOutOfRangeException.ThrowIfLessThan(Bootstrap.Resamples, 2, nameof(Bootstrap));
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumSubjects, 2);
        MetricInput.Level(Level, nameof(Level));
    }
}
