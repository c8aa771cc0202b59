using System.Threading.Channels;

namespace FerSharp.Training;

/// <summary>Composes the batches of one epoch on a thread of its own, a few ahead of the network.</summary>
/// <remarks>Sizes and pictures are functions of seed, epoch and number, so a resumed run sees what an unbroken one would have.</remarks>
internal sealed class SceneProducer : IDisposable
{
    private const int Ahead = 4;

    private readonly DetectorRecipe _recipe;
    private readonly SceneComposer _composer;
    private readonly SceneCanvas _canvas;
    private readonly Channel<DetectionBatch> _empty = Channel.CreateUnbounded<DetectionBatch>();
    private readonly Channel<DetectionBatch> _full = Channel.CreateUnbounded<DetectionBatch>();
    private readonly CancellationTokenSource _stop;
    private readonly Thread _thread;
    private readonly int _epoch;

    public SceneProducer(DetectionPictures pictures, DetectorRecipe recipe, int epoch, CancellationToken cancellationToken)
    {
        _recipe = recipe;
        _epoch = epoch;
        _composer = new SceneComposer(pictures, recipe.Scenes);
        _canvas = new SceneCanvas(recipe.Sizes.Max());
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (int i = 0; i < Ahead; i++)
        {
            _empty.Writer.TryWrite(new DetectionBatch(recipe.BatchSize, recipe.Sizes.Max()));
        }

        _thread = new Thread(Produce) { IsBackground = true, Name = "training scenes" };
        _thread.Start();
    }

    /// <summary>The batches, in order; each is valid until the next is asked for.</summary>
    public IEnumerable<DetectionBatch> Batches()
    {
        while (_full.Reader.WaitToReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult())
        {
            while (_full.Reader.TryRead(out DetectionBatch? batch))
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

    private void Produce()
    {
        try
        {
            for (int step = 0; step < _recipe.PicturesPerEpoch / _recipe.BatchSize; step++)
            {
                DetectionBatch batch = _empty.Reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
                batch.Side = _recipe.Sizes[new RandomSource(_recipe.Seed, _epoch, step, -4).Below(_recipe.Sizes.Count)];
                for (int i = 0; i < batch.Count; i++)
                {
                    var random = new RandomSource(_recipe.Seed, _epoch, (step * _recipe.BatchSize) + i);
                    _composer.Compose(_canvas, batch.Side, ref random);
                    _canvas.Pixels.CopyTo(batch.Pixels.Span[(i * _canvas.Pixels.Length)..]);
                    batch.Faces[i].Clear();
                    batch.Faces[i].AddRange(_canvas.Faces);
                }

                _full.Writer.TryWrite(batch);
            }

            _full.Writer.Complete();
        }
        catch (Exception e)
        {
            // Whoever waits for the next batch gets to know.
            _full.Writer.Complete(e);
        }
    }
}
