using System.IO.Pipelines;
using FerSharp.Testing;

namespace FerSharp.Media.Tests.Sources;

public sealed class RawFrameSourceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Read_WhateverTheStreamGivesAtOnce_IsCutIntoFrames(int atOnce)
    {
        byte[] bytes = SyntheticFrames.Noise(5, 4 * 3).Pixels.ToArray();
        await using var source = new RawFrameSource(new Drip(bytes, atOnce), 5, 4, PixelFormat.Rgb24, framesPerSecond: 50);
        var read = new List<byte>();
        var times = new List<double>();
        await foreach (Frame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                read.AddRange(frame.View.Pixels.Span);
                times.Add(frame.Timestamp.TotalMilliseconds);
            }
        }

        Assert.Equal(bytes, read);
        Assert.Equal([0, 20, 40], times);
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Read_NoBytes_EndsCleanly()
    {
        await using var source = new RawFrameSource(new MemoryStream(), 5, 4, PixelFormat.Gray8);
        Assert.Equal(0, await CountAsync(source));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(39)]
    public async Task Read_EndWithinAFrame_IsInvalidDataAfterTheWholeFrames(int missing)
    {
        await using var source = new RawFrameSource(new MemoryStream(new byte[(3 * 40) - missing]), 10, 4, PixelFormat.Gray8);
        int count = 0;
        InvalidDataException fault = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (Frame frame in source.ReadFramesAsync())
            {
                frame.Dispose();
                count++;
            }
        });
        Assert.Equal(2, count);
        Assert.Contains($"{40 - missing} of 40 bytes", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Read_StreamThatFails_PassesItsErrorOn()
    {
        await using var source = new RawFrameSource(new Drip(new byte[60], 7, failAt: 45), 10, 4, PixelFormat.Gray8);
        await Assert.ThrowsAsync<IOException>(() => CountAsync(source));
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Dispose_WhileAReadWaits_EndsItAndClosesTheStream()
    {
        var pipe = new Pipe();
        var source = new RawFrameSource(pipe.Reader.AsStream(), 10, 4, PixelFormat.Gray8, isLive: true);
        Task<int> reading = CountAsync(source);
        Assert.False(reading.IsCompleted);
        await source.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True((await pipe.Writer.WriteAsync(new byte[1])).IsCompleted, "the stream was not closed");
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Cancel_WhileAReadWaits_EndsIt()
    {
        await using var source = new RawFrameSource(new Pipe().Reader.AsStream(), 10, 4, PixelFormat.Gray8);
        using var stop = new CancellationTokenSource();
        Task<int> reading = CountAsync(source, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_Stream_IsClosedUnlessItIsToStayOpen(bool leaveOpen)
    {
        var stream = new MemoryStream(new byte[80]);
        var source = new RawFrameSource(stream, 10, 4, PixelFormat.Gray8, leaveOpen: leaveOpen);
        Assert.Equal(2, await CountAsync(source));
        await source.DisposeAsync();
        Assert.Equal(leaveOpen, stream.CanRead);
    }

    [Fact]
    public void Constructor_BadArguments_AreRefused()
    {
        var stream = new MemoryStream();
        Assert.Throws<ArgumentNullException>(() => new RawFrameSource(null!, 1, 1, PixelFormat.Gray8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawFrameSource(stream, 0, 1, PixelFormat.Gray8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawFrameSource(stream, 1, -1, PixelFormat.Gray8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawFrameSource(stream, 1, 1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawFrameSource(stream, int.MaxValue, int.MaxValue, PixelFormat.Rgba32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawFrameSource(stream, 1, 1, PixelFormat.Gray8, framesPerSecond: 0));
        stream.Dispose();
        Assert.Throws<ArgumentException>(() => new RawFrameSource(stream, 1, 1, PixelFormat.Gray8));
    }

    private static async Task<int> CountAsync(RawFrameSource source, CancellationToken cancellationToken = default)
    {
        int count = 0;
        await foreach (Frame frame in source.ReadFramesAsync(cancellationToken))
        {
            frame.Dispose();
            count++;
        }

        return count;
    }

    /// <summary>Gives a few bytes at once, and fails at a position.</summary>
    private sealed class Drip(byte[] bytes, int atOnce, int failAt = int.MaxValue) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= failAt ? throw new IOException("the cable was pulled") : base.ReadAsync(buffer[..Math.Min(atOnce, buffer.Length)], cancellationToken);
    }
}
