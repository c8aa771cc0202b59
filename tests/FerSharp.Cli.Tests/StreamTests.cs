using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FerSharp.Cli.Tests;

/// <summary><c>fersharp video</c> and <c>fersharp live</c>.</summary>
public sealed class StreamTests
{
    private const int Frames = 12;

    [Theory]
    [InlineData("video")]
    [InlineData("video x.mp4 --out x.txt")]
    [InlineData("video x.mp4 --out")]
    [InlineData("video x.mp4 --timeline x.doc")]
    [InlineData("video x.mp4 --detect-every 0")]
    [InlineData("video x.mp4 --detect-every 2.5")]
    [InlineData("video x.mp4 --size small --detector folder")]
    [InlineData("video x.mp4 --consent")]
    [InlineData("live")]
    [InlineData("live camera --out x.mp4")]
    public async Task Arguments_Wrong_AreExplained(string line)
    {
        CliRun run = await CliRun.Of(line.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.Usage, "--consent", "live", "camera")]
    [InlineData(ExitCode.Usage, "--consent", "live", "rtsp://user:secret@127.0.0.1/a")]
    [InlineData(ExitCode.Usage, "--consent", "live", "https://user:secret@127.0.0.1/a")]
    [InlineData(ExitCode.Usage, "fersharp live", "video", "camera:0")]
    [InlineData(ExitCode.Usage, "fersharp live", "video", "rtsp://user:secret@127.0.0.1/a")]
    [InlineData(ExitCode.Usage, "fersharp live", "video", "RTMPS://user:secret@127.0.0.1/a")]
    [InlineData(ExitCode.Usage, "fersharp live", "video", "udp://127.0.0.1:9")]
    [InlineData(ExitCode.Usage, "fersharp analyze", "live", ".")]
    [InlineData(ExitCode.Usage, "fersharp video", "live", ".", "--consent")]
    [InlineData(ExitCode.Usage, "must be absolute", "video", "ftp://127.0.0.1/a")]
    [InlineData(ExitCode.SomeFailed, "does not exist", "live", "/dev/video-none", "--consent")]
    [InlineData(ExitCode.SomeFailed, "does not exist", "video", "no-such.mp4")]
    [InlineData(ExitCode.SomeFailed, "does not exist", "live", "no-such.mp4")]
    [InlineData(ExitCode.Usage, "twice", "video", "no-such.mp4", "--jsonl", "x.jsonl", "--timeline", "x.jsonl")]
    public async Task Source_ThatCannotBeOpened_IsExplained(int code, string words, params string[] args)
    {
        Assert.SkipWhen(args[1].StartsWith("/dev", StringComparison.Ordinal) && !OperatingSystem.IsLinux(), "only Linux names cameras by files");
        CliRun run = await CliRun.Of(args);
        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Video_WithEverything_WritesIt()
    {
        using var folder = new TestFolder();
        string clip = Clip(folder);
        string[] timelines = [folder.At("t.html"), folder.At("t.svg"), folder.At("t.csv"), folder.At("T.JSONL")];
        CliRun run = await CliRun.Of(
            ["video", clip, "--out", folder.At("out.mp4"), "--jsonl", folder.At("frames.jsonl"), "--threads", "1", "--size", "small", "--detect-every", "2", "--timings", .. timelines.SelectMany(file => new[] { "--timeline", file })]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("clip.mkv: 12 frames in ", run.Error, StringComparison.Ordinal);
        Assert.Contains("7 tracks", run.Error, StringComparison.Ordinal);
        Assert.Contains("detect.run ", run.Error, StringComparison.Ordinal);
        Assert.Equal(8, run.Lines.Length);
        Assert.Matches(@"^ +1 +0:00\.0 +0:01\.1 +\d+ ", run.Lines[1]);
        Assert.Equal(Frames, Count(folder.At("out.mp4")));
        Assert.All(timelines, file => Assert.True(new FileInfo(file).Length > 200, file));
        Assert.StartsWith("track,from_s", File.ReadAllText(timelines[2]), StringComparison.Ordinal);
        JsonElement[] lines = [.. File.ReadLines(folder.At("frames.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement[] frames = [.. Of(lines, "frame")];
        Assert.Equal(Frames, frames.Length);
        Assert.Equal(Enumerable.Range(0, Frames).Select(i => i % 2 == 1), frames.Select(frame => frame.GetProperty("predicted").GetBoolean()));
        Assert.Equal(7, Of(lines, "track").Count(line => line.GetProperty("phase").GetString() == "started"));
        Assert.NotEmpty(Of(lines, "expression"));
        JsonElement[] faces = [.. frames[^1].GetProperty("faces").EnumerateArray()];
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], faces.Select(face => face.GetProperty("track").GetInt32()).Order());
        Assert.All(faces, face => Assert.Equal(8, face.GetProperty("smoothed").GetProperty("scores").EnumerateObject().Count()));
        Assert.False(frames[0].GetProperty("faces")[0].TryGetProperty("track", out _));
    }

    [Fact]
    public async Task Video_JsonLinesToOutput_AreAloneThere()
    {
        using var folder = new TestFolder();
        CliRun run = await CliRun.Of("video", Clip(folder), "--jsonl", "-", "--threads", "1", "--size", "small", "--max-faces", "2");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(Frames, Of(run.Lines.Select(line => JsonDocument.Parse(line).RootElement), "frame").Count());
    }

    [Fact]
    public async Task Live_ToAFile_SaysWhatHappens()
    {
        using var folder = new TestFolder();
        CliRun run = await CliRun.Of("live", Clip(folder), "--threads", "1", "--size", "small", "--max-faces", "1", "--timeline", folder.At("t.html"));
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("0:00.0  track 1 began", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"\d:\d\d\.\d  track 1 [a-z]+ onset, score [01]\.\d\d\n", run.Out);
        Assert.DoesNotContain('\e', run.Out);
        Assert.True(new FileInfo(folder.At("t.html")).Length > 1000);
    }

    [Fact]
    public async Task Video_Inputs_AreNeverWrittenOver()
    {
        using var folder = new TestFolder();
        string clip = folder.Bytes([1, 2, 3], "clip.mp4");
        foreach (string[] output in new[] { new[] { "--out", clip }, ["--out", folder.At(".", "clip.mp4")] })
        {
            CliRun run = await CliRun.Of(["video", clip, .. output]);
            Assert.Equal(ExitCode.Usage, run.Code);
            Assert.Contains("is an input", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(clip));
    }

    [Theory]
    [InlineData("--out", "none/a.mp4")]
    [InlineData("--timeline", "none/a.html")]
    [InlineData("--jsonl", "none/a.jsonl")]
    public async Task Video_OutputThatCannotBeWritten_IsWrongUsage(string option, string file)
    {
        using var folder = new TestFolder();
        CliRun run = await CliRun.Of("video", Clip(folder), option, folder.At(file), "--threads", "1", "--size", "small");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains($"error: {option}: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no video")]
    public async Task Video_BrokenFile_Fails(string content)
    {
        using var folder = new TestFolder();
        Assert.SkipUnless(HasFfmpeg(), "needs ffmpeg in PATH");
        CliRun run = await CliRun.Of("video", folder.Bytes(System.Text.Encoding.UTF8.GetBytes(content), "bad.mp4"), "--out", folder.At("out.mp4"));
        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Out));
        Assert.Contains("'bad.mp4' cannot be opened", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("out.mp4")));
    }

    [Fact]
    public async Task Video_WithoutFfmpeg_SaysHowToGetIt()
    {
        using var folder = new TestFolder();
        string? path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", folder.Root);
            CliRun run = await CliRun.Of("video", folder.Bytes([1], "a.mp4"));
            Assert.Equal(ExitCode.ModelOrRuntime, run.Code);
            Assert.Contains("apt install ffmpeg", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public async Task Video_PicturesOfAFolder_AreFollowed_UnlessTheirSizesDiffer()
    {
        using var folder = new TestFolder();
        folder.Scene("in", "1.png");
        folder.Scene("in", "2.png");
        CliRun good = await CliRun.Of("video", folder.At("in"), "--jsonl", "-", "--threads", "1", "--size", "small");
        Assert.Equal((ExitCode.Ok, 2), (good.Code, Of(good.Lines.Select(line => JsonDocument.Parse(line).RootElement), "frame").Count()));
        Assert.SkipUnless(HasFfmpeg(), "needs ffmpeg in PATH");
        folder.Blank("in", "3.png");
        CliRun bad = await CliRun.Of("video", folder.At("in"), "--out", folder.At("out.mp4"), "--threads", "1", "--size", "small");
        Assert.Equal(ExitCode.SomeFailed, bad.Code);
        Assert.Contains("a video has one size", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_Cancelled_LeavesWholeFiles()
    {
        using var folder = new TestFolder();
        string clip = Clip(folder, seconds: 8);
        using var stop = new CancellationTokenSource();
        using var output = new CancellingWriter(stop, "\"type\":\"frame\"");
        using var error = new StringWriter();
        int code = await CliProgram.RunAsync(
            ["live", clip, "--jsonl", "-", "--timeline", folder.At("t.jsonl"), "--threads", "1", "--size", "small", "--max-faces", "1"], output, error, stop.Token);
        Assert.Equal(ExitCode.Cancelled, code);
        Assert.Contains("cancelled", error.ToString(), StringComparison.Ordinal);
        Assert.All(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line));
        Assert.Contains("\"type\":\"session\"", File.ReadAllText(folder.At("t.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Video_Cancelled_EndsItsVideo()
    {
        using var folder = new TestFolder();
        string clip = Clip(folder, seconds: 8);
        using var stop = new CancellationTokenSource();
        using var output = new CancellingWriter(stop, "\"sequence\":5,");
        using var error = new StringWriter();
        int code = await CliProgram.RunAsync(["video", clip, "--jsonl", "-", "--out", folder.At("out.mkv"), "--threads", "1", "--size", "small", "--max-faces", "1"], output, error, stop.Token);
        Assert.Equal(ExitCode.Cancelled, code);
        Assert.InRange(Count(folder.At("out.mkv")), 5, 20);
    }

    [Theory]
    [InlineData(0, "·····", ".....")]
    [InlineData(0.5, "██▌··", "###..")]
    [InlineData(1, "█████", "#####")]
    [InlineData(7, "█████", "#####")]
    public void Bar_HasItsWidth(double share, string unicode, string ascii) =>
        Assert.Equal((unicode, ascii), (Streaming.LiveScreen.Bar(share, 5, true), Streaming.LiveScreen.Bar(share, 5, false)));

    [Theory]
    [InlineData("head-pose-face-detection-female-and-male.mp4", 56, 2)]
    [InlineData("head-pose-face-detection-male.mp4", 62, 1)]
    public async Task Video_SharedClip_FollowsItsPeople(string name, int frames, int people)
    {
        string clip = TestFiles.InShared("data", "video", name);
        Assert.SkipUnless(HasFfmpeg(), "needs ffmpeg in PATH");
        CliRun run = await CliRun.Of("video", clip, "--threads", "1", "--size", "small");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains($": {frames} frames in ", run.Error, StringComparison.Ordinal);

        // The longest tracks are the people's, and last: as many as there are people cover more than three quarters of the clip.
        int[] lives = [.. run.Lines.Skip(1).Select(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture)).OrderDescending()];
        Assert.All(lives.Take(people), life => Assert.True(life > 0.75 * frames, run.Out));
    }

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> lines, string type) => lines.Where(line => line.GetProperty("type").GetString() == type);

    /// <summary>A video of the average faces, ten frames a second.</summary>
    private static string Clip(TestFolder folder, double seconds = Frames / 10.0)
    {
        Assert.SkipUnless(HasFfmpeg(), "needs ffmpeg in PATH");
        string path = folder.At("clip.mkv");
        Tool("ffmpeg", "-v", "error", "-nostdin", "-loop", "1", "-framerate", "10", "-i", TestFolder.AverageFaces, "-t", seconds.ToString(CultureInfo.InvariantCulture), "-vf", "scale=560:310", "-c:v", "mpeg4", "-q:v", "2", path);
        return path;
    }

    private static int Count(string path) =>
        int.Parse(Tool("ffprobe", "-v", "error", "-count_frames", "-select_streams", "V:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path).Trim().Trim(','), CultureInfo.InvariantCulture);

    private static bool HasFfmpeg() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(place => File.Exists(Path.Combine(place, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg")));

    private static string Tool(string tool, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>Cancels when a text is written.</summary>
    private sealed class CancellingWriter(CancellationTokenSource stop, string text) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }
}
