using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx;

/// <summary>Contexts for at most a fixed number of calls at once; further calls wait. The first is made, and run once, at load.</summary>
internal sealed class ContextPool : IDisposable
{
    private readonly OnnxModel _model;
    private readonly long[][] _outputShapes;
    private readonly int _maxBatch;
    private readonly Action<InferenceContext>? _prepare;
    private readonly SemaphoreSlim _places;
    private readonly Lock _gate = new();
    private readonly Stack<InferenceContext> _idle;
    private bool _disposed;

    /// <summary>Runs the network once on zeros to learn the outputs' true shapes, and checks them.</summary>
    /// <param name="model">The model; the pool owns it from here on, also when this constructor throws.</param>
    /// <param name="maxConcurrency">Contexts at most.</param>
    /// <param name="maxBatch">Largest batch; lowered to 1 where the graph has a fixed batch size or cannot batch.</param>
    /// <param name="prepare">Adds scratch to a new context.</param>
    public ContextPool(OnnxModel model, int maxConcurrency, int maxBatch, Action<InferenceContext>? prepare = null)
    {
        _model = model;
        _prepare = prepare;
        _places = new SemaphoreSlim(maxConcurrency);
        _idle = new Stack<InferenceContext>(maxConcurrency);
        try
        {
            bool canBatch = model.Session.InputMetadata[model.Manifest.Input.Name].Dimensions[0] <= 0;
            _outputShapes = Probe(1);
            List<string> faults = [.. model.Check([.. _outputShapes.Select(shape => (long?)shape.Aggregate(1L, (product, n) => product * n))])];
            if (faults.Count > 0)
            {
                throw new FerModelException(model.Manifest.Id, faults);
            }

            if (_outputShapes.Any(shape => shape.Length == 0))
            {
                throw new FerModelException(model.Manifest.Id, "output: an output is a single number without axes; each needs a batch axis.");
            }

            if (canBatch && maxBatch > 1 && _outputShapes.Any(shape => shape.Length < 2 || shape[0] != 1))
            {
                throw new FerModelException(model.Manifest.Id, $"output: the batch must be the first axis of each output; for one picture the graph gives {string.Join(", ", _outputShapes.Select(s => $"[{string.Join(", ", s)}]"))}.");
            }

            _maxBatch = canBatch && maxBatch > 1 && DoesBatch() ? maxBatch : 1;
            InferenceContext first = Create();
            _idle.Push(first);
            first.Run(1);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Number of values of an output for one picture.</summary>
    public int OutputLength(int index) => checked((int)_outputShapes[index].Aggregate(1L, (product, n) => product * n));

    /// <summary>Takes a context, waiting for one where all are in use.</summary>
    public Lease Rent(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(InferenceSession));
        _places.Wait(cancellationToken);
        try
        {
            lock (_gate)
            {
                if (_idle.TryPop(out InferenceContext? idle))
                {
                    return new Lease(this, idle);
                }
            }

            return new Lease(this, Create());
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            while (_idle.TryPop(out InferenceContext? context))
            {
                context.Dispose();
            }
        }

        _model.Dispose();
        _places.Dispose();
    }

    private InferenceContext Create()
    {
        var context = new InferenceContext(_model, _outputShapes, _maxBatch);
        _prepare?.Invoke(context);
        return context;
    }

    /// <summary>Whether a run with two pictures gives the outputs of two: a graph can declare any batch size and hold a fixed one inside.</summary>
    private bool DoesBatch()
    {
        try
        {
            return Probe(2).Zip(_outputShapes).All(pair => pair.First.SequenceEqual([2, .. pair.Second.Skip(1)]));
        }
        catch (FerModelException)
        {
            return false;
        }
    }

    private long[][] Probe(int batch)
    {
        PreprocessingSpec spec = _model.Manifest.Input;
        long[] shape = spec.Layout == TensorLayout.Nchw ? [batch, spec.Channels, spec.Height, spec.Width] : [batch, spec.Height, spec.Width, spec.Channels];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(new float[spec.Channels * spec.Height * spec.Width * batch], shape);
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _model.Session.Run(options, [spec.Name], [input], [.. _model.OutputNames]);
            return [.. outputs.Select(output => output.GetTensorTypeAndShape().Shape)];
        }
        catch (OnnxRuntimeException e)
        {
            throw new FerModelException(_model.Manifest.Id, $"The network cannot run on an input of shape [{string.Join(", ", shape)}]: {e.Message}", e);
        }
    }

    private void Return(InferenceContext context)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                context.Dispose();
                return;
            }

            _idle.Push(context);
        }

        _places.Release();
    }

    /// <summary>A context in use; disposing gives it back.</summary>
    public readonly ref struct Lease(ContextPool pool, InferenceContext context)
    {
        public InferenceContext Context { get; } = context;

        public void Dispose() => pool.Return(Context);
    }
}
