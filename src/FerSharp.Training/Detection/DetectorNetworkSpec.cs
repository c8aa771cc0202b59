namespace FerSharp.Training;

/// <summary>A detector's network. Immutable, thread-safe.</summary>
public sealed record DetectorNetworkSpec
{
    /// <summary>Channels of the first convolution, which halves the picture.</summary>
    /// <value>Default 16.</value>
    public int StemChannels { get; init; } = 16;

    /// <summary>Stages of depthwise blocks, each of which halves the picture at its first block; the last three give the grids of 8, 16 and 32 pixels, so there are four.</summary>
    public IReadOnlyList<StageSpec> Stages { get; init; } = [new(32, 1), new(64, 3), new(96, 4), new(128, 3)];

    /// <summary>Channels of the neck and the heads.</summary>
    /// <value>Default 64.</value>
    public int NeckChannels { get; init; } = 64;

    /// <summary>Depthwise blocks of each head.</summary>
    /// <value>Default 1.</value>
    public int HeadBlocks { get; init; } = 1;

    internal void AddFaults(List<string> faults)
    {
        StageSpec.AddFaults(Stages, faults);
        RecipeRules.Require(faults, Stages.Count == 4, $"network.stages are {Stages.Count}; a detector has four, the last three of which give its grids.");
        RecipeRules.Require(faults, StemChannels >= 1 && NeckChannels >= 1 && HeadBlocks >= 1, "network.stemChannels, neckChannels and headBlocks must be at least 1.");
    }
}
