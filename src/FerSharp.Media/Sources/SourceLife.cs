using System.Diagnostics.CodeAnalysis;

namespace FerSharp.Media;

/// <summary>The life of a frame source: read once, disposed once, and a reading that ends when either its reader or the source wishes. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer and no wait handle: there is nothing to dispose.")]
internal sealed class SourceLife(string name)
{
    private readonly CancellationTokenSource _ending = new();
    private int _started;
    private int _disposed;

    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Begins the only reading.</summary>
    /// <returns>A source of the token that ends with the reader's or the source's; the reading disposes it.</returns>
    public CancellationTokenSource Begin(CancellationToken reader)
    {
        ThrowIfDisposed();
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException($"The source '{name}' was read before; it can be enumerated once. Make a new source.");
        }

        return CancellationTokenSource.CreateLinkedTokenSource(reader, _ending.Token);
    }

    /// <summary>Throws what an ended reading is to end with: the reader's cancellation first, then the source's end.</summary>
    public void ThrowIfEnded(CancellationToken reader)
    {
        reader.ThrowIfCancellationRequested();
        ThrowIfDisposed();
    }

    public void ThrowIfDisposed()
    {
        if (IsDisposed)
        {
            throw new ObjectDisposedException(name, $"The source '{name}' is disposed.");
        }
    }

    /// <summary>Ends the life.</summary>
    /// <returns>Whether this call ended it; false for every further call.</returns>
    public async ValueTask<bool> EndAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return false;
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Checks a nominal rate.</summary>
    public static void CheckRate(double framesPerSecond)
    {
        if (!(framesPerSecond is > 0 and <= 1_000_000))
        {
            throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond, "The rate must be above 0 and at most 1000000 frames a second.");
        }
    }

    /// <summary>The time of a frame of a source that has a rate and no clock.</summary>
    public static TimeSpan TimeOf(long sequence, double framesPerSecond) => TimeSpan.FromTicks((long)Math.Round(sequence * (TimeSpan.TicksPerSecond / framesPerSecond)));
}
