using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FerSharp.Media;

/// <summary>Frames that the application pushes: from a camera library, a web socket, a screen. Holds a bounded number of them and drops the oldest.</summary>
/// <remarks>Thread-safe: frames may be pushed from any thread, in the order in which the calls arrive. Pushing never waits for the reader.</remarks>
public sealed class PushFrameSource : IFrameSource
{
    private readonly Channel<Frame> _frames;
    private readonly TimeProvider _clock;
    private readonly SourceLife _life;
    private readonly FramePool _pool = new();
    private readonly Lock _order = new();
    private readonly long _start;
    private long _pushed;
    private long _dropped;
    private TimeSpan _last = TimeSpan.FromTicks(-1);

    /// <summary>Makes a source that is ready to take frames.</summary>
    /// <param name="name">A name for people.</param>
    /// <param name="capacity">Frames that wait for the reader, at least 1. One more than that makes the oldest drop.</param>
    /// <param name="clock">Gives the time of frames that are pushed without one; null for the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public PushFrameSource(string name = "pushed frames", int capacity = 2, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Info = new FrameSourceInfo(name, IsLive: true);
        _life = new SourceLife(name);
        _clock = clock ?? TimeProvider.System;
        _start = _clock.GetTimestamp();
        _frames = Channel.CreateBounded<Frame>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest },
            frame =>
            {
                frame.Dispose();
                Interlocked.Increment(ref _dropped);
            });
    }

    /// <summary>The name. No size: pushed frames may differ.</summary>
    public FrameSourceInfo Info { get; }

    /// <summary>Frames that were taken by <see cref="TryPush"/>.</summary>
    public long Pushed => Interlocked.Read(ref _pushed);

    /// <summary>Frames that were dropped because the reader was behind.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    internal long OutstandingFrames => _pool.Outstanding;

    /// <summary>Pushes a copy of a picture.</summary>
    /// <param name="frame">The picture; not kept.</param>
    /// <param name="timestamp">Its time since the source's start; null means now. Must be above that of the frame before.</param>
    /// <returns>Whether it was taken; false once the source is completed, disposed or no longer read.</returns>
    /// <exception cref="ArgumentException">The picture is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timestamp is negative or does not rise.</exception>
    public bool TryPush(in FrameView frame, TimeSpan? timestamp = null)
    {
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to push.", nameof(frame));
        }

        int row = frame.Width * frame.Format.BytesPerPixel();
        IMemoryOwner<byte> owner = _pool.Rent(checked(row * frame.Height));
        bool kept = false;
        try
        {
            for (int y = 0; y < frame.Height; y++)
            {
                frame.GetRow(y).CopyTo(owner.Memory.Span.Slice(y * row, row));
            }

            // The order of sequence numbers must be the order in the channel.
            lock (_order)
            {
                TimeSpan time = timestamp ?? TimeSpan.FromTicks(Math.Max(_clock.GetElapsedTime(_start).Ticks, _last.Ticks + 1));
                if (time <= _last)
                {
                    throw new ArgumentOutOfRangeException(nameof(timestamp), time, $"The timestamp must be at least 0 and above that of the frame before{(_last >= TimeSpan.Zero ? $", {_last}" : "")}.");
                }

                kept = _frames.Writer.TryWrite(Frame.Create(owner, frame.Width, frame.Height, frame.Format, 0, _pushed, time));
                if (kept)
                {
                    _last = time;
                    Interlocked.Increment(ref _pushed);
                }

                return kept;
            }
        }
        finally
        {
            if (!kept)
            {
                owner.Dispose();
            }
        }
    }

    /// <summary>Says that no more frames come. The reader gets what waits, then the end, or <paramref name="error"/>. Harmless when repeated.</summary>
    /// <param name="error">Why the frames ended early, where they did.</param>
    public void Complete(Exception? error = null) => _frames.Writer.TryComplete(error);

    /// <inheritdoc/>
    /// <exception cref="Exception">The error that was given to <see cref="Complete"/>.</exception>
    public IAsyncEnumerable<Frame> ReadFramesAsync(CancellationToken cancellationToken = default)
    {
        _life.ThrowIfDisposed();
        return ReadOnceAsync(cancellationToken);
    }

    /// <summary>Ends the reading and disposes the frames that wait; harmless when repeated. Delivered frames stay valid.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await _life.EndAsync().ConfigureAwait(false))
        {
            Close();
        }
    }

    private async IAsyncEnumerable<Frame> ReadOnceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = _life.Begin(cancellationToken);
        try
        {
            while (await AnyAsync(either.Token, cancellationToken).ConfigureAwait(false))
            {
                while (_frames.Reader.TryRead(out Frame? frame))
                {
                    yield return frame;
                    _life.ThrowIfEnded(cancellationToken);
                }
            }
        }
        finally
        {
            Close();
        }
    }

    private async ValueTask<bool> AnyAsync(CancellationToken either, CancellationToken reader)
    {
        try
        {
            _life.ThrowIfEnded(reader);
            bool any = await _frames.Reader.WaitToReadAsync(either).ConfigureAwait(false);
            _life.ThrowIfEnded(reader);
            return any;
        }
        catch (OperationCanceledException)
        {
            _life.ThrowIfEnded(reader);
            throw;
        }
    }

    private void Close()
    {
        // Completed first: no frame can come in behind the last that is drained.
        _frames.Writer.TryComplete();
        while (_frames.Reader.TryRead(out Frame? frame))
        {
            frame.Dispose();
        }

        _pool.Close();
    }
}
