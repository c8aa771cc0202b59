using FerSharp.MLNet;

namespace FerSharp.Cli.Training;

/// <summary>What <c>train-head</c> is to do.</summary>
internal sealed record TrainHeadSettings
{
    /// <summary>Features of FerSharp.Core; null for a network's embedding.</summary>
    public IReadOnlyList<FeatureSpec>? Features { get; init; }

    /// <summary>Path or id of the embedding's network; null for the embedded classifier.</summary>
    public string? Backbone { get; init; }

    public required HeadChoice Head { get; init; }

    public required string OutputFolder { get; init; }

    public required bool UsesDetector { get; init; }

    /// <summary>Path or id; null for the embedded detector.</summary>
    public string? Detector { get; init; }

    public EmotionSet? AnswersWithin { get; init; }

    public required int Folds { get; init; }

    public required float Balance { get; init; }

    public required int Seed { get; init; }

    public required string Id { get; init; }

    public required int Threads { get; init; }

    public HeadTrainingOptions ToOptions(string trainedOn, ModelLicense license) => new()
    {
        Id = Id,
        TrainedOn = trainedOn,
        License = license,
        Algorithms = Head switch
        {
            HeadChoice.Lbfgs => [HeadAlgorithm.MaximumEntropyLbfgs],
            HeadChoice.Sdca => [HeadAlgorithm.MaximumEntropySdca],
            HeadChoice.LightGbm => [HeadAlgorithm.LightGbm],
            HeadChoice.Knn => [HeadAlgorithm.NearestNeighbors],
            _ => new HeadTrainingOptions().Algorithms,
        },
        Folds = Folds,
        ClassBalance = Balance,
        Seed = Seed,
    };
}

/// <summary>The trainer, as a user names it.</summary>
internal enum HeadChoice
{
    Auto,
    Lbfgs,
    Sdca,
    LightGbm,
    Knn,
}
