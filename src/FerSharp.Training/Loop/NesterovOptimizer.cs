using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>Stochastic gradient descent with Nesterov's momentum (Sutskever et al., 2013).</summary>
internal sealed class NesterovOptimizer : IDisposable
{
    private readonly OptimizerSpec _spec;
    private readonly List<Slot> _slots = [];

    public NesterovOptimizer(ExpressionNetwork network, OptimizerSpec spec)
    {
        _spec = spec;
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            _slots.Add(new Slot(name, parameter, zeros_like(parameter).DetachFromDisposeScope(), parameter.dim() > 1));
        }
    }

    /// <summary>The state that goes on from step to step, by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _slots.Select(slot => (slot.Name, slot.Velocity));

    /// <summary>Moves the weights against their gradients, which are zero afterwards.</summary>
    public void Step(double rate)
    {
        using IDisposable scope = no_grad();
        foreach (Slot slot in _slots)
        {
            if (slot.Parameter.grad is not { } gradient)
            {
                continue;
            }

            if (slot.Decays)
            {
                gradient.add_(slot.Parameter, alpha: _spec.WeightDecay);
            }

            slot.Velocity.mul_(_spec.Momentum).add_(gradient);
            gradient.add_(slot.Velocity, alpha: _spec.Momentum);
            slot.Parameter.add_(gradient, alpha: -rate);
            gradient.zero_();
        }
    }

    public void Dispose() => _slots.ForEach(slot => slot.Velocity.Dispose());

    private sealed record Slot(string Name, Parameter Parameter, Tensor Velocity, bool Decays);
}
