namespace FerSharp.Evaluation;

/// <summary>What <see cref="RobustnessRunner"/> does.</summary>
public sealed record RobustnessOptions
{
    /// <summary>The perturbations, in the report's order.</summary>
    /// <value>Default <see cref="Perturbation.DefaultGrid"/>.</value>
    public IReadOnlyList<Perturbation> Perturbations { get; init; } = Perturbation.DefaultGrid;

    /// <summary>Seed of the noise and of the places of occlusion.</summary>
    /// <value>Default 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>How the classifier is run. With a detector, a missed face is a wrong answer, and strengths that are lengths are measured on the face that it finds in the unchanged picture.</summary>
    /// <value>Default: the whole picture is the face.</value>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>By whose thresholds a face counts as not answered.</summary>
    /// <value>Default: the library's defaults.</value>
    public EmotionAnalyzerOptions Analyzer { get; init; } = new();

    /// <summary>How intervals of macro F1 and of drops are drawn.</summary>
    /// <value>Default 2,000 resamples.</value>
    public BootstrapOptions Bootstrap { get; init; } = new();

    /// <summary>Confidence level, above 0 and below 1.</summary>
    /// <value>Default 0.95.</value>
    public double Level { get; init; } = 0.95;

    internal void ThrowIfInvalid()
    {
        ArgumentNullException.ThrowIfNull(Evaluation);
        ArgumentNullException.ThrowIfNull(Analyzer);
        ArgumentNullException.ThrowIfNull(Bootstrap);
        Evaluation.ThrowIfInvalid();
        MetricInput.Level(Level, nameof(Level));
        ArgumentOutOfRangeException.ThrowIfLessThan(Bootstrap.Resamples, 1, nameof(Bootstrap));
        if (Perturbations is not { Count: > 0 } || Perturbations.Contains(null))
        {
            throw new ArgumentException($"{nameof(Perturbations)} is empty or has a null; give at least one, or leave the default grid.");
        }

        if (Perturbations.Distinct().Count() != Perturbations.Count)
        {
            throw new ArgumentException($"{nameof(Perturbations)} names the same kind and strength twice; name each once.");
        }
    }
}
