using FerSharp.Testing;

namespace FerSharp.Media.Tests.Sources;

public sealed class PushFrameSourceTests
{
    [Fact]
    public async Task Push_MoreThanFits_DropsTheOldestAndDisposesThem()
    {
        await using var source = new PushFrameSource(capacity: 3);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(source.TryPush(SyntheticFrames.Blank(4, 4, (byte)i), TimeSpan.FromMilliseconds(i)));
            Assert.InRange(source.OutstandingFrames, 1, 4);
        }

        source.Complete();
        Assert.Equal((1000, 997), (source.Pushed, source.Dropped));
        Assert.Equal(3, source.OutstandingFrames);
        Assert.Equal([997, 998, 999], await ReadAsync(source));
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Push_PaddedView_IsCopiedTight()
    {
        await using var source = new PushFrameSource();
        FrameView picture = SyntheticFrames.Noise(5, 3);
        var memory = new RevocableMemory(FrameTransforms.Encode(picture, PixelFormat.Rgb24, padding: 7));
        Assert.True(source.TryPush(memory.View));
        memory.Revoke();
        await foreach (Frame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.Equal(picture.Pixels.ToArray(), frame.View.Pixels.ToArray());
            }

            break;
        }

        Assert.Equal(0, memory.LateTouches);
    }

    [Fact]
    public async Task Push_AfterTheEnd_IsRefusedAndLeaksNothing()
    {
        FrameView picture = SyntheticFrames.Blank(4, 4);
        var completed = new PushFrameSource();
        completed.Complete();
        Assert.False(completed.TryPush(picture));
        var disposed = new PushFrameSource();
        Assert.True(disposed.TryPush(picture));
        await disposed.DisposeAsync();
        Assert.False(disposed.TryPush(picture));
        Assert.Equal((0, 0), (completed.OutstandingFrames, disposed.OutstandingFrames));
    }

    [Fact]
    public async Task Complete_WithAnError_GivesItAfterTheFrames()
    {
        await using var source = new PushFrameSource();
        source.TryPush(SyntheticFrames.Blank(4, 4));
        source.Complete(new IOException("unplugged"));
        int count = 0;
        IOException error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (Frame frame in source.ReadFramesAsync())
            {
                frame.Dispose();
                count++;
            }
        });
        Assert.Equal((1, "unplugged"), (count, error.Message));
    }

    [Fact]
    public async Task Push_FromManyThreads_KeepsSequenceAndTimeRising()
    {
        await using var source = new PushFrameSource(capacity: 10_000);
        FrameView picture = SyntheticFrames.Blank(2, 2);
        Parallel.For(0, 4000, _ => source.TryPush(picture));
        source.Complete();
        Assert.Equal(Enumerable.Range(0, 4000).Select(i => (long)i), await ReadAsync(source));
    }

    [Fact]
    public void Push_BadArguments_AreRefusedAndLeakNothing()
    {
        var source = new PushFrameSource();
        FrameView picture = SyntheticFrames.Blank(4, 4);
        Assert.Throws<ArgumentException>(() => source.TryPush(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.TryPush(picture, TimeSpan.FromTicks(-1)));
        Assert.True(source.TryPush(picture, TimeSpan.FromSeconds(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.TryPush(picture, TimeSpan.FromSeconds(2)));
        Assert.Equal(1, source.OutstandingFrames);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PushFrameSource(capacity: 0));
        Assert.Throws<ArgumentException>(() => new PushFrameSource(" "));
    }

    /// <summary>Sequence numbers; times are checked to rise.</summary>
    private static async Task<List<long>> ReadAsync(PushFrameSource source)
    {
        var read = new List<long>();
        TimeSpan last = TimeSpan.FromTicks(-1);
        await foreach (Frame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.True(frame.Timestamp > last);
                last = frame.Timestamp;
                read.Add(frame.Sequence);
            }
        }

        return read;
    }
}
