using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>A network whose weights follow the running mean of another's.</summary>
internal sealed class WeightAverage
{
    private readonly (Tensor Own, Tensor Followed)[] _weights;
    private readonly TrainingRecipe _recipe;

    public WeightAverage(ExpressionNetwork average, ExpressionNetwork network, TrainingRecipe recipe)
    {
        _recipe = recipe;
        Dictionary<string, Tensor> followed = network.state_dict();
        _weights = [.. average.state_dict().Select(entry => (entry.Value, followed[entry.Key]))];
        Copy();
    }

    /// <summary>Takes one step towards the network.</summary>
    /// <param name="step">Steps that were done before, over the whole run.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public void Follow(long step, long stepsPerEpoch)
    {
        double decay = Decay(_recipe, step, stepsPerEpoch);
        using IDisposable scope = no_grad();
        foreach ((Tensor own, Tensor followed) in _weights)
        {
            if (own.is_floating_point())
            {
                own.mul_(decay).add_(followed, alpha: 1 - decay);
            }
            else
            {
                own.copy_(followed);
            }
        }
    }

    /// <summary>How much of the mean is kept; 0 makes it a copy. The first steps keep less, so that the random start is soon forgotten.</summary>
    internal static double Decay(TrainingRecipe recipe, long step, long stepsPerEpoch)
    {
        long even = step - ((recipe.AverageEvenlyFrom - 1L) * stepsPerEpoch);
        return recipe.AverageEvenlyFrom > 0 && even >= 0 ? even / (even + 1.0) : Math.Min(recipe.AverageDecay, (1 + step) / (10.0 + step));
    }

    private void Copy()
    {
        using IDisposable scope = no_grad();
        foreach ((Tensor own, Tensor followed) in _weights)
        {
            own.copy_(followed);
        }
    }
}
