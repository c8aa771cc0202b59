using System.Diagnostics;
using FerSharp.Testing;

namespace FerSharp.Media.Tests.Sources;

[Collection("ffmpeg")]
public sealed class FfmpegVideoWriterTests
{
    [Theory]
    [InlineData("a.mp4", 64, 48, "64,48,yuv420p")]
    [InlineData("b.mkv", 65, 33, "66,34,yuv420p")]
    [InlineData("c -y 'd'.mp4", 2, 2, "2,2,yuv420p")]
    [InlineData("e.gif", 40, 30, "")]
    public async Task Write_Pictures_GivesAVideoOfThem(string name, int width, int height, string facts)
    {
        using var clips = new Clips();
        string path = Path.Combine(clips.Folder, name);
        await WriteAsync(path, width, height, Enumerable.Range(0, 20).Select(i => i / 25.0));
        Assert.Equal(20, Clips.Count(path));
        string found = Clips.Run("ffprobe", ["-v", "error", "-select_streams", "V:0", "-show_entries", "stream=width,height,pix_fmt", "-of", "csv=p=0", "file:" + path]).Trim();
        Assert.StartsWith(facts, found, StringComparison.Ordinal);
        Assert.Empty(Clips.Children());
    }

    [Theory]
    [InlineData("0 0.04 0.08", 3)]
    [InlineData("7 7.04 7.2", 6)]
    [InlineData("0 0.01 0.02 0.04 0.05", 2)]
    [InlineData("0 100 100.04", 253)]
    public async Task Write_AtTheTimesOfASource_KeepsThem(string seconds, int frames)
    {
        using var clips = new Clips();
        string path = Path.Combine(clips.Folder, "a.mkv");
        Assert.Equal(frames, await WriteAsync(path, 16, 16, seconds.Split(' ').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal(frames, Clips.Count(path));
    }

    [Fact]
    public async Task Write_ThenRead_GivesThePicturesBack()
    {
        using var clips = new Clips();
        string path = Path.Combine(clips.Folder, "a.mkv");
        await using (FfmpegVideoWriter writer = FfmpegVideoWriter.Create(path, 64, 64, 25, PixelFormat.Gray8))
        {
            for (int i = 0; i < 10; i++)
            {
                await writer.WriteAsync(SyntheticFrames.Blank(64, 64, (byte)(40 + (15 * i)), PixelFormat.Gray8), TimeSpan.FromSeconds(i / 25.0));
            }

            await writer.CompleteAsync();
            await writer.CompleteAsync();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.WriteAsync(SyntheticFrames.Blank(64, 64, 0, PixelFormat.Gray8), TimeSpan.FromSeconds(1)).AsTask());
        }

        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(path, new FfmpegOptions { Format = PixelFormat.Gray8 });
        int count = 0;
        await foreach (Frame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.InRange(frame.View.GetRow(32)[32], 40 + (15 * count) - 6, 40 + (15 * count) + 6);
                count++;
            }
        }

        Assert.Equal(10, count);
    }

    [Fact]
    public async Task Create_BadArguments_AreRefused()
    {
        using var clips = new Clips();
        string path = Path.Combine(clips.Folder, "a.mp4");
        Assert.Throws<ArgumentException>(() => FfmpegVideoWriter.Create(" ", 4, 4, 25));
        Assert.Throws<ArgumentOutOfRangeException>(() => FfmpegVideoWriter.Create(path, 0, 4, 25));
        Assert.Throws<ArgumentOutOfRangeException>(() => FfmpegVideoWriter.Create(path, 4, 70000, 25));
        Assert.Throws<ArgumentOutOfRangeException>(() => FfmpegVideoWriter.Create(path, 4, 4, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => FfmpegVideoWriter.Create(path, 4, 4, 25, default));
        Assert.ThrowsAny<IOException>(() => FfmpegVideoWriter.Create(Path.Combine(clips.Folder, "none", "a.mp4"), 4, 4, 25));
        Assert.ThrowsAny<SystemException>(() => FfmpegVideoWriter.Create(clips.Folder, 4, 4, 25));
        Assert.Contains("apt install ffmpeg", Assert.Throws<InvalidOperationException>(() => FfmpegVideoWriter.Create(path, 4, 4, 25, executable: "no-such-ffmpeg")).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        await using FfmpegVideoWriter writer = FfmpegVideoWriter.Create(path, 8, 8, 25);
        await Assert.ThrowsAsync<ArgumentException>(() => writer.WriteAsync(SyntheticFrames.Blank(9, 8, 0, PixelFormat.Bgra32), default).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => writer.WriteAsync(SyntheticFrames.Blank(8, 8, 0, PixelFormat.Gray8), default).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => writer.WriteAsync(default, default).AsTask());
    }

    [Theory]
    [InlineData("kind")]
    [InlineData("killed")]
    [InlineData("cancelled")]
    [InlineData("disposed")]
    public async Task Video_ThatCannotGoOn_EndsItsChild(string how)
    {
        using var clips = new Clips();
        FfmpegVideoWriter writer = FfmpegVideoWriter.Create(Path.Combine(clips.Folder, how == "kind" ? "a.nothing" : "a.mkv"), 320, 240, 25);
        using var stop = new CancellationTokenSource();
        Exception? exception = await Record.ExceptionAsync(async () =>
        {
            for (int i = 0; i < 400; i++)
            {
                await writer.WriteAsync(SyntheticFrames.Blank(320, 240, 90, PixelFormat.Bgra32), TimeSpan.FromSeconds(i / 25.0), stop.Token);
                if (i == 5)
                {
                    switch (how)
                    {
                        case "killed":
                            using (Process child = Process.GetProcessById(writer.ProcessId))
                            {
                                child.Kill();
                            }

                            break;
                        case "cancelled":
                            await stop.CancelAsync();
                            break;
                        case "disposed":
                            await writer.DisposeAsync();
                            break;
                        default:
                            break;
                    }
                }
            }

            await writer.CompleteAsync();
        });
        switch (how)
        {
            case "cancelled":
                Assert.IsType<OperationCanceledException>(exception);
                break;
            case "disposed":
                Assert.IsType<ObjectDisposedException>(exception);
                break;
            default:
                Assert.Contains("ffmpeg ended with code", Assert.IsType<IOException>(exception).Message, StringComparison.Ordinal);
                break;
        }

        await writer.DisposeAsync();
        await writer.DisposeAsync();
        Assert.False(Clips.IsRunning(writer.ProcessId));
        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task File_InRealTime_IsLive()
    {
        using var clips = new Clips();
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clips.Make(frames: 5), new FfmpegOptions { RealTime = true });
        Assert.True(source.Info.IsLive);
        Assert.Equal(5, (await FfmpegFrameSourceTests.ReadAsync(source)).Count);
    }

    private static async Task<long> WriteAsync(string path, int width, int height, IEnumerable<double> seconds)
    {
        await using FfmpegVideoWriter writer = FfmpegVideoWriter.Create(path, width, height, 25);
        byte gray = 0;
        foreach (double time in seconds)
        {
            await writer.WriteAsync(SyntheticFrames.Blank(width, height, gray += 9, PixelFormat.Bgra32), TimeSpan.FromSeconds(time));
        }

        await writer.CompleteAsync();
        return writer.Written;
    }
}
