namespace FerSharp.Training;

/// <summary>The learning rate of each step: a function of the recipe, the step, and the epochs that are done.</summary>
internal static class LearningRate
{
    public static double At(TrainingRecipe recipe, long step, long stepsPerEpoch, IReadOnlyList<EpochRecord> done)
    {
        ScheduleSpec spec = recipe.Schedule;
        double top = recipe.Optimizer.LearningRate, warmUp = Math.Min(spec.WarmUpEpochs, recipe.Epochs) * stepsPerEpoch;
        if (step < warmUp)
        {
            return top * (step + 1) / warmUp;
        }

        return spec.Kind switch
        {
            ScheduleKind.Cosine => top * Cosine(spec, (step - warmUp) / Math.Max((stepsPerEpoch * recipe.Epochs) - warmUp, 1)),
            ScheduleKind.Plateau => top * Math.Pow(spec.Factor, Plateaus(recipe, done)),
            _ => top,
        };
    }

    private static double Cosine(ScheduleSpec spec, double done) => spec.FinalShare + ((1 - spec.FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * done)));

    /// <summary>How often the figure has stood still for the schedule's patience; waiting begins anew after each time.</summary>
    private static int Plateaus(TrainingRecipe recipe, IReadOnlyList<EpochRecord> done)
    {
        int plateaus = 0, waited = 0;
        double best = double.NegativeInfinity;
        foreach (EpochRecord epoch in done)
        {
            double figure = epoch.Figure(recipe.Monitor);
            waited = figure > best ? 0 : waited + 1;
            best = Math.Max(best, figure);
            if (waited >= recipe.Schedule.Patience)
            {
                (plateaus, waited) = (plateaus + 1, 0);
            }
        }

        return plateaus;
    }
}
