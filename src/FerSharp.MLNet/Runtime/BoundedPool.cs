namespace FerSharp.MLNet;

/// <summary>What one call at a time may use, for at most a fixed number of calls at once; further calls wait.</summary>
/// <typeparam name="T">What is lent.</typeparam>
internal sealed class BoundedPool<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Func<T> _create;
    private readonly SemaphoreSlim _places;
    private readonly Lock _gate = new();
    private readonly Stack<T> _idle;
    private bool _disposed;

    /// <summary>Makes the pool.</summary>
    /// <param name="create">Makes one; called at most <paramref name="maxConcurrency"/> times, when first needed.</param>
    /// <param name="maxConcurrency">Calls at once.</param>
    public BoundedPool(Func<T> create, int maxConcurrency)
    {
        _create = create;
        _places = new SemaphoreSlim(maxConcurrency);
        _idle = new Stack<T>(maxConcurrency);
    }

    /// <summary>Takes one, waiting where all are in use.</summary>
    public Lease Rent(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _places.Wait(cancellationToken);
        try
        {
            lock (_gate)
            {
                if (_idle.TryPop(out T? idle))
                {
                    return new Lease(this, idle);
                }
            }

            return new Lease(this, _create());
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
            while (_idle.TryPop(out T? idle))
            {
                idle.Dispose();
            }
        }

        _places.Dispose();
    }

    private void Return(T item)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                item.Dispose();
                return;
            }

            _idle.Push(item);
        }

        _places.Release();
    }

    /// <summary>One in use; disposing gives it back.</summary>
    public readonly ref struct Lease(BoundedPool<T> pool, T item)
    {
        public T Item { get; } = item;

        public void Dispose() => pool.Return(Item);
    }
}
