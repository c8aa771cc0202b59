using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FerSharp.Testing;

namespace FerSharp.Media.Tests.Sources;

/// <summary>The child never outlives its source, whatever ends the reading.</summary>
[Collection("ffmpeg")]
public sealed class FfmpegLifetimeTests
{
    [Theory]
    [InlineData("break")]
    [InlineData("exception")]
    [InlineData("cancel")]
    [InlineData("dispose")]
    [InlineData("never read")]
    public async Task Reading_EndedEarly_EndsTheChild(string how)
    {
        using var clips = new Clips();
        FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(Endless(clips));
        int id = source.ProcessId;
        Assert.True(Clips.IsRunning(id));
        using var stop = new CancellationTokenSource();
        Exception? exception = how == "never read" ? null : await Record.ExceptionAsync(async () =>
        {
            int count = 0;
            await foreach (Frame frame in source.ReadFramesAsync(stop.Token))
            {
                frame.Dispose();
                if (++count < 3)
                {
                    continue;
                }

                switch (how)
                {
                    case "break":
                        return;
                    case "exception":
                        throw new TimeZoneNotFoundException();
                    case "cancel":
                        await stop.CancelAsync();
                        break;
                    default:
                        await source.DisposeAsync();
                        break;
                }
            }
        });
        Assert.Equal(how switch { "exception" => typeof(TimeZoneNotFoundException), "cancel" => typeof(OperationCanceledException), "dispose" => typeof(ObjectDisposedException), _ => null }, exception?.GetType());
        if (how == "never read")
        {
            await source.DisposeAsync();
        }

        Assert.False(Clips.IsRunning(id));
        Assert.Equal(0, source.OutstandingFrames);
        await source.DisposeAsync();
        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Reading_ChildKilled_IsIOExceptionAndLeaksNothing()
    {
        using var clips = new Clips();
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(Endless(clips));
        IOException fault = await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await foreach (Frame frame in source.ReadFramesAsync())
            {
                frame.Dispose();
                using Process child = Process.GetProcessById(source.ProcessId);
                child.Kill();
            }
        });
        Assert.Contains("broke off", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, source.OutstandingFrames);
        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Source_Forgotten_IsFinalisedWithItsChild()
    {
        using var clips = new Clips();
        int id = await OpenAndForgetAsync(Endless(clips));
        for (int i = 0; i < 200 && Clips.IsRunning(id); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(50);
        }

        Assert.False(Clips.IsRunning(id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_ServerThatNeverSends_EndsByTimeOutOrCancellation(bool cancel)
    {
        using var clips = new Clips();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/live");
        using var stop = new CancellationTokenSource();
        Task<FfmpegFrameSource> opening = FfmpegFrameSource.OpenAddressAsync(address, new FfmpegOptions { Timeout = TimeSpan.FromSeconds(cancel ? 60 : 1) }, stop.Token);
        using TcpClient client = await server.AcceptTcpClientAsync();
        if (cancel)
        {
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        }
        else
        {
            // ffmpeg has the same limit and may be the first to give up.
            Exception? exception = await Record.ExceptionAsync(() => opening);
            Assert.True(exception is TimeoutException or IOException, $"{exception}");
        }

        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Read_StreamThatStalls_EndsByTimeOut()
    {
        using var clips = new Clips();
        byte[] bytes = await File.ReadAllBytesAsync(clips.Make("a.ts", frames: 200));
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var address = new Uri($"tcp://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}");
        Task<FfmpegFrameSource> opening = FfmpegFrameSource.OpenAddressAsync(address, new FfmpegOptions { Timeout = TimeSpan.FromSeconds(3) });
        using TcpClient client = await server.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(bytes);
        await using FfmpegFrameSource source = await opening;
        Assert.True(source.Info.IsLive);
        await Assert.ThrowsAsync<TimeoutException>(() => FfmpegFrameSourceTests.ReadAsync(source));
        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Stream_BrokenOff_EndsTheChild()
    {
        using var clips = new Clips();
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(Endless(clips));
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(), new FakeEmotionClassifier(), ownsModels: true);
        await foreach (StreamResult result in analyzer.AnalyzeAsync(source, new StreamOptions { Parallelism = 2 }))
        {
            if (result.Sequence == 5)
            {
                break;
            }
        }

        Assert.False(Clips.IsRunning(source.ProcessId));
        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Script_AroundFfmpeg_IsEndedWithIt()
    {
        using var clips = new Clips();
        string clip = Endless(clips);
        var options = new FfmpegOptions { Executable = Script(clips, "ffmpeg \"$@\"\nexit $?") };
        FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(clip, options);
        Assert.NotEmpty(WithArgument(clip));
        await source.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(WithArgument(clip));
    }

    [Theory]
    [InlineData("exit 0", "", typeof(Exception))]
    [InlineData("echo 'disk on fire' >&2\nexit 3", "disk on fire", typeof(InvalidDataException))]
    [InlineData("kill -9 $$", "killed", typeof(IOException))]
    public async Task Child_ThatEndsAfterItsFrames_IsJudgedByItsCode(string end, string said, Type type)
    {
        using var clips = new Clips();
        string script = Script(clips, $"cat '{await NutAsync(clips, [])}'\n{end}");
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(script, new FfmpegOptions { Executable = script, Format = PixelFormat.Gray8 });
        int count = 0;
        Exception? fault = await Record.ExceptionAsync(async () =>
        {
            await foreach (Frame frame in source.ReadFramesAsync())
            {
                frame.Dispose();
                count++;
            }
        });
        Assert.Equal(4, count);
        Assert.Equal(said.Length > 0, fault is not null);
        if (fault is not null)
        {
            Assert.IsType(type, fault);
            Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, source.OutstandingFrames);
    }

    [Fact]
    public async Task Frame_OfNoBytes_IsInvalidData()
    {
        using var clips = new Clips();

        // Frame code 1 of ffmpeg's table: flags are coded (32: a length follows), the length is 0.
        string script = Script(clips, $"cat '{await NutAsync(clips, [1, 32, 0])}'");
        await using FfmpegFrameSource source = await FfmpegFrameSource.OpenFileAsync(script, new FfmpegOptions { Executable = script, Format = PixelFormat.Gray8 });
        InvalidDataException fault = await Assert.ThrowsAsync<InvalidDataException>(() => FfmpegFrameSourceTests.ReadAsync(source));
        Assert.Contains("at frame 4", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, source.OutstandingFrames);
    }

    /// <summary>What a pipe carries, in a file: four gray frames of 40 x 30, without the index that ends a whole file, then more bytes.</summary>
    private static async Task<string> NutAsync(Clips clips, byte[] more)
    {
        byte[] bytes = Clips.Bytes("ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=40x30:rate=25", "-frames:v", "4", "-c:v", "rawvideo", "-pix_fmt", "gray", "-f", "nut", "pipe:1");
        int index = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x4E, 0x58, 0xDD, 0x67, 0x2F, 0x23, 0xE6, 0x4E]);
        string path = Path.Combine(clips.Folder, "frames.nut");
        await File.WriteAllBytesAsync(path, [.. index < 0 ? bytes : bytes[..index], .. more]);
        return path;
    }

    private static string Script(Clips clips, string commands)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell script in the place of ffmpeg");
        string path = Path.Combine(clips.Folder, "script.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{commands}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>Live processes that have a text among their arguments (Linux).</summary>
    private static string[] WithArgument(string text)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        return [.. Directory.EnumerateDirectories("/proc").Where(folder =>
        {
            try
            {
                return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        })];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> OpenAndForgetAsync(string clip) => (await FfmpegFrameSource.OpenFileAsync(clip)).ProcessId;

    /// <summary>A clip with far more pixels than fit into a pipe, so that the child is alive while the reader holds still.</summary>
    private static string Endless(Clips clips) => clips.Make(width: 640, height: 480, frames: 60);
}
