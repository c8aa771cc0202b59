using FerSharp.Testing;

namespace FerSharp.Media.Tests.Sources;

[Collection("ffmpeg")]
public sealed class FfmpegFrameSourceTests
{
    [Fact]
    public async Task Read_SharedClips_GivesAsManyFramesAsFfprobeCountsWithItsTimes()
    {
        string folder = TestFiles.InShared("data", "video");
        using var clips = new Clips();
        string[] videos = [.. Directory.EnumerateFiles(folder).Where(file => !file.EndsWith(".txt", StringComparison.Ordinal))];
        Assert.NotEmpty(videos);
        foreach (string video in videos)
        {
            await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(video);
            double[] expected = Clips.Times(video);
            double[] times = [.. (await ReadAsync(source)).Select(frame => frame.Time.TotalSeconds)];
            Assert.True(Clips.Count(video) == times.Length, $"{video}: {times.Length} frames");
            for (int i = 0; i < times.Length; i++)
            {
                // ffmpeg moves a file's first time, of sound or picture, to 0; the steps are what counts.
                Assert.True(Math.Abs(expected[i] - expected[0] - (times[i] - times[0])) < 0.000025, $"{video}: frame {i} at {times[i]}, ffprobe says {expected[i]}");
            }

            Assert.Equal(0, source.OutstandingFrames);
            Assert.False(Clips.IsRunning(source.ProcessId));
        }

        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Info_OfAFile_HasNameSizeAndRate()
    {
        using var clips = new Clips();
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clips.Make(width: 96, height: 50));
        Assert.Equal(new FrameSourceInfo("clip.mkv", IsLive: false, 96, 50, 25), source.Info);
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24, "220 40 30")]
    [InlineData(PixelFormat.Bgr24, "30 40 220")]
    [InlineData(PixelFormat.Rgba32, "220 40 30 255")]
    [InlineData(PixelFormat.Bgra32, "30 40 220 255")]
    [InlineData(PixelFormat.Gray8, "")]
    public async Task Read_Format_GivesItsBytes(PixelFormat format, string expected)
    {
        using var clips = new Clips();
        string clip = clips.Make(source: "color=c=0xDC281E", width: 34, height: 22, frames: 3);
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clip, new FfmpegOptions { Format = format });
        await foreach (Frame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.Equal((34, 22, format), (frame.View.Width, frame.View.Height, frame.View.Format));
                byte[] pixel = frame.View.GetRow(21)[^format.BytesPerPixel()..].ToArray();
                int[] wanted = [.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
                for (int i = 0; i < wanted.Length; i++)
                {
                    Assert.InRange(pixel[i], wanted[i] - 6, wanted[i] + 6);
                }
            }
        }
    }

    [Fact]
    public async Task Read_VariableRate_KeepsTheTimes()
    {
        using var clips = new Clips();
        string clip = clips.Make(frames: 8, filter: "select='lt(n,3)+eq(n,10)+eq(n,11)+gt(n,40)'");
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clip);
        Assert.Equal([0, 40, 80, 400, 440, 1640, 1680, 1720], (await ReadAsync(source)).Select(frame => frame.Time.TotalMilliseconds));
    }

    [Theory]
    [InlineData(32, null, 32, 24)]
    [InlineData(null, 12, 16, 12)]
    [InlineData(20, 30, 20, 30)]
    [InlineData(1, 1, 1, 1)]
    public async Task Read_Scaled_HasTheSizeAskedFor(int? width, int? height, int expectedWidth, int expectedHeight)
    {
        using var clips = new Clips();
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clips.Make(), new FfmpegOptions { Width = width, Height = height });
        List<(int Width, int Height, TimeSpan Time)> frames = await ReadAsync(source);
        Assert.Equal(12, frames.Count);
        Assert.All(frames, frame => Assert.Equal((expectedWidth, expectedHeight), (frame.Width, frame.Height)));
    }

    [Theory]
    [InlineData("-y.mkv")]
    [InlineData("a \"b\" 'c' $(touch x) ; d.mkv")]
    [InlineData("http:.mkv")]
    [InlineData("ünïcode 面.mkv")]
    public async Task Open_AwkwardName_ReadsThatFile(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.AsSpan().IndexOfAny("\":") >= 0, "needs a file system that allows the name");
        using var clips = new Clips();
        string clip = clips.Make();
        File.Move(clip, Path.Combine(clips.Folder, name));
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(Path.Combine(clips.Folder, name));
        Assert.Equal(name, source.Info.Name);
        Assert.Equal(12, (await ReadAsync(source)).Count);
        Assert.Single(Directory.GetFiles(clips.Folder));
    }

    [Fact]
    public async Task Read_SizeThatChanges_KeepsTheFirstOrTheOneThatIsSet()
    {
        using var clips = new Clips();
        byte[] both = [.. await File.ReadAllBytesAsync(clips.Make("a.ts")), .. await File.ReadAllBytesAsync(clips.Make("b.ts", width: 96, height: 80))];
        string clip = Path.Combine(clips.Folder, "both.ts");
        await File.WriteAllBytesAsync(clip, both);
        foreach (FfmpegOptions options in new[] { new FfmpegOptions(), new FfmpegOptions { Width = 40, Height = 30 } })
        {
            await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clip, options);
            List<(int Width, int Height, TimeSpan Time)> frames = await ReadAsync(source);
            Assert.Equal(24, frames.Count);
            Assert.All(frames, frame => Assert.Equal((options.Width ?? 64, options.Height ?? 48), (frame.Width, frame.Height)));
            Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.True(pair.Second.Time > pair.First.Time));
        }
    }

    [Fact]
    public async Task Read_TruncatedStreamableFile_GivesTheFramesItHas()
    {
        using var clips = new Clips();
        string clip = clips.Make(frames: 50);
        byte[] bytes = await File.ReadAllBytesAsync(clip);
        await File.WriteAllBytesAsync(clip, bytes[..(bytes.Length / 2)]);
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clip);
        Assert.InRange((await ReadAsync(source)).Count, 10, 40);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("text")]
    [InlineData("mp4 without its end")]
    [InlineData("sound only")]
    public async Task Open_NoVideo_IsInvalidDataWithFfmpegsWords(string what)
    {
        using var clips = new Clips();
        string path = Path.Combine(clips.Folder, "bad.mp4");
        switch (what)
        {
            case "sound only":
                Clips.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=duration=0.2", path]);
                break;
            case "mp4 without its end":
                byte[] whole = await File.ReadAllBytesAsync(clips.Make("good.mp4"));
                await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)]);
                break;
            default:
                await File.WriteAllTextAsync(path, what == "empty" ? "" : "this is no video");
                break;
        }

        InvalidDataException fault = await Assert.ThrowsAsync<InvalidDataException>(() => FfmpegFrameSource.OpenFileAsync(path));
        Assert.Contains("'bad.mp4' cannot be opened", fault.Message, StringComparison.Ordinal);
        Assert.Contains("and said:", fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 20, 3000);
        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Open_FramesAboveTheLimit_IsInvalidData()
    {
        using var clips = new Clips();
        string clip = clips.Make();
        Assert.Contains("64x48", (await Assert.ThrowsAsync<InvalidDataException>(() => FfmpegFrameSource.OpenFileAsync(clip, new FfmpegOptions { MaxPixels = (64 * 48) - 1 }))).Message, StringComparison.Ordinal);
        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Open_NoSuchFileOrCamera_IsFileNotFound()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => FfmpegFrameSource.OpenFileAsync("no-such.mp4"));
        await Assert.ThrowsAsync<ArgumentException>(() => FfmpegFrameSource.OpenFileAsync(" "));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux names cameras by files");
        await Assert.ThrowsAsync<FileNotFoundException>(() => FfmpegFrameSource.OpenCameraAsync("/dev/video-none"));
    }

    [Theory]
    [InlineData("no-such-ffmpeg")]
    [InlineData("/no/such/folder/ffmpeg")]
    public async Task Open_WithoutFfmpeg_SaysHowToGetIt(string executable)
    {
        string path = Path.GetTempFileName();
        try
        {
            string message = (await Assert.ThrowsAsync<InvalidOperationException>(() => FfmpegFrameSource.OpenFileAsync(path, new FfmpegOptions { Executable = executable }))).Message;
            Assert.Contains("apt install ffmpeg", message, StringComparison.Ordinal);
            Assert.Contains(executable, message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Open_AProgramThatIsNotFfmpeg_IsAnError()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /bin/echo");
        string path = Path.GetTempFileName();
        try
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => FfmpegFrameSource.OpenFileAsync(path, new FfmpegOptions { Executable = "/bin/echo" }));
            await Assert.ThrowsAsync<InvalidDataException>(() => FfmpegFrameSource.OpenFileAsync(path, new FfmpegOptions { Executable = "/bin/sh" }));
            await Assert.ThrowsAsync<InvalidOperationException>(() => FfmpegFrameSource.OpenFileAsync(path, new FfmpegOptions { Executable = path }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static async Task<List<(int Width, int Height, TimeSpan Time)>> ReadAsync(FfmpegFrameSource source)
    {
        var frames = new List<(int, int, TimeSpan)>();
        await foreach (Frame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                frames.Add((frame.View.Width, frame.View.Height, frame.Timestamp));
            }
        }

        return frames;
    }
}
