namespace FerSharp.Training;

/// <summary>What a recipe's values may be.</summary>
internal static class RecipeRules
{
    /// <summary>All that is wrong, a sentence each.</summary>
    public static IReadOnlyList<string> Faults(TrainingRecipe recipe)
    {
        var faults = new List<string>();
        if (recipe.Network is null || recipe.Optimizer is null || recipe.Schedule is null || recipe.Augmentation is null || recipe.Resolutions is null)
        {
            return ["A part of it is null; leave it out for its default."];
        }

        Require(faults, !string.IsNullOrWhiteSpace(recipe.Name), "name must not be empty.");
        Require(faults, recipe.Epochs >= 1, $"epochs is {recipe.Epochs}; it must be at least 1.");
        Require(faults, recipe.BatchSize >= 2, $"batchSize is {recipe.BatchSize}; it must be at least 2, because batch normalisation needs two.");
        Require(faults, recipe.Fer2013Weight >= 0 && recipe.ConsensusWeight >= 0 && recipe.Fer2013Weight + recipe.ConsensusWeight > 0, "fer2013Weight and consensusWeight must not be negative, and not both 0.");
        Share(faults, recipe.LabelSmoothing, "labelSmoothing");
        Share(faults, recipe.TeacherShare, "teacherShare", end: true);
        Share(faults, recipe.ClassBalance, "classBalance", end: true);
        Share(faults, recipe.AverageDecay, "averageDecay");
        Require(faults, recipe is { StopAfter: >= 0, SnapshotEvery: >= 0, AverageEvenlyFrom: >= 0 }, "stopAfter, snapshotEvery and averageEvenlyFrom must not be negative.");
        recipe.Network.AddFaults(faults);
        AddFaults(recipe.Optimizer, recipe.Schedule, faults);
        AddFaults(recipe.Augmentation, faults);
        foreach (ResolutionPhase phase in recipe.Resolutions)
        {
            Require(faults, phase.Epochs >= 1 && phase.Size >= 8, "Each of resolutions needs at least one epoch and a size of at least 8.");
            Require(faults, recipe.Network is not ResidualNetworkSpec residual || phase.Size % (2 << residual.Stages.Count) == 0, $"The network cannot take the size {phase.Size} of resolutions; its strides must divide it.");
            Require(faults, recipe.Network is not PlainNetworkSpec plain || phase.Size >> plain.Stages.Count == plain.InputSize >> plain.Stages.Count, $"The network cannot take the size {phase.Size} of resolutions; its dense layer was made for {recipe.Network.InputSize}.");
        }

        return faults;
    }

    public static void AddFaults(OptimizerSpec optimizer, ScheduleSpec schedule, List<string> faults)
    {
        Require(faults, optimizer.LearningRate is > 0 and < float.PositiveInfinity, "optimizer.learningRate must be above 0.");
        Share(faults, optimizer.Momentum, "optimizer.momentum");
        Share(faults, optimizer.SquareDecay, "optimizer.squareDecay");
        Require(faults, optimizer is { WeightDecay: >= 0, ClipNorm: >= 0 }, "optimizer.weightDecay and optimizer.clipNorm must not be negative.");
        Require(faults, schedule is { WarmUpEpochs: >= 0, Patience: >= 1 }, "schedule.warmUpEpochs must not be negative, schedule.patience at least 1.");
        Share(faults, schedule.FinalShare, "schedule.finalShare", end: true);
        Require(faults, schedule.Factor is > 0 and < 1, "schedule.factor must be between 0 and 1.");
    }

    private static void AddFaults(AugmentationSpec spec, List<string> faults)
    {
        (string Name, float Value, float Most)[] ranges =
        [
            ("rotation", spec.Rotation, 180), ("zoom", spec.Zoom, 0.9f), ("shift", spec.Shift, 1), ("shear", spec.Shear, 60), ("aspect", spec.Aspect, 0.9f),
            ("flip", spec.Flip, 1), ("brightness", spec.Brightness, 255), ("contrast", spec.Contrast, 1), ("degrade", spec.Degrade, 1), ("blur", spec.Blur, 8), ("noise", spec.Noise, 128), ("erase", spec.Erase, 1), ("eraseArea", spec.EraseArea, 1),
            ("mix", spec.Mix, 1), ("mixStrength", spec.MixStrength, 1), ("cutShare", spec.CutShare, 1),
        ];
        foreach ((string name, float value, float most) in ranges)
        {
            Require(faults, value >= 0 && value <= most, $"augmentation.{name} is {value}; it must be from 0 to {most}.");
        }
    }

    public static void Share(List<string> faults, float value, string name, bool end = false) =>
        Require(faults, value >= 0 && (value < 1 || (end && value == 1)), $"{name} is {value}; it must be from 0 to {(end ? "1" : "below 1")}.");

    public static void Require(List<string> faults, bool holds, string fault)
    {
        if (!holds)
        {
            faults.Add(fault);
        }
    }
}
