namespace FerSharp.Training;

/// <summary>The learning rate of each step: a function of the recipe, the step, and the epochs that are done.</summary>
internal static class LearningRate
{
    public static double At(TrainingRecipe recipe, long step, long stepsPerEpoch, IReadOnlyList<EpochRecord> done) =>
        At(recipe.Schedule, recipe.Optimizer.LearningRate, recipe.Epochs, step, stepsPerEpoch, () => Plateaus(recipe.Schedule, done.Select(epoch => epoch.Figure(recipe.Monitor))));

    public static double At(ScheduleSpec spec, double top, int epochs, long step, long stepsPerEpoch, Func<int> plateaus)
    {
        double warmUp = Math.Min(spec.WarmUpEpochs, epochs) * stepsPerEpoch;
        if (step < warmUp)
        {
            return top * (step + 1) / warmUp;
        }

        return spec.Kind switch
        {
            ScheduleKind.Cosine => top * Cosine(spec, (step - warmUp) / Math.Max((stepsPerEpoch * epochs) - warmUp, 1)),
            ScheduleKind.Plateau => top * Math.Pow(spec.Factor, plateaus()),
            _ => top,
        };
    }

    private static double Cosine(ScheduleSpec spec, double done) => spec.FinalShare + ((1 - spec.FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * done)));

    /// <summary>How often a figure, of which more is better, has stood still for the schedule's patience; waiting begins anew after each time.</summary>
    public static int Plateaus(ScheduleSpec spec, IEnumerable<double> figures)
    {
        int plateaus = 0, waited = 0;
        double best = double.NegativeInfinity;
        foreach (double figure in figures)
        {
            waited = figure > best ? 0 : waited + 1;
            best = Math.Max(best, figure);
            if (waited >= spec.Patience)
            {
                (plateaus, waited) = (plateaus + 1, 0);
            }
        }

        return plateaus;
    }
}
