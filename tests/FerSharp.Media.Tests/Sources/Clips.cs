using System.Diagnostics;

namespace FerSharp.Media.Tests.Sources;

/// <summary>Short videos, made by ffmpeg where it is installed, in a folder that goes with the test.</summary>
internal sealed class Clips : IDisposable
{
    private static readonly Lazy<bool> Installed = new(() => TryRun("ffmpeg", ["-version"]) is not null);

    public Clips()
    {
        Assert.SkipUnless(Installed.Value, "needs ffmpeg in PATH");
        Folder = Directory.CreateTempSubdirectory("fersharp-clips-").FullName;
    }

    public string Folder { get; }

    /// <summary>A clip of ffmpeg's moving test picture.</summary>
    public string Make(string name = "clip.mkv", int width = 64, int height = 48, int frames = 12, string? filter = null, string source = "testsrc")
    {
        string path = Path.Combine(Folder, name);
        string[] picture = ["-f", "lavfi", "-i", $"{source}{(source.Contains('=', StringComparison.Ordinal) ? ":" : "=")}size={width}x{height}:rate=25"];
        Run("ffmpeg", ["-v", "error", "-nostdin", "-y", .. picture, .. filter is null ? Array.Empty<string>() : ["-vf", filter, "-vsync", "vfr"], "-frames:v", $"{frames}", "-c:v", "mpeg4", "-q:v", "2", "file:" + path]);
        return path;
    }

    /// <summary>How many frames ffprobe counts.</summary>
    public static int Count(string path) =>
        int.Parse(Run("ffprobe", ["-v", "error", "-count_frames", "-select_streams", "V:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", "file:" + path]).Trim().Trim(','));

    /// <summary>The frames' times as ffprobe gives them, in seconds.</summary>
    public static double[] Times(string path) =>
    [
        .. Run("ffprobe", ["-v", "error", "-select_streams", "V:0", "-show_entries", "frame=best_effort_timestamp_time", "-of", "csv=p=0", "file:" + path])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line.Trim().Trim(','), System.Globalization.CultureInfo.InvariantCulture)),
    ];

    public static byte[] Bytes(string tool, params string[] arguments)
    {
        using Process process = Start(tool, arguments);
        using var bytes = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        process.WaitForExit();
        return bytes.ToArray();
    }

    public static string Run(string tool, string[] arguments)
    {
        string? output = TryRun(tool, arguments);
        Assert.SkipWhen(output is null, $"needs {tool} in PATH");
        return output;
    }

    /// <summary>Whether a process is there and is not only a dead entry of the process table.</summary>
    public static bool IsRunning(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited && (!OperatingSystem.IsLinux() || !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The ffmpeg children of this process, by the process list (Linux; empty elsewhere).</summary>
    public static int[] Children()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        string parent = $" {Environment.ProcessId} ";
        return [.. Process.GetProcessesByName("ffmpeg").Select(one => one.Id).Where(id =>
        {
            try
            {
                string stat = File.ReadAllText($"/proc/{id}/stat");
                string rest = stat[(stat.LastIndexOf(')') + 1)..];
                return !rest.StartsWith(" Z", StringComparison.Ordinal) && rest[2..].StartsWith(parent, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        })];
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string? TryRun(string tool, string[] arguments)
    {
        try
        {
            using Process process = Start(tool, arguments);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}");
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static Process Start(string tool, string[] arguments) =>
        Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
