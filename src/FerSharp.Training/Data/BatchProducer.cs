using System.Threading.Channels;

namespace FerSharp.Training;

/// <summary>Makes the batches of one epoch on a thread of its own, a few ahead of the network.</summary>
/// <remarks>The order and the variations are functions of seed and epoch. A last batch that would not be full is left out.</remarks>
internal sealed class BatchProducer : IDisposable
{
    private const int Ahead = 4;

    private readonly TrainingSet _set;
    private readonly TrainingRecipe _recipe;
    private readonly PictureAugmenter _augmenter;
    private readonly Channel<Batch> _empty = Channel.CreateUnbounded<Batch>();
    private readonly Channel<Batch> _full = Channel.CreateUnbounded<Batch>();
    private readonly CancellationTokenSource _stop;
    private readonly Thread _thread;
    private readonly int _epoch;
    private readonly int _side;

    public BatchProducer(TrainingSet set, TrainingRecipe recipe, int epoch, CancellationToken cancellationToken)
    {
        _set = set;
        _recipe = recipe;
        _epoch = epoch;
        _side = SideIn(recipe, epoch);
        _augmenter = new PictureAugmenter(recipe.Augmentation);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (int i = 0; i < Ahead; i++)
        {
            _empty.Writer.TryWrite(new Batch(recipe.BatchSize, _side));
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
                Fill(batch, order.AsSpan(start, _recipe.BatchSize));
                _full.Writer.TryWrite(batch);
            }

            _full.Writer.Complete();
        }
        catch (OperationCanceledException e)
        {
            _full.Writer.Complete(e);
        }
    }

    private void Fill(Batch batch, ReadOnlySpan<int> pictures)
    {
        batch.Side = _side;
        int area = _side * _side, classes = ExpressionNetwork.Fer2013Classes;
        float spread = _recipe.LabelSmoothing / classes;
        for (int i = 0; i < pictures.Length; i++)
        {
            int picture = pictures[i];
            var random = new RandomSource(_recipe.Seed, _epoch, picture);
            _augmenter.Apply(_set.Pixels(picture), _set.Side, batch.Pixels.Span.Slice(i * area, area), _side, ref random);
            Span<float> target = batch.Fer2013.AsSpan(i * classes, classes);
            int label = _set.Fer2013Label(picture);
            target.Fill(label < 0 ? 0 : spread);
            if (label >= 0)
            {
                target[label] += 1 - _recipe.LabelSmoothing;
            }

            _set.Votes(picture).CopyTo(batch.Consensus.AsSpan(i * ExpressionNetwork.ConsensusClasses));
        }
    }
}
