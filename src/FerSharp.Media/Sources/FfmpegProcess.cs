using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FerSharp.Media;

/// <summary>A running ffmpeg: its input or output, the end of its error text, and the promise that it does not outlive this object or this process.</summary>
/// <remarks>
/// It ends by <see cref="Kill()"/>, when this object is finalised, and when this process ends in an orderly way. When this process is killed, the
/// pipe closes and ffmpeg ends at its next frame.
/// </remarks>
internal sealed class FfmpegProcess : IDisposable
{
    private const int MostErrorBytes = 2048;

    /// <summary>All that run. It keeps them from being finalised before the object that must still kill them.</summary>
    private static readonly HashSet<Process> Running = [];

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Lock _end = new();
    private Task<(int Code, string Errors)>? _ended;

    static FfmpegProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        lock (Running)
        {
            foreach (Process process in Running)
            {
                Kill(process);
            }
        }
    };

    private FfmpegProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        _errors = ReadErrorsAsync(process.StandardError.BaseStream);
    }

    ~FfmpegProcess() => Forget();

    public int Id { get; }

    /// <summary>What the child writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What the child reads, where it was started to be written to.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <param name="executable">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="writable">Whether <see cref="Input"/> is wanted; else the child has this process's input.</param>
    /// <exception cref="InvalidOperationException">There is no ffmpeg, or it does not start.</exception>
    public static FfmpegProcess Start(string executable, IReadOnlyList<string> arguments, bool writable = false)
    {
        var start = new ProcessStartInfo(Find(executable))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = writable,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            Process process = Process.Start(start)!;
            lock (Running)
            {
                Running.Add(process);
            }

            return new FfmpegProcess(process);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"'{executable}' could not be started: {e.Message}. Check that FfmpegOptions.Executable is ffmpeg and may be run.", e);
        }
    }

    /// <summary>Ends the child at once; its output then ends. Harmless when repeated and when it has ended by itself.</summary>
    public void Kill() => Kill(_process);

    /// <summary>Waits until the child has ended, kills it where that takes too long, and lets go of it. Every call gives the same answer.</summary>
    /// <returns>Its exit code, and the end of what it wrote to its error output.</returns>
    public Task<(int Code, string Errors)> EndAsync(TimeSpan patience)
    {
        lock (_end)
        {
            return _ended ??= WaitAsync(patience);
        }
    }

    /// <summary>Kills the child and lets go of it, without waiting for its end.</summary>
    public void Dispose()
    {
        Forget();
        GC.SuppressFinalize(this);
    }

    private async Task<(int Code, string Errors)> WaitAsync(TimeSpan patience)
    {
        using (var limit = new CancellationTokenSource(patience))
        {
            try
            {
                await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Kill();
                await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        int code = _process.ExitCode;
        string errors = "";
        try
        {
            errors = await _errors.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Somebody whom the child had started still holds the pipe; the words are not worth the wait.
        }

        await Output.DisposeAsync().ConfigureAwait(false);
        Dispose();
        return (code, errors);
    }

    /// <summary>Finds a plain name in PATH alone. The system's own search would also try the current directory, where anybody may have put a program.</summary>
    private static string Find(string executable)
    {
        if (Path.GetFileName(executable) != executable)
        {
            return File.Exists(executable) ? Path.GetFullPath(executable) : throw Missing(executable);
        }

        string[] names = OperatingSystem.IsWindows() && !Path.HasExtension(executable) ? [executable + ".exe"] : [executable];
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified))
        {
            foreach (string name in names)
            {
                if (Path.Combine(folder, name) is var path && File.Exists(path))
                {
                    return path;
                }
            }
        }

        throw Missing(executable);
    }

    private static InvalidOperationException Missing(string executable) => new(
        $"ffmpeg was not found ('{executable}'). Videos and cameras need it: install it with 'apt install ffmpeg' (Debian, Ubuntu), 'brew install ffmpeg' (macOS) or " +
        "'winget install ffmpeg' (Windows), or take it from https://ffmpeg.org/download.html; where it is not in PATH, set FfmpegOptions.Executable to it.");

    private static void Kill(Process process)
    {
        try
        {
            // With its children: where ffmpeg is a script around the program, the program holds the pipe.
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or is ending.
        }
    }

    /// <summary>Reads the error output to its end, so that the child never waits for it, and keeps the last of it. Static: it must not keep this object alive.</summary>
    private static async Task<string> ReadErrorsAsync(Stream stream)
    {
        byte[] kept = new byte[2 * MostErrorBytes];
        int length = 0;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(kept.AsMemory(length)).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length == kept.Length)
                {
                    kept.AsSpan(MostErrorBytes).CopyTo(kept);
                    length = MostErrorBytes;
                }
            }
        }
        catch (IOException)
        {
            // What was read so far is enough for a message.
        }

        return Encoding.UTF8.GetString(kept, Math.Max(0, length - MostErrorBytes), Math.Min(length, MostErrorBytes)).Trim();
    }

    private void Forget()
    {
        Kill();
        lock (Running)
        {
            Running.Remove(_process);
        }

        _process.Dispose();
    }
}
