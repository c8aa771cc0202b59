using System.Net;
using System.Net.Sockets;

namespace FerSharp.Media.Tests.Sources;

[Collection("ffmpeg")]
public sealed class FfmpegInputTests
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    [Theory]
    [InlineData("http://127.0.0.1:8080/a/b.m3u8?token=verysecret", "http://127.0.0.1:8080")]
    [InlineData("rtsp://user:pa%40ssword@cam.local/stream/keykey", "rtsp://cam.local")]
    [InlineData("https://example.org/x", "https://example.org")]
    public void Address_Name_HasNoSecrets(string address, string name) => Assert.Equal(name, FfmpegInput.Address(new Uri(address), Never).Name);

    [Fact]
    public void Mask_TextOfFfmpeg_HidesWhatTheAddressHides()
    {
        FfmpegInput input = FfmpegInput.Address(new Uri("rtsp://user1:pa%40ssword@cam.local:554/live/streamkey?auth=verysecret"), Never);
        string masked = input.Mask(
            "[rtsp] method DESCRIBE failed: 401 for rtsp://user1:pa%40ssword@cam.local:554/live/streamkey?auth=verysecret: pa@ssword user1 '/live/streamkey?auth=verysecret' http://other:word@host/p?q=1 done");
        foreach (string secret in new[] { "user1", "pa%40ssword", "pa@ssword", "streamkey", "verysecret", "other", "word@", "q=1" })
        {
            Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        }

        Assert.Contains("method DESCRIBE failed: 401 for rtsp://cam.local:554", masked, StringComparison.Ordinal);
        Assert.Contains("http://host", masked, StringComparison.Ordinal);
        Assert.EndsWith("done", masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1/a", 2, "-rw_timeout 2000000")]
    [InlineData("tcp://127.0.0.1:9", 2, "-rw_timeout 2000000")]
    [InlineData("rtmp://127.0.0.1/a/b", 2, "-rw_timeout 2000000")]
    [InlineData("udp://127.0.0.1:9", 2, "-timeout 2000000")]
    [InlineData("udp://127.0.0.1:9", 3000, null)]
    [InlineData("srt://127.0.0.1:9", 2, "-timeout 2000000")]
    [InlineData("rtsp://127.0.0.1/a", 2, null)]
    [InlineData("tcp://127.0.0.1:9", -0.001, null)]
    public void Address_Timeout_IsItsProtocolsOwnOption(string address, double seconds, string? expected)
    {
        string arguments = string.Join(' ', FfmpegInput.Address(new Uri(address), TimeSpan.FromSeconds(seconds)).Arguments);
        Assert.Equal(expected is not null, arguments.Contains("timeout", StringComparison.Ordinal));
        Assert.Contains(expected ?? "-i ", arguments, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("concat:a|b")]
    [InlineData("gopher://x/")]
    [InlineData("pipe:0")]
    public void Address_OtherScheme_IsRefused(string address)
    {
        Assert.Throws<ArgumentException>(() => FfmpegInput.Address(new Uri(address), Never));
        Assert.Throws<ArgumentException>(() => FfmpegInput.Address(new Uri("video.mp4", UriKind.Relative), Never));
    }

    [Theory]
    [InlineData("Windows", "HD Cam", "-f dshow -rtbufsize 64M -video_size 640x480 -framerate 15 -i video=HD Cam")]
    [InlineData("MacOS", null, "-f avfoundation -video_size 640x480 -framerate 15 -i 0:none")]
    [InlineData("Linux", "/dev/null", "-f v4l2 -video_size 640x480 -framerate 15 -i /dev/null")]
    public void Camera_Platform_HasItsArguments(string platform, string? device, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && platform == "Linux", "needs /dev/null");
        var options = new FfmpegOptions { CameraWidth = 640, CameraHeight = 480, CameraFramesPerSecond = 15 };
        FfmpegInput input = FfmpegInput.Camera(device, options, Enum.Parse<OSPlatformKind>(platform));
        Assert.Equal(expected, string.Join(' ', input.Arguments));
        Assert.True(input.IsLive);
    }

    [Fact]
    public void Camera_BadNames_AreRefused()
    {
        var options = new FfmpegOptions();
        Assert.Contains("list_devices", Assert.Throws<ArgumentException>(() => FfmpegInput.Camera(null, options, OSPlatformKind.Windows)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FfmpegInput.Camera("a:audio=b", options, OSPlatformKind.Windows));
        Assert.Throws<ArgumentException>(() => FfmpegInput.Camera("0:1", options, OSPlatformKind.MacOS));
        Assert.Throws<ArgumentException>(() => FfmpegInput.Camera(" ", options, OSPlatformKind.Linux));
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Action<FfmpegOptions>[] faults =
        [
            o => o.Executable = " ", o => o.Format = 0, o => o.Width = 0, o => o.Height = -1, o => o.CameraWidth = 3, o => o.CameraFramesPerSecond = double.NaN,
            o => o.Timeout = TimeSpan.Zero, o => o.MaxPixels = 0,
        ];
        foreach (Action<FfmpegOptions> fault in faults)
        {
            var options = new FfmpegOptions();
            fault(options);
            Assert.Throws<ArgumentOutOfRangeException>(() => options.Checked());
        }
    }

    [Fact]
    public async Task OpenAddress_Refused_IsIOExceptionWithoutSecrets()
    {
        using var clips = new Clips();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        server.Stop();
        IOException fault = await Assert.ThrowsAsync<IOException>(() => FfmpegFrameSource.OpenAddressAsync(new Uri($"http://user1:s3cretword@127.0.0.1:{port}/live/key123?token=abcdef")));
        Assert.Contains($"http://127.0.0.1:{port}", fault.Message, StringComparison.Ordinal);
        foreach (string secret in new[] { "user1", "s3cretword", "key123", "abcdef" })
        {
            Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenCamera_ThatIsNone_IsIOExceptionWithFfmpegsWords()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs v4l2");
        using var clips = new Clips();
        IOException fault = await Assert.ThrowsAsync<IOException>(() => FfmpegFrameSource.OpenCameraAsync("/dev/null", new FfmpegOptions { CameraWidth = 640, CameraHeight = 480, CameraFramesPerSecond = 15 }));
        Assert.Contains("'/dev/null' cannot be opened", fault.Message, StringComparison.Ordinal);
        Assert.Contains("and said:", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Option", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenFile_PlaylistOfAddresses_NeverReachesTheNetwork()
    {
        using var clips = new Clips();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        string path = Path.Combine(clips.Folder, "list.m3u8");
        await File.WriteAllTextAsync(path, $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/a.ts\n#EXT-X-ENDLIST\n");
        await Assert.ThrowsAsync<InvalidDataException>(() => FfmpegFrameSource.OpenFileAsync(path));
        Assert.False(server.Pending());
    }
}
