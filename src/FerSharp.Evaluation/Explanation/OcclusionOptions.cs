namespace FerSharp.Evaluation;

/// <summary>How <see cref="OcclusionSensitivity"/> covers a face.</summary>
public sealed record OcclusionOptions
{
    /// <summary>The expression whose score is watched.</summary>
    /// <value>Default null: the one that the classifier answers.</value>
    public Emotion? Emotion { get; init; }

    /// <summary>Side of the square patch as a share of the box's shorter side, above 0, at most 1.</summary>
    /// <value>Default 0.25: about an eye with its brow, or half a mouth.</value>
    public double PatchSize { get; init; } = 0.25;

    /// <summary>Step from patch to patch as a share of the box's shorter side, above 0, at most 1. Half the step is four times the work.</summary>
    /// <value>Default 0.0625.</value>
    public double Stride { get; init; } = 0.0625;

    /// <summary>Patches that are read together, from 1 to 1024. Each takes a copy of the face with its surroundings.</summary>
    /// <value>Default 16.</value>
    public int BatchSize { get; init; } = 16;

    internal void ThrowIfInvalid()
    {
        if (Emotion > FerSharp.Emotion.Contempt)
        {
            throw new ArgumentException($"{nameof(Emotion)} is {Emotion}, which is no defined expression.");
        }

        if (!(PatchSize > 0 && PatchSize <= 1) || !(Stride > 0 && Stride <= 1))
        {
            throw new ArgumentException($"{nameof(PatchSize)} is {PatchSize} and {nameof(Stride)} is {Stride}; both must be above 0 and at most 1.");
        }

        if (BatchSize is < 1 or > 1024)
        {
            throw new ArgumentException($"{nameof(BatchSize)} is {BatchSize}; it must be from 1 to 1024.");
        }
    }
}
