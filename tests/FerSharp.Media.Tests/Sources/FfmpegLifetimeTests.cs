using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> OpenAndForgetAsync(string clip) => (await FfmpegFrameSource.OpenFileAsync(clip)).ProcessId;

    /// <summary>A clip with far more pixels than fit into a pipe, so that the child is alive while the reader holds still.</summary>
    private static string Endless(Clips clips) => clips.Make(width: 640, height: 480, frames: 60);
}
