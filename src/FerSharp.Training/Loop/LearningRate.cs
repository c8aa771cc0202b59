namespace FerSharp.Training;

/// <summary>The learning rate of each step.</summary>
internal static class LearningRate
{
    /// <summary>Half a cosine after a linear warm-up (Loshchilov, Hutter, 2017).</summary>
    public static double At(OptimizerSpec spec, long step, long stepsPerEpoch, int epochs)
    {
        double warmUp = Math.Min(spec.WarmUpEpochs, epochs) * stepsPerEpoch;
        if (step < warmUp)
        {
            return spec.LearningRate * (step + 1) / warmUp;
        }

        double done = (step - warmUp) / Math.Max((stepsPerEpoch * epochs) - warmUp, 1);
        return spec.LearningRate * (spec.FinalShare + ((1 - spec.FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * done))));
    }
}
