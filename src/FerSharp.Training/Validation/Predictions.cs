using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>What a model says about the pictures of a set, unvaried and in order.</summary>
internal sealed class Predictions
{
    private const int BatchSize = 128;

    private Predictions(float[] consensus, float[] fer2013, float[] embedding)
    {
        Consensus = consensus;
        Fer2013 = fer2013;
        Embedding = embedding;
    }

    /// <summary>A run of a model: pictures of one size in, the three outputs of each.</summary>
    private delegate (float[] Consensus, float[] Fer2013, float[] Embedding) Run(float[] pixels, int count);

    /// <summary>Logits, eight for each picture.</summary>
    public float[] Consensus { get; }

    /// <summary>Logits, seven for each picture.</summary>
    public float[] Fer2013 { get; }

    public float[] Embedding { get; }

    public ReadOnlySpan<float> ConsensusOf(int picture) => Consensus.AsSpan(picture * ExpressionNetwork.ConsensusClasses, ExpressionNetwork.ConsensusClasses);

    public ReadOnlySpan<float> Fer2013Of(int picture) => Fer2013.AsSpan(picture * ExpressionNetwork.Fer2013Classes, ExpressionNetwork.Fer2013Classes);

    public static Predictions Of(ExpressionNetwork network, TrainingSet set, int side, CancellationToken cancellationToken)
    {
        network.eval();
        return Of(set, side, (pixels, count) =>
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable frozen = no_grad();
            NetworkOutput output = network.forward(tensor(pixels, [count, 1, side, side]));
            return (ExportGraph.Values(output.Consensus), ExportGraph.Values(output.Fer2013), ExportGraph.Values(output.Embedding));
        }, cancellationToken);
    }

    public static Predictions Of(OnnxGraph graph, TrainingSet set, int side, CancellationToken cancellationToken) =>
        Of(set, side, (pixels, count) =>
        {
            float[][] outputs = graph.Run(pixels, [count, 1, side, side], [OutputNames.Consensus, OutputNames.Fer2013, OutputNames.Embedding]);
            return (outputs[0], outputs[1], outputs[2]);
        }, cancellationToken);

    /// <summary>The largest difference between two models' values: of each output.</summary>
    public (float Consensus, float Fer2013, float Embedding) LargestDifference(Predictions other) =>
        (Largest(Consensus, other.Consensus), Largest(Fer2013, other.Fer2013), Largest(Embedding, other.Embedding));

    /// <summary>The pictures from <paramref name="start"/> on, unvaried, as the network wants them.</summary>
    public static float[] Pixels(TrainingSet set, int start, int count, int side)
    {
        var pixels = new float[count * side * side];
        var augmenter = new PictureAugmenter(AugmentationSpec.None);
        for (int i = 0; i < count; i++)
        {
            var random = new RandomSource(0);
            augmenter.Apply(set.Pixels(start + i), set.Side, pixels.AsSpan(i * side * side, side * side), side, ref random);
        }

        return pixels;
    }

    private static Predictions Of(TrainingSet set, int side, Run run, CancellationToken cancellationToken)
    {
        var consensus = new List<float>(set.Count * ExpressionNetwork.ConsensusClasses);
        var fer2013 = new List<float>(set.Count * ExpressionNetwork.Fer2013Classes);
        var embedding = new List<float>();
        for (int start = 0; start < set.Count; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, set.Count - start);
            (float[] c, float[] f, float[] e) = run(Pixels(set, start, count, side), count);
            consensus.AddRange(c);
            fer2013.AddRange(f);
            embedding.AddRange(e);
        }

        return new Predictions([.. consensus], [.. fer2013], [.. embedding]);
    }

    private static float Largest(float[] a, float[] b) => a.Length == b.Length ? a.Zip(b, (x, y) => MathF.Abs(x - y)).DefaultIfEmpty().Max() : float.PositiveInfinity;
}
