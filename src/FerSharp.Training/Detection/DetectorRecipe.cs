namespace FerSharp.Training;

/// <summary>All that a detector's run depends on besides its pictures. Read from and written to JSON. Immutable, thread-safe.</summary>
public sealed record DetectorRecipe
{
    /// <summary>A name for people and files.</summary>
    public required string Name { get; init; }

    /// <summary>What the recipe is for, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where all random numbers come from.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How many epochs there are.</summary>
    /// <value>Default 50.</value>
    public int Epochs { get; init; } = 50;

    /// <summary>Composed pictures in an epoch; what is left of them by whole batches is not made.</summary>
    /// <value>Default 8192.</value>
    public int PicturesPerEpoch { get; init; } = 8192;

    /// <summary>Pictures in a step.</summary>
    /// <value>Default 16.</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>Sides of the training pictures, multiples of 32; each step draws one.</summary>
    /// <value>Default 256.</value>
    public IReadOnlyList<int> Sizes { get; init; } = [256];

    /// <summary>Side that pictures are fitted to in validation, a multiple of 32.</summary>
    /// <value>Default 320.</value>
    public int ValidationSize { get; init; } = 320;

    /// <summary>The network.</summary>
    public DetectorNetworkSpec Network { get; init; } = new();

    /// <summary>How gradients become steps.</summary>
    public OptimizerSpec Optimizer { get; init; } = new() { Kind = OptimizerKind.Adam, LearningRate = 0.002f, WeightDecay = 0.01f, ClipNorm = 10 };

    /// <summary>How the learning rate changes; a plateau looks at the validation's average precision.</summary>
    public ScheduleSpec Schedule { get; init; } = new() { WarmUpEpochs = 1 };

    /// <summary>How training pictures are composed and varied.</summary>
    public SceneSpec Scenes { get; init; } = new();

    /// <summary>Weight of the boxes' loss; the scores' has 1.</summary>
    /// <value>Default 2.</value>
    public float BoxWeight { get; init; } = 2;

    /// <summary>Weight of the points' loss.</summary>
    /// <value>Default 5.</value>
    public float PointWeight { get; init; } = 5;

    /// <summary>How much of the running mean of the weights is kept at each step; that mean is validated and exported.</summary>
    /// <value>Default 0.999.</value>
    public float AverageDecay { get; init; } = 0.999f;

    /// <summary>The averaged weights are kept as a snapshot every so many epochs; 0 never.</summary>
    /// <value>Default 0.</value>
    public int SnapshotEvery { get; init; }

    /// <summary>Reads a recipe. What is not given has its default; a name that is not known is an error.</summary>
    /// <param name="json">The JSON text; comments are allowed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="InvalidDataException">It is not a recipe: the message says where, or lists all values that cannot be.</exception>
    public static DetectorRecipe FromJson(string json)
    {
        DetectorRecipe recipe = RecipeJson.Read<DetectorRecipe>(json);
        IReadOnlyList<string> faults = recipe.Faults();
        return faults.Count == 0 ? recipe : throw new InvalidDataException($"The recipe cannot be used: {string.Join(' ', faults)}");
    }

    /// <summary>Writes the whole recipe, defaults too.</summary>
    public string ToJson() => RecipeJson.Write(this);

    /// <summary>All that is wrong, a sentence each.</summary>
    internal IReadOnlyList<string> Faults()
    {
        if (Network?.Stages is null || Optimizer is null || Schedule is null || Scenes is null || Sizes is null)
        {
            return ["A part of it is null; leave it out for its default."];
        }

        var faults = new List<string>();
        RecipeRules.Require(faults, !string.IsNullOrWhiteSpace(Name), "name must not be empty.");
        RecipeRules.Require(faults, Epochs >= 1, $"epochs is {Epochs}; it must be at least 1.");
        RecipeRules.Require(faults, BatchSize >= 2, $"batchSize is {BatchSize}; it must be at least 2, because batch normalisation needs two.");
        RecipeRules.Require(faults, PicturesPerEpoch >= BatchSize, $"picturesPerEpoch is {PicturesPerEpoch}; a batch has {BatchSize}.");
        RecipeRules.Require(faults, Sizes.Count > 0 && Sizes.All(IsSize), "sizes must be multiples of 32 from 64 to 1024, at least one.");
        RecipeRules.Require(faults, IsSize(ValidationSize), $"validationSize is {ValidationSize}; it must be a multiple of 32 from 64 to 1024.");
        RecipeRules.Require(faults, BoxWeight is >= 0 and < float.PositiveInfinity && PointWeight is >= 0 and < float.PositiveInfinity, "boxWeight and pointWeight must not be negative.");
        RecipeRules.Require(faults, SnapshotEvery >= 0, "snapshotEvery must not be negative.");
        RecipeRules.Share(faults, AverageDecay, "averageDecay");
        Network.AddFaults(faults);
        RecipeRules.AddFaults(Optimizer, Schedule, faults);
        Scenes.AddFaults(faults);
        return faults;
    }

    private static bool IsSize(int size) => size is >= 64 and <= 1024 && size % DetectorNetwork.Strides[^1] == 0;
}
