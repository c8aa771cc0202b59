using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerSharp.Training;

/// <summary>All that a run depends on besides its pictures. Read from and written to JSON. Immutable, thread-safe.</summary>
public sealed record TrainingRecipe
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>A name for people and files.</summary>
    public required string Name { get; init; }

    /// <summary>Where all random numbers come from.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How often each picture is seen.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Pictures in a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The network.</summary>
    public NetworkSpec Network { get; init; } = new();

    /// <summary>The optimiser and its learning rates.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>How pictures are varied.</summary>
    public AugmentationSpec Augmentation { get; init; } = AugmentationSpec.None;

    /// <summary>Smaller pictures for the first epochs, which cost less; after the last of these, the network's own size.</summary>
    public IReadOnlyList<ResolutionPhase> Resolutions { get; init; } = [];

    /// <summary>Share of the FER-2013 target that is spread over all classes (Szegedy et al., 2016).</summary>
    public float LabelSmoothing { get; init; } = 0.1f;

    /// <summary>Weight of the loss of FER-2013's labels.</summary>
    public float Fer2013Weight { get; init; } = 1;

    /// <summary>Weight of the loss of FER+'s votes.</summary>
    public float ConsensusWeight { get; init; } = 1;

    /// <summary>How much of the running mean of the weights is kept at each step; that mean is what is validated and exported. 0 for none.</summary>
    public float AverageDecay { get; init; } = 0.999f;

    /// <summary>The averaged weights are kept as a snapshot every so many epochs; 0 for never.</summary>
    public int SnapshotEvery { get; init; }

    /// <summary>Reads a recipe. What is not given has its default; a name that is not known is an error.</summary>
    /// <param name="json">The JSON text; comments are allowed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="InvalidDataException">It is not a recipe; the message says where.</exception>
    public static TrainingRecipe FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<TrainingRecipe>(json, Format) ?? throw new InvalidDataException("The recipe is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"This is not a recipe: {e.Message}", e);
        }
    }

    /// <summary>Writes the whole recipe, defaults too.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format);
}

/// <summary>Smaller pictures for some epochs.</summary>
/// <param name="Epochs">For how many epochs.</param>
/// <param name="Size">Side of the pictures.</param>
public sealed record ResolutionPhase(int Epochs, int Size);

/// <summary>Stochastic gradient descent with Nesterov's momentum; the rate climbs in a warm-up and then falls as half a cosine.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed record OptimizerSpec
{
    /// <summary>The highest learning rate.</summary>
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>The last learning rate, as a share of the highest.</summary>
    public float FinalShare { get; init; } = 0.001f;

    /// <summary>Epochs of warm-up.</summary>
    public float WarmUpEpochs { get; init; } = 2;

    /// <summary>Momentum.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Decay of the weights of convolutions and linear layers; biases and normalisation have none.</summary>
    public float WeightDecay { get; init; } = 5e-4f;
}
