using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx;

/// <summary>Contexts for at most a fixed number of calls at once; further calls wait. Each is made when first needed.</summary>
/// <param name="model">The model; the pool owns it from here on.</param>
/// <param name="maxConcurrency">Contexts at most.</param>
internal sealed class ContextPool(OnnxModel model, int maxConcurrency) : IDisposable
{
    private readonly SemaphoreSlim _places = new(maxConcurrency);
    private readonly Lock _gate = new();
    private readonly Stack<InferenceContext> _idle = new(maxConcurrency);
    private bool _disposed;

    /// <summary>The model.</summary>
    public OnnxModel Model => model;

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

            return new Lease(this, new InferenceContext(model));
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

        model.Dispose();
        _places.Dispose();
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
