using System.Buffers;

namespace FerSharp;

/// <summary>One picture together with the buffer that holds it. Whoever receives a frame owns it and disposes it.</summary>
/// <remarks>
/// Used where ownership moves, as in streams; for a call on pixels that you hold, a <see cref="FrameView"/> is enough.
/// Disposing gives the buffer back to its pool; disposing twice is harmless, also from two threads. Views taken from a frame are
/// invalid once it is disposed.
/// </remarks>
public sealed class Frame : IDisposable
{
    private readonly FrameView _view;
    private IMemoryOwner<byte>? _owner;

    private Frame(IMemoryOwner<byte> owner, in FrameView view, long sequence, TimeSpan timestamp)
    {
        _owner = owner;
        _view = view;
        Sequence = sequence;
        Timestamp = timestamp;
    }

    /// <summary>Makes a frame over a buffer and takes ownership of the buffer.</summary>
    /// <param name="owner">The buffer. The frame disposes it; if this method throws, it is still the caller's.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="format">How a pixel is laid out.</param>
    /// <param name="stride">Bytes from one row's start to the next; 0 means tight rows.</param>
    /// <param name="sequence">Position in its stream, from 0.</param>
    /// <param name="timestamp">Time since the stream's start.</param>
    /// <exception cref="ArgumentNullException"><paramref name="owner"/> is null.</exception>
    /// <exception cref="ArgumentException">The buffer is too short, or a size, stride or format is invalid; see <see cref="FrameView(ReadOnlyMemory{byte}, int, int, PixelFormat, int)"/>.</exception>
    public static Frame Create(IMemoryOwner<byte> owner, int width, int height, PixelFormat format, int stride = 0, long sequence = 0, TimeSpan timestamp = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return new Frame(owner, new FrameView(owner.Memory, width, height, format, stride), sequence, timestamp);
    }

    /// <summary>Copies a picture into a pooled buffer, with tight rows.</summary>
    /// <param name="view">The picture; not kept.</param>
    /// <param name="sequence">Position in its stream, from 0.</param>
    /// <param name="timestamp">Time since the stream's start.</param>
    /// <exception cref="ArgumentException"><paramref name="view"/> is empty.</exception>
    public static Frame CopyOf(in FrameView view, long sequence = 0, TimeSpan timestamp = default)
    {
        if (view.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to copy.", nameof(view));
        }

        int row = view.Width * view.Format.BytesPerPixel();
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(checked(row * view.Height));
        for (int y = 0; y < view.Height; y++)
        {
            view.GetRow(y).CopyTo(owner.Memory.Span.Slice(y * row, row));
        }

        return Create(owner, view.Width, view.Height, view.Format, 0, sequence, timestamp);
    }

    /// <summary>The picture. Valid until the frame is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The frame is disposed.</exception>
    public FrameView View
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _owner) is null, this);
            return _view;
        }
    }

    /// <summary>Position in the stream, from 0; rises with every frame the source delivered, gaps mean dropped frames.</summary>
    public long Sequence { get; }

    /// <summary>Time since the source's start, by the source's own clock.</summary>
    public TimeSpan Timestamp { get; }

    /// <summary>Gives the buffer back. Harmless when repeated.</summary>
    public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Dispose();
}
