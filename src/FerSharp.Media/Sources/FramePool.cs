using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FerSharp.Media;

/// <summary>The buffers of one source's frames. A buffer comes back when its frame is disposed; those that are out are counted. Thread-safe.</summary>
/// <remarks>Frames may outlive the pool: after <see cref="Close"/> their buffers go to the garbage collector.</remarks>
internal sealed class FramePool
{
    /// <summary>Buffers kept for later: what a stream holds at once is less, and a burst must not stay in memory for ever.</summary>
    private const int MostKept = 8;

    private readonly ConcurrentQueue<byte[]> _free = new();
    private long _outstanding;
    private volatile bool _closed;

    /// <summary>Frames that were delivered or are waiting, and are not yet disposed.</summary>
    public long Outstanding => Interlocked.Read(ref _outstanding);

    /// <summary>A buffer of exactly so many bytes; its content is whatever was there.</summary>
    public IMemoryOwner<byte> Rent(int length)
    {
        byte[]? bytes;
        while (_free.TryDequeue(out bytes) && bytes.Length != length)
        {
            // Of another size: the frames' size has changed, this buffer is of no use any more.
        }

        return new Lent(this, bytes ?? GC.AllocateUninitializedArray<byte>(length));
    }

    /// <summary>Counts a frame that has its own buffer, and gives it its place in a stream. The frame belongs to the new one.</summary>
    public Frame Adopt(Frame frame, long sequence, TimeSpan timestamp)
    {
        FrameView view = frame.View;
        return Frame.Create(new Adopted(this, frame), view.Width, view.Height, view.Format, view.Stride, sequence, timestamp);
    }

    /// <summary>Lets go of the free buffers and keeps none from now on.</summary>
    public void Close()
    {
        _closed = true;
        _free.Clear();
    }

    private void Return(byte[] bytes)
    {
        if (!_closed && _free.Count < MostKept)
        {
            _free.Enqueue(bytes);
            if (_closed)
            {
                _free.Clear();
            }
        }
    }

    private sealed class Lent : IMemoryOwner<byte>
    {
        private readonly FramePool _pool;
        private byte[]? _bytes;

        public Lent(FramePool pool, byte[] bytes)
        {
            _pool = pool;
            _bytes = bytes;
            Interlocked.Increment(ref pool._outstanding);
        }

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Frame));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                _pool.Return(bytes);
                Interlocked.Decrement(ref _pool._outstanding);
            }
        }
    }

    private sealed class Adopted : IMemoryOwner<byte>
    {
        private readonly FramePool _pool;
        private readonly Frame _frame;
        private int _returned;

        public Adopted(FramePool pool, Frame frame)
        {
            _pool = pool;
            _frame = frame;
            Interlocked.Increment(ref pool._outstanding);
        }

        public Memory<byte> Memory => MemoryMarshal.AsMemory(_frame.View.Pixels);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                _frame.Dispose();
                Interlocked.Decrement(ref _pool._outstanding);
            }
        }
    }
}
