using System.Threading.Channels;

namespace FerSharp.Training;

/// <summary>Makes the batches of one epoch on a thread of its own, a few ahead of the network.</summary>
/// <remarks>The order and the variations are functions of seed and epoch. A last batch that would not be full is left out.</remarks>
internal sealed class BatchProducer : IDisposable
{
    private const int Ahead = 4;

    private readonly TrainingSet _set;
    private readonly TrainingRecipe _recipe;
    private readonly TargetWriter _targets;
    private readonly PictureAugmenter _augmenter;
    private readonly float[] _other;
    private readonly Channel<Batch> _empty = Channel.CreateUnbounded<Batch>();
    private readonly Channel<Batch> _full = Channel.CreateUnbounded<Batch>();
    private readonly CancellationTokenSource _stop;
    private readonly Thread _thread;
    private readonly int _epoch;
    private readonly int _side;

    public BatchProducer(TrainingSet set, TargetWriter targets, TrainingRecipe recipe, int epoch, CancellationToken cancellationToken)
    {
        _set = set;
        _targets = targets;
        _recipe = recipe;
        _epoch = epoch;
        _side = SideIn(recipe, epoch);
        _augmenter = new PictureAugmenter(recipe.Augmentation);
        _other = new float[_side * _side];
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (int i = 0; i < Ahead; i++)
        {
            _empty.Writer.TryWrite(new Batch(recipe.BatchSize, _side, recipe.Network.Embedding));
        }

        _thread = new Thread(Produce) { IsBackground = true, Name = "training pictures" };
        _thread.Start();
    }

    /// <summary>The batches, in order; each is valid until the next is asked for.</summary>
    public IEnumerable<Batch> Batches()
    {
        while (_full.Reader.WaitToReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult())
        {
            while (_full.Reader.TryRead(out Batch? batch))
            {
                yield return batch;
                _empty.Writer.TryWrite(batch);
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }

    /// <summary>Side of the pictures in an epoch.</summary>
    public static int SideIn(TrainingRecipe recipe, int epoch)
    {
        foreach (ResolutionPhase phase in recipe.Resolutions)
        {
            if (epoch < phase.Epochs)
            {
                return phase.Size;
            }

            epoch -= phase.Epochs;
        }

        return recipe.Network.InputSize;
    }

    private void Produce()
    {
        try
        {
            var order = new int[_set.Count];
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            new RandomSource(_recipe.Seed, _epoch, -1).Shuffle(order);
            for (int start = 0; start + _recipe.BatchSize <= order.Length; start += _recipe.BatchSize)
            {
                Batch batch = _empty.Reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
                Fill(batch, order, start);
                _full.Writer.TryWrite(batch);
            }

            _full.Writer.Complete();
        }
        catch (OperationCanceledException e)
        {
            _full.Writer.Complete(e);
        }
    }

    private void Fill(Batch batch, ReadOnlySpan<int> order, int start)
    {
        batch.Side = _side;
        Drop(batch.Kept, start);
        int area = _side * _side;
        for (int i = 0; i < batch.Count; i++)
        {
            var random = new RandomSource(_recipe.Seed, _epoch, order[start + i]);
            Span<float> pixels = batch.Pixels.Span.Slice(i * area, area);
            Span<float> consensus = batch.Consensus.AsSpan(i * ExpressionNetwork.ConsensusClasses, ExpressionNetwork.ConsensusClasses);
            Span<float> fer2013 = batch.Fer2013.AsSpan(i * ExpressionNetwork.Fer2013Classes, ExpressionNetwork.Fer2013Classes);
            _augmenter.Apply(_set.Pixels(order[start + i]), _set.Side, pixels, _side, ref random);
            _targets.Write(order[start + i], consensus, fer2013);
            if (random.Unit() < _recipe.Augmentation.Mix)
            {
                MixIn(order[random.Below(order.Length)], pixels, consensus, fer2013, ref random);
            }
        }
    }

    private void Drop(Span<float> kept, int start)
    {
        var random = new RandomSource(_recipe.Seed, _epoch, -2, start);
        float share = _recipe.Network.Dropout;
        foreach (ref float factor in kept)
        {
            factor = random.Unit() < share ? 0 : 1 / (1 - share);
        }
    }

    private void MixIn(int other, Span<float> pixels, Span<float> consensus, Span<float> fer2013, ref RandomSource random)
    {
        Span<float> otherConsensus = stackalloc float[ExpressionNetwork.ConsensusClasses];
        Span<float> otherFer2013 = stackalloc float[ExpressionNetwork.Fer2013Classes];
        _augmenter.Apply(_set.Pixels(other), _set.Side, _other, _side, ref random);
        _targets.Write(other, otherConsensus, otherFer2013);
        float share = PictureMixer.Mix(pixels, _other, _side, _recipe.Augmentation, ref random);
        Blend(consensus, otherConsensus, share);
        Blend(fer2013, otherFer2013, share);
    }

    private static void Blend(Span<float> target, ReadOnlySpan<float> other, float share)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (share * target[i]) + ((1 - share) * other[i]);
        }
    }
}
