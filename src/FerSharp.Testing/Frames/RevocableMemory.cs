using System.Buffers;

namespace FerSharp.Testing;

/// <summary>Memory that can be taken back: once revoked, whoever still reads it gets an exception, and the attempt is counted.</summary>
/// <remarks>
/// Shows that a callee keeps nothing of a picture after its call. The bytes are pinned for the object's life, so that a pointer which
/// native code kept never reaches foreign memory. Thread-safe.
/// </remarks>
public sealed class RevocableMemory : MemoryManager<byte>
{
    private readonly byte[] _bytes;
    private int _pins;
    private int _lateTouches;
    private volatile bool _revoked;

    /// <summary>Copies a picture, with its stride, into revocable memory.</summary>
    /// <param name="picture">The picture; not kept.</param>
    /// <exception cref="ArgumentException">The picture is empty.</exception>
    public RevocableMemory(in FrameView picture)
    {
        if (picture.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to copy.", nameof(picture));
        }

        _bytes = GC.AllocateUninitializedArray<byte>(picture.Pixels.Length, pinned: true);
        picture.Pixels.Span.CopyTo(_bytes);
        View = new FrameView(Memory, picture.Width, picture.Height, picture.Format, picture.Stride);
    }

    /// <summary>The picture; its pixels throw <see cref="InvalidOperationException"/> after <see cref="Revoke"/>.</summary>
    public FrameView View { get; }

    /// <summary>How often somebody tried to reach the bytes after <see cref="Revoke"/>.</summary>
    public int LateTouches => Volatile.Read(ref _lateTouches);

    /// <summary>How many pins are held at present.</summary>
    public int Pins => Volatile.Read(ref _pins);

    /// <summary>Takes the memory back and overwrites it.</summary>
    public void Revoke()
    {
        _revoked = true;
        _bytes.AsSpan().Fill(0xDD);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The memory was revoked.</exception>
    public override Span<byte> GetSpan()
    {
        ThrowIfRevoked();
        return _bytes;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The memory was revoked.</exception>
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _bytes.Length);
        ThrowIfRevoked();
        Interlocked.Increment(ref _pins);
        return new MemoryHandle((byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_bytes)) + elementIndex, default, this);
    }

    /// <inheritdoc/>
    public override void Unpin() => Interlocked.Decrement(ref _pins);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Revoke();

    private void ThrowIfRevoked()
    {
        if (_revoked)
        {
            Interlocked.Increment(ref _lateTouches);
            throw new InvalidOperationException("The picture was read after the call that borrowed it had returned.");
        }
    }
}
