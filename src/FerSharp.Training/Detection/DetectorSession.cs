using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>What a step, or an epoch on average, lost.</summary>
/// <param name="Scores">The scores' loss, per cell that answers for a face.</param>
/// <param name="Boxes">The boxes' loss.</param>
/// <param name="Points">The points' loss.</param>
public readonly record struct DetectorLoss(double Scores, double Boxes, double Points)
{
    internal DetectorLoss Plus(DetectorLoss other) => new(Scores + other.Scores, Boxes + other.Boxes, Points + other.Points);

    internal DetectorLoss Over(int steps) => new(Scores / steps, Boxes / steps, Points / steps);
}

/// <summary>The detector of a run with all that changes along with it.</summary>
internal sealed class DetectorSession : IDisposable
{
    private readonly DetectorRecipe _recipe;
    private readonly WeightAverage _average;
    private readonly DetectionTargets _targets = new();
    private readonly Dictionary<int, FaceAssigner> _assigners = [];

    public DetectorSession(DetectorRecipe recipe)
    {
        _recipe = recipe;
        Network = new DetectorNetwork(recipe.Network, recipe.Seed);
        Averaged = new DetectorNetwork(recipe.Network);
        _average = new WeightAverage(Averaged, Network);
        Optimizer = WeightOptimizer.Create(Network, recipe.Optimizer);
        Averaged.eval();
    }

    public DetectorNetwork Network { get; }

    /// <summary>The network whose weights are the running mean; validated and exported.</summary>
    public DetectorNetwork Averaged { get; }

    public WeightOptimizer Optimizer { get; }

    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">Steps that were done before, over the whole run.</param>
    public DetectorLoss Learn(DetectionBatch batch, double rate, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = Network.forward(Input(batch));
        if (!_assigners.TryGetValue(batch.Side, out FaceAssigner? assigner))
        {
            _assigners[batch.Side] = assigner = new FaceAssigner(batch.Side);
        }

        _targets.Fill(assigner, ExportGraph.Values(rows), batch.Faces);
        Tensor flat = rows.flatten(0, 1);
        double count = Math.Max(_targets.Cells.Count, 1);
        Tensor scores = DetectionLoss.Scores(flat.select(1, 0), tensor(_targets.Scores), tensor(_targets.Weights)) / count;
        Tensor loss = scores;
        var parts = new DetectorLoss(scores.ToDouble(), 0, 0);
        if (_targets.Cells.Count > 0)
        {
            Tensor found = flat.index_select(0, tensor(_targets.Cells.ToArray()));
            Tensor boxes = DetectionLoss.Boxes(found.narrow(1, 1, 4), Rows(_targets.Boxes, 4)).sum() / count;
            Tensor points = DetectionLoss.Points(found.narrow(1, 5, 10), Rows(_targets.Points, 10), Rows(_targets.PointWeights, 1).flatten()).sum() / count;
            loss = loss + (_recipe.BoxWeight * boxes) + (_recipe.PointWeight * points);
            parts = parts with { Boxes = boxes.ToDouble(), Points = points.ToDouble() };
        }

        loss.backward();
        Optimizer.Step(rate, step);
        _average.Follow(WeightAverage.Decay(_recipe.AverageDecay, step));
        return parts;
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Averaged.Dispose();
        Network.Dispose();
    }

    /// <summary>[N, 3, S, S]; rows of pixels are the channels-last layout that the network computes in, so nothing is reordered.</summary>
    private static Tensor Input(DetectionBatch batch)
    {
        using Tensor bytes = tensor(batch.Pixels, [batch.Count, batch.Side, batch.Side, 3]);
        return bytes.to(ScalarType.Float32).sub_(DetectorManifest.Mean).div_(DetectorManifest.Deviation).permute(0, 3, 1, 2);
    }

    private static Tensor Rows(List<float> values, int width) => tensor(CollectionsMarshal.AsSpan(values).ToArray(), [values.Count / width, width]);
}
