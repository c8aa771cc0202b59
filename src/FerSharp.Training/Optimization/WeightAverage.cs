using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>A network whose weights follow the running mean of another's.</summary>
internal sealed class WeightAverage
{
    private readonly (Tensor Own, Tensor Followed)[] _weights;
    private readonly double _decay;

    public WeightAverage(ExpressionNetwork average, ExpressionNetwork network, double decay)
    {
        Network = average;
        _decay = decay;
        Dictionary<string, Tensor> followed = network.state_dict();
        _weights = [.. average.state_dict().Select(entry => (entry.Value, followed[entry.Key]))];
        Copy();
    }

    public ExpressionNetwork Network { get; }

    /// <summary>Takes one step towards the network; at first larger ones, so that the random start is soon forgotten.</summary>
    public void Follow(long step)
    {
        // A decay of 0 makes it a copy.
        double decay = Math.Min(_decay, (1 + step) / (10.0 + step));
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

    private void Copy()
    {
        using IDisposable scope = no_grad();
        foreach ((Tensor own, Tensor followed) in _weights)
        {
            own.copy_(followed);
        }
    }
}
