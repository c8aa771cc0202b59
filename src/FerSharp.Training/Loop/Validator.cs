using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>Figures of a network on pictures that are not varied.</summary>
internal sealed class Validator(TrainingSet set, TrainingRecipe recipe)
{
    private const int BatchSize = 128;

    public (double Fer2013, double Consensus8, double Consensus7, double Loss) Measure(ExpressionNetwork network, CancellationToken cancellationToken)
    {
        var counts = new Counts();
        var augmenter = new PictureAugmenter(AugmentationSpec.None);
        int side = recipe.Network.InputSize, area = side * side;
        network.eval();
        for (int start = 0; start < set.Count; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, set.Count - start);
            var pixels = new float[count * area];
            for (int i = 0; i < count; i++)
            {
                var random = new RandomSource(0);
                augmenter.Apply(set.Pixels(start + i), set.Side, pixels.AsSpan(i * area, area), side, ref random);
            }

            using DisposeScope scope = NewDisposeScope();
            using IDisposable frozen = no_grad();
            NetworkOutput output = network.forward(tensor(pixels, [count, 1, side, side]));
            float[] fer2013 = output.Fer2013.log_softmax(1).data<float>().ToArray();
            float[] consensus = output.Consensus.log_softmax(1).data<float>().ToArray();
            for (int i = 0; i < count; i++)
            {
                Add(ref counts, start + i, fer2013.AsSpan(i * ExpressionNetwork.Fer2013Classes, ExpressionNetwork.Fer2013Classes),
                    consensus.AsSpan(i * ExpressionNetwork.ConsensusClasses, ExpressionNetwork.ConsensusClasses));
            }
        }

        return (Share(counts.Fer2013Right, counts.Fer2013), Share(counts.Right8, counts.Of8), Share(counts.Right7, counts.Of7), counts.Loss / Math.Max(set.Count, 1));
    }

    private void Add(ref Counts counts, int picture, ReadOnlySpan<float> fer2013, ReadOnlySpan<float> consensus)
    {
        int label = set.Fer2013Label(picture), majority = set.MajorityLabel(picture);
        ReadOnlySpan<float> votes = set.Votes(picture);
        if (label >= 0)
        {
            counts.Fer2013++;
            counts.Fer2013Right += Largest(fer2013) == label ? 1 : 0;
            counts.Loss -= recipe.Fer2013Weight * fer2013[label];
        }

        for (int i = 0; i < votes.Length; i++)
        {
            counts.Loss -= recipe.ConsensusWeight * votes[i] * consensus[i];
        }

        if (majority < 0)
        {
            return;
        }

        counts.Of8++;
        counts.Right8 += Largest(consensus) == majority ? 1 : 0;
        if (majority != (int)Emotion.Contempt)
        {
            counts.Of7++;
            counts.Right7 += Largest(consensus[..(int)Emotion.Contempt]) == majority ? 1 : 0;
        }
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    private static double Share(int right, int of) => of == 0 ? 0 : (double)right / of;

    private struct Counts
    {
        public int Fer2013, Fer2013Right, Of8, Right8, Of7, Right7;
        public double Loss;
    }
}
