using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>The network of a run with all that changes along with it.</summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingRecipe _recipe;
    private readonly WeightAverage _average;

    public TrainingSession(TrainingRecipe recipe, PretrainedWeights? start)
    {
        _recipe = recipe;
        Network = new ExpressionNetwork(recipe.Network, recipe.Seed);
        start?.CopyTo(Network);
        Freeze((recipe.Network as PlainNetworkSpec)?.FrozenConvolutions ?? 0);
        Averaged = new ExpressionNetwork(recipe.Network);
        _average = new WeightAverage(Averaged, Network);
        Optimizer = WeightOptimizer.Create(Network, recipe.Optimizer);
    }

    public ExpressionNetwork Network { get; }

    /// <summary>The network whose weights are the running mean; validated and exported.</summary>
    public ExpressionNetwork Averaged { get; }

    public WeightOptimizer Optimizer { get; }

    /// <summary>Learns from a batch; returns its loss.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">Steps that were done before, over the whole run.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public double Learn(Batch batch, double rate, long step, long stepsPerEpoch)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkOutput output = Network.Forward(
            tensor(batch.Pixels, [batch.Count, 1, batch.Side, batch.Side]), tensor(batch.Kept, [batch.Count, batch.Kept.Length / batch.Count]));
        Tensor loss = (_recipe.Fer2013Weight * CrossEntropy(output.Fer2013, batch.Fer2013, batch.Count))
            + (_recipe.ConsensusWeight * CrossEntropy(output.Consensus, batch.Consensus, batch.Count));
        loss.backward();
        Optimizer.Step(rate, step);
        _average.Follow(WeightAverage.Decay(_recipe, step, stepsPerEpoch));
        return loss.ToDouble();
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Averaged.Dispose();
        Network.Dispose();
    }

    private void Freeze(int convolutions)
    {
        foreach (TorchSharp.Modules.Conv2d convolution in Network.Convolutions.Take(convolutions))
        {
            convolution.weight!.requires_grad_(false);
            convolution.bias?.requires_grad_(false);
        }
    }

    /// <summary>Mean cross-entropy with weights of classes as target; a picture whose weights are all 0 says nothing.</summary>
    private static Tensor CrossEntropy(Tensor logits, float[] target, int count) =>
        -(tensor(target, [count, target.Length / count]) * logits.log_softmax(1)).sum() / count;
}
