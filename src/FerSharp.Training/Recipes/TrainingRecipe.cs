namespace FerSharp.Training;

/// <summary>All that a run depends on besides its pictures. Read from and written to JSON. Immutable, thread-safe.</summary>
public sealed record TrainingRecipe
{
    /// <summary>A name for people and files.</summary>
    public required string Name { get; init; }

    /// <summary>What the recipe is for, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where all random numbers come from.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How often each picture is seen.</summary>
    /// <value>Default 60.</value>
    public int Epochs { get; init; } = 60;

    /// <summary>Pictures in a step.</summary>
    /// <value>Default 64.</value>
    public int BatchSize { get; init; } = 64;

    /// <summary>The network.</summary>
    public NetworkSpec Network { get; init; } = new ResidualNetworkSpec();

    /// <summary>How gradients become steps.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>How the learning rate changes.</summary>
    public ScheduleSpec Schedule { get; init; } = new();

    /// <summary>How pictures are varied.</summary>
    public AugmentationSpec Augmentation { get; init; } = AugmentationSpec.None;

    /// <summary>Smaller pictures for the first epochs, which cost less; after the last of these, the network's own size. A plain network takes only sizes that leave its dense layer as many inputs.</summary>
    public IReadOnlyList<ResolutionPhase> Resolutions { get; init; } = [];

    /// <summary>Share of the FER-2013 target that is spread over all classes (Szegedy et al., 2016).</summary>
    /// <value>Default 0.1.</value>
    public float LabelSmoothing { get; init; } = 0.1f;

    /// <summary>Weight of the loss of FER-2013's labels; 0 leaves that output untrained.</summary>
    /// <value>Default 1.</value>
    public float Fer2013Weight { get; init; } = 1;

    /// <summary>Weight of the loss of FER+'s votes; 0 leaves that output untrained.</summary>
    /// <value>Default 1.</value>
    public float ConsensusWeight { get; init; } = 1;

    /// <summary>
    /// How far rare classes weigh more: a class with share s of the targets weighs (1 / (classes * s)) to this power, in both losses. 0: all
    /// alike; 1: each class as much as any other.
    /// </summary>
    /// <value>Default 0.</value>
    public float ClassBalance { get; init; }

    /// <summary>Share of the targets that soft labels of a teacher replace, for pictures that have them (Hinton et al., 2015).</summary>
    /// <value>Default 0.</value>
    public float TeacherShare { get; init; }

    /// <summary>How much of the running mean of the weights is kept at each step; that mean is validated and exported. 0: the weights themselves.</summary>
    /// <value>Default 0.999.</value>
    public float AverageDecay { get; init; } = 0.999f;

    /// <summary>
    /// From this epoch on, counted from 1, the mean of the weights is an even one over all steps (stochastic weight averaging; Izmailov et al.,
    /// 2018), and <see cref="AverageDecay"/> counts only before it. 0 never.
    /// </summary>
    /// <value>Default 0.</value>
    public int AverageEvenlyFrom { get; init; }

    /// <summary>What the best epoch is chosen by, and what plateaus and early stopping look at.</summary>
    /// <value>Default <see cref="MonitoredFigure.Score"/>.</value>
    public MonitoredFigure Monitor { get; init; }

    /// <summary>Stops after so many epochs without a better one; 0 never.</summary>
    /// <value>Default 0.</value>
    public int StopAfter { get; init; }

    /// <summary>The averaged weights are kept as a snapshot every so many epochs; 0 never.</summary>
    /// <value>Default 0.</value>
    public int SnapshotEvery { get; init; }

    /// <summary>Reads a recipe. What is not given has its default; a name that is not known is an error.</summary>
    /// <param name="json">The JSON text; comments are allowed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="InvalidDataException">It is not a recipe: the message says where, or lists all values that cannot be.</exception>
    public static TrainingRecipe FromJson(string json)
    {
        TrainingRecipe recipe = RecipeJson.Read<TrainingRecipe>(json);
        IReadOnlyList<string> faults = RecipeRules.Faults(recipe);
        return faults.Count == 0 ? recipe : throw new InvalidDataException($"The recipe cannot be used: {string.Join(' ', faults)}");
    }

    /// <summary>Writes the whole recipe, defaults too.</summary>
    public string ToJson() => RecipeJson.Write(this);
}

/// <summary>Smaller pictures for some epochs.</summary>
/// <param name="Epochs">For how many epochs.</param>
/// <param name="Size">Side of the pictures.</param>
public sealed record ResolutionPhase(int Epochs, int Size);

/// <summary>A figure of an epoch.</summary>
public enum MonitoredFigure
{
    /// <summary>The mean of the accuracies of both outputs that are trained; the more, the better.</summary>
    Score = 0,

    /// <summary>The validation loss; the less, the better.</summary>
    ValidationLoss = 1,
}
