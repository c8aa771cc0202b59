using System.Buffers;
using System.Runtime.CompilerServices;

namespace FerSharp.Testing;

/// <summary>A frame source without a camera that keeps every promise of <see cref="IFrameSource"/> and counts the frames it has lent.</summary>
/// <remarks>Frames are copies in buffers of their own. Members may be called from several threads; the frames have one reader.</remarks>
public sealed class FakeFrameSource : IFrameSource
{
    private readonly int _count;
    private readonly Func<int, FrameView> _picture;
    private readonly CancellationTokenSource _disposing = new();
    private int _outstanding;
    private int _delivered;
    private int _started;
    private int _disposed;

    /// <summary>Makes a source of drawn faces.</summary>
    /// <param name="count">How many frames it delivers, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public FakeFrameSource(int count)
        : this(count, Repeat(SyntheticFrames.FaceScene()))
    {
    }

    /// <summary>Makes a source from a callback.</summary>
    /// <param name="count">How many frames it delivers, at least 0.</param>
    /// <param name="picture">Gives the picture of a position, from 0; it is copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="picture"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public FakeFrameSource(int count, Func<int, FrameView> picture)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(picture);
        _count = count;
        _picture = picture;
    }

    /// <inheritdoc/>
    public FrameSourceInfo Info { get; init; } = new("fake", IsLive: false, FramesPerSecond: 25);

    /// <summary>Awaited before each frame, with its position: lets a test decide when a frame arrives. Null: frames come at once.</summary>
    public Func<int, CancellationToken, ValueTask>? BeforeFrame { get; init; }

    /// <summary>Frames that were delivered and are not yet disposed.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Frames that were delivered.</summary>
    public int Delivered => Volatile.Read(ref _delivered);

    /// <summary>Whether the source is disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <inheritdoc/>
    public IAsyncEnumerable<Frame> ReadFramesAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return ReadOnceAsync(cancellationToken);
    }

    /// <summary>Ends the source's life; harmless when repeated. A reader that waits for a frame gets <see cref="ObjectDisposedException"/>; delivered frames stay valid.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _disposing.CancelAsync().ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<Frame> ReadOnceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The source was read before; it can be enumerated once. Make a new source.");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        TimeSpan interval = TimeSpan.FromSeconds(1 / (Info.FramesPerSecond is > 0 and var rate ? rate : 25));
        for (int i = 0; i < _count; i++)
        {
            await WaitAsync(i, either.Token, cancellationToken).ConfigureAwait(false);
            yield return Lend(i, i * interval);
        }
    }

    private async ValueTask WaitAsync(int position, CancellationToken either, CancellationToken reader)
    {
        try
        {
            either.ThrowIfCancellationRequested();
            if (BeforeFrame is not null)
            {
                await BeforeFrame(position, either).ConfigureAwait(false);
                either.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            reader.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            throw;
        }
    }

    private Frame Lend(int position, TimeSpan timestamp)
    {
        FrameView picture = _picture(position);
        var frame = Frame.Create(new Loan(this, picture), picture.Width, picture.Height, picture.Format, picture.Stride, position, timestamp);
        Interlocked.Increment(ref _delivered);
        Interlocked.Increment(ref _outstanding);
        return frame;
    }

    private static Func<int, FrameView> Repeat(FrameView picture) => _ => picture;

    private sealed class Loan(FakeFrameSource source, FrameView picture) : IMemoryOwner<byte>
    {
        private int _returned;

        public Memory<byte> Memory { get; } = picture.Pixels.ToArray();

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                Interlocked.Decrement(ref source._outstanding);
            }
        }
    }
}
