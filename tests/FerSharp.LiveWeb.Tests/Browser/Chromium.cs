using System.Diagnostics;

namespace FerSharp.LiveWeb.Tests.Browser;

/// <summary>A headless browser of the Chromium family with a camera that is a file. Ends with its object.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"];
    private static readonly string[] Places =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private readonly Process _process;
    private readonly string _profile;

    private Chromium(Process process, string profile, DevTools tools) => (_process, _profile, Tools) = (process, profile, tools);

    public DevTools Tools { get; }

    /// <summary>Starts one; skips the test where none is installed.</summary>
    /// <param name="camera">The file that its camera shows: .y4m or .mjpeg.</param>
    public static async Task<Chromium> StartAsync(string camera)
    {
        string? path = Find();
        Assert.SkipWhen(path is null, "needs a browser of the Chromium family in PATH, or its path in FERSHARP_BROWSER");
        string profile = Directory.CreateTempSubdirectory("fersharp-browser-").FullName;
        string[] arguments =
        [
            "--headless=new", "--remote-debugging-port=0", $"--user-data-dir={profile}", "--no-first-run", "--no-default-browser-check", "--disable-gpu",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-video-capture={camera}",
            .. IsRoot ? ["--no-sandbox"] : Array.Empty<string>(), "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            string[] lines = await ReadPortAsync(Path.Combine(profile, "DevToolsActivePort"), process);
            return new Chromium(process, profile, await DevTools.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}")));
        }
        catch
        {
            await EndAsync(process, profile);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Tools.Dispose();
        await EndAsync(_process, _profile);
    }

    // A sandbox cannot be built by root.
    private static bool IsRoot => OperatingSystem.IsLinux() && Environment.UserName == "root";

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("FERSHARP_BROWSER") is { Length: > 0 } named)
        {
            return named;
        }

        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))).Concat(Places).FirstOrDefault(File.Exists);
    }

    private static async Task<string[]> ReadPortAsync(string file, Process process)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < TestServer.Patience)
        {
            Assert.False(process.HasExited, $"the browser ended at once, with {(process.HasExited ? process.ExitCode : 0)}");
            try
            {
                if (await File.ReadAllLinesAsync(file) is { Length: >= 2 } lines)
                {
                    return lines;
                }
            }
            catch (IOException)
            {
                // Not written yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("The browser did not say where its developer tools are.");
    }

    private static async Task EndAsync(Process process, string profile)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                // Its last children still write.
                await Task.Delay(100);
            }
        }
    }
}
