using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>Makes steps of gradients.</summary>
/// <remarks>
/// TorchSharp 0.107 makes an object of each number that goes into an operation, and does not keep it alive while the operation runs: a collection at
/// the wrong moment frees it. What runs for each weight at each step holds its numbers itself.
/// </remarks>
internal abstract class WeightOptimizer : IDisposable
{
    private readonly List<(string Name, Parameter Value)> _parameters = [];
    private readonly List<(string Name, Tensor Value)> _state = [];

    protected WeightOptimizer(nn.Module network, OptimizerSpec spec)
    {
        Spec = spec;
        _parameters.AddRange(network.named_parameters().Where(entry => entry.parameter.requires_grad));
    }

    /// <summary>What goes on from step to step, by name.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State => _state;

    protected OptimizerSpec Spec { get; }

    protected IReadOnlyList<(string Name, Parameter Value)> Parameters => _parameters;

    public static WeightOptimizer Create(nn.Module network, OptimizerSpec spec) =>
        spec.Kind == OptimizerKind.Adam ? new AdamOptimizer(network, spec) : new NesterovOptimizer(network, spec);

    /// <summary>Moves the weights against their gradients, which are zero afterwards.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">Steps that were done before, over the whole run.</param>
    public void Step(double rate, long step)
    {
        using IDisposable scope = no_grad();
        if (Spec.ClipNorm > 0)
        {
            Clip();
        }

        for (int i = 0; i < _parameters.Count; i++)
        {
            Parameter parameter = _parameters[i].Value;
            if (parameter.grad is { } gradient)
            {
                Move(i, parameter, gradient, rate, step, parameter.dim() > 1 ? Spec.WeightDecay : 0);
                gradient.zero_();
            }
        }
    }

    public void Dispose() => _state.ForEach(entry => entry.Value.Dispose());

    /// <summary>Moves one parameter; the gradient may be overwritten.</summary>
    protected abstract void Move(int index, Parameter parameter, Tensor gradient, double rate, long step, double decay);

    /// <summary>A tensor of zeros for each parameter, kept in checkpoints.</summary>
    protected Tensor[] NewState(string name) =>
        [.. _parameters.Select(parameter =>
        {
            Tensor zeros = zeros_like(parameter.Value).requires_grad_(false).DetachFromDisposeScope();
            _state.Add(($"{name}.{parameter.Name}", zeros));
            return zeros;
        })];

    private void Clip()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = [.. _parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>()];
        double norm = Math.Sqrt(gradients.Sum(gradient => gradient.square().sum().ToDouble()));
        if (norm > Spec.ClipNorm)
        {
            Array.ForEach(gradients, gradient => gradient.mul_(Spec.ClipNorm / norm));
        }
    }
}

/// <summary>Stochastic gradient descent with Nesterov's momentum (Sutskever et al., 2013).</summary>
internal sealed class NesterovOptimizer : WeightOptimizer
{
    private readonly Tensor[] _velocity;

    public NesterovOptimizer(nn.Module network, OptimizerSpec spec)
        : base(network, spec) => _velocity = NewState("velocity");

    protected override void Move(int index, Parameter parameter, Tensor gradient, double rate, long step, double decay)
    {
        using Scalar momentum = Spec.Momentum, back = -rate;
        if (decay > 0)
        {
            using Scalar share = decay;
            gradient.add_(parameter, alpha: share);
        }

        _velocity[index].mul_(momentum).add_(gradient);
        gradient.add_(_velocity[index], alpha: momentum);
        parameter.add_(gradient, alpha: back);
    }
}

/// <summary>Adam (Kingma, Ba, 2015), with the weights' decay apart from the gradient (Loshchilov, Hutter, 2019).</summary>
internal sealed class AdamOptimizer : WeightOptimizer
{
    private const double Epsilon = 1e-8;

    private readonly Tensor[] _mean;
    private readonly Tensor[] _square;

    public AdamOptimizer(nn.Module network, OptimizerSpec spec)
        : base(network, spec)
    {
        _mean = NewState("mean");
        _square = NewState("square");
    }

    protected override void Move(int index, Parameter parameter, Tensor gradient, double rate, long step, double decay)
    {
        double meanScale = 1 - Math.Pow(Spec.Momentum, step + 1), squareScale = 1 - Math.Pow(Spec.SquareDecay, step + 1);
        using Scalar kept = Spec.Momentum, added = 1 - Spec.Momentum, squareKept = Spec.SquareDecay, squareAdded = 1 - Spec.SquareDecay;
        using Scalar shrink = 1 - (rate * decay), scale = 1 / squareScale, floor = Epsilon, back = -rate / meanScale;
        if (decay > 0)
        {
            parameter.mul_(shrink);
        }

        _mean[index].mul_(kept).add_(gradient, alpha: added);
        _square[index].mul_(squareKept).addcmul_(gradient, gradient, squareAdded);
        using Tensor root = _square[index].mul(scale);
        parameter.addcdiv_(_mean[index], root.sqrt_().add_(floor), back);
    }
}
