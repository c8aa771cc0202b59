using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>A network whose weights follow the running mean of another's.</summary>
internal sealed class WeightAverage
{
    private readonly (Tensor Own, Tensor Followed)[] _weights;

    public WeightAverage(nn.Module average, nn.Module network)
    {
        Dictionary<string, Tensor> followed = network.state_dict();
        _weights = [.. average.state_dict().Select(entry => (entry.Value, followed[entry.Key]))];
        Copy();
    }

    /// <summary>Takes one step towards the network.</summary>
    /// <param name="decay">How much of the mean is kept; 0 makes it a copy.</param>
    public void Follow(double decay)
    {
        using IDisposable scope = no_grad();
        using Scalar kept = decay, added = 1 - decay;
        foreach ((Tensor own, Tensor followed) in _weights)
        {
            if (own.is_floating_point())
            {
                own.mul_(kept).add_(followed, alpha: added);
            }
            else
            {
                own.copy_(followed);
            }
        }
    }

    /// <summary>How much of a running mean is kept. The first steps keep less, so that the random start is soon forgotten.</summary>
    internal static double Decay(float decay, long step) => Math.Min(decay, (1 + step) / (10.0 + step));

    /// <summary>How much of the mean is kept, where a recipe may want an even mean from some epoch on.</summary>
    internal static double Decay(TrainingRecipe recipe, long step, long stepsPerEpoch)
    {
        long even = step - ((recipe.AverageEvenlyFrom - 1L) * stepsPerEpoch);
        return recipe.AverageEvenlyFrom > 0 && even >= 0 ? even / (even + 1.0) : Decay(recipe.AverageDecay, step);
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
