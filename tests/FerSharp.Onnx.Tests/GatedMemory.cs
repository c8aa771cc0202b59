using System.Buffers;

namespace FerSharp.Onnx.Tests;

/// <summary>Pixels that nobody can read until the gate is opened: keeps a call in the middle of its work.</summary>
internal sealed class GatedMemory(byte[] pixels) : MemoryManager<byte>
{
    private readonly ManualResetEventSlim _reached = new();
    private readonly ManualResetEventSlim _open = new();

    /// <summary>A view of a picture whose pixels lie behind a gate.</summary>
    public static (GatedMemory Gate, FrameView View) Around(in FrameView picture)
    {
        var gate = new GatedMemory(picture.Pixels.ToArray());
        return (gate, new FrameView(gate.CreateMemory(picture.Pixels.Length), picture.Width, picture.Height, picture.Format, picture.Stride));
    }

    /// <summary>Waits until a call has asked for the pixels.</summary>
    public void WaitUntilReached() => Assert.True(_reached.Wait(TimeSpan.FromSeconds(30)), "No call asked for the pixels within 30 seconds.");

    public void Open() => _open.Set();

    public override Span<byte> GetSpan()
    {
        _reached.Set();
        return _open.Wait(TimeSpan.FromSeconds(60)) ? pixels : throw new TimeoutException("The gate was never opened.");
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _reached.Dispose();
        _open.Dispose();
    }
}
