using System.Buffers;

namespace FerSharp.Abstractions.Tests;

public sealed class FrameTests
{
    [Fact]
    public void Dispose_Twice_DisposesTheBufferOnce()
    {
        var owner = new CountingOwner(4);
        Frame frame = Frame.Create(owner, 2, 2, PixelFormat.Gray8);
        frame.Dispose();
        frame.Dispose();
        Assert.Equal(1, owner.Disposals);
    }

    [Fact]
    public void View_AfterDispose_Throws()
    {
        Frame frame = Frame.Create(new CountingOwner(4), 2, 2, PixelFormat.Gray8);
        frame.Dispose();
        Assert.Throws<ObjectDisposedException>(() => frame.View);
    }

    [Fact]
    public void Create_BufferTooShort_LeavesTheBufferToTheCaller()
    {
        var owner = new CountingOwner(3);
        Assert.Throws<ArgumentException>(() => Frame.Create(owner, 2, 2, PixelFormat.Gray8));
        Assert.Equal(0, owner.Disposals);
    }

    [Fact]
    public void CopyOf_PaddedView_HoldsTheSamePicture()
    {
        byte[] pixels = [1, 2, 99, 3, 4, 99];
        using Frame copy = Frame.CopyOf(new FrameView(pixels, 2, 2, PixelFormat.Gray8, stride: 3));
        pixels.AsSpan().Clear();
        Assert.Equal([1, 2, 3, 4], copy.View.Pixels.ToArray());
        Assert.Throws<ArgumentException>("view", () => Frame.CopyOf(default));
    }

    private sealed class CountingOwner(int length) : IMemoryOwner<byte>
    {
        public int Disposals { get; private set; }

        public Memory<byte> Memory { get; } = new byte[length];

        public void Dispose() => Disposals++;
    }
}
