using System.Buffers;
using System.Runtime.CompilerServices;

namespace FerSharp.Media;

/// <summary>Raw frames of one size and format from a stream, one after the other with nothing between: a pipe, a socket, a file.</summary>
/// <remarks>
/// <para>The stream ends cleanly where a frame ends; an end within a frame is an <see cref="InvalidDataException"/> that says how many bytes
/// are missing. Raw frames carry no times; timestamps follow from the nominal rate.</para>
/// <para>Cancelling and disposing end a read that waits as far as the stream heeds its token, as pipes, sockets and files do.</para>
/// </remarks>
public sealed class RawFrameSource : IFrameSource
{
    private readonly Stream _stream;
    private readonly PixelFormat _format;
    private readonly int _width;
    private readonly int _height;
    private readonly int _bytes;
    private readonly double _framesPerSecond;
    private readonly bool _leaveOpen;
    private readonly SourceLife _life;
    private readonly FramePool _pool = new();
    private int _reading;

    /// <summary>Makes a source over a stream, from where it stands.</summary>
    /// <param name="stream">The stream. Nobody else may read it.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="format">How a pixel is laid out; rows are tight.</param>
    /// <param name="framesPerSecond">Nominal rate, above 0.</param>
    /// <param name="isLive">Whether the frames arrive in real time, so that a slow reader should drop rather than wait.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the source is disposed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read, or the name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or rate out of range, a frame above 2^31 - 1 bytes, or no valid format.</exception>
    public RawFrameSource(Stream stream, int width, int height, PixelFormat format, double framesPerSecond = 25, bool isLive = false, string name = "raw frames", bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        SourceLife.CheckRate(framesPerSecond);
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream cannot be read: it is closed or write-only.", nameof(stream));
        }

        Int128 bytes = (Int128)width * height * format.BytesPerPixel();
        if (bytes > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(width), width, $"A {width}x{height} {format} frame takes {bytes} bytes, more than an array can hold.");
        }

        (_stream, _width, _height, _format, _bytes, _framesPerSecond, _leaveOpen) = (stream, width, height, format, (int)bytes, framesPerSecond, leaveOpen);
        Info = new FrameSourceInfo(name, isLive, width, height, framesPerSecond);
        _life = new SourceLife(name);
    }

    /// <inheritdoc/>
    public FrameSourceInfo Info { get; }

    internal long OutstandingFrames => _pool.Outstanding;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The stream ended within a frame.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public IAsyncEnumerable<Frame> ReadFramesAsync(CancellationToken cancellationToken = default)
    {
        _life.ThrowIfDisposed();
        return ReadOnceAsync(cancellationToken);
    }

    /// <summary>Ends the reading and closes the stream unless it is to stay open; harmless when repeated. Delivered frames stay valid.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await _life.EndAsync().ConfigureAwait(false) && Interlocked.Exchange(ref _reading, 1) == 0)
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<Frame> ReadOnceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = _life.Begin(cancellationToken);
        for (long i = 0; await NextAsync(i, either.Token, cancellationToken).ConfigureAwait(false) is { } frame; i++)
        {
            yield return frame;
        }
    }

    private async ValueTask<Frame?> NextAsync(long sequence, CancellationToken either, CancellationToken reader)
    {
        _life.ThrowIfEnded(reader);
        IMemoryOwner<byte> owner = _pool.Rent(_bytes);
        bool kept = false;
        try
        {
            int read = await FillAsync(owner.Memory, either).ConfigureAwait(false);
            _life.ThrowIfEnded(reader);
            if (read == 0)
            {
                return null;
            }

            if (read < _bytes)
            {
                throw new InvalidDataException($"'{Info.Name}' ended within frame {sequence}: {read} of {_bytes} bytes came. Check the size and the format ({_width}x{_height} {_format}), or whether the sender was cut off.");
            }

            kept = true;
            return Frame.Create(owner, _width, _height, _format, 0, sequence, SourceLife.TimeOf(sequence, _framesPerSecond));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            _life.ThrowIfEnded(reader);
            throw;
        }
        finally
        {
            if (!kept)
            {
                owner.Dispose();
            }
        }
    }

    /// <summary>Fills the memory; gives fewer bytes than that only at the stream's end. The stream is closed here when the source was disposed meanwhile: never under a read.</summary>
    private async ValueTask<int> FillAsync(Memory<byte> memory, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            return 0;
        }

        try
        {
            return await _stream.ReadAtLeastAsync(memory, memory.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
            if (_life.IsDisposed && Interlocked.Exchange(ref _reading, 1) == 0)
            {
                await CloseAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask CloseAsync()
    {
        _pool.Close();
        if (!_leaveOpen)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
