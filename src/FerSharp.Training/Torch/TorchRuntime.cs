using TorchSharp;

namespace FerSharp.Training;

/// <summary>The native library that computes (libtorch): whether it is there, and how many threads it takes.</summary>
/// <remarks>
/// The app that trains brings it: one of the packages libtorch-cpu-linux-x64, libtorch-cpu-win-x64, libtorch-cpu-osx-arm64, 2.10.0, or a CUDA
/// build of that version. FerSharp.Training refers to TorchSharp alone.
/// </remarks>
public static class TorchRuntime
{
    private const string BridgeName = "libLibTorchSharp.so";

    private static readonly Lazy<string?> Problem = new(Load);

    /// <summary>Why torch cannot be used here and what to do, or null where it can.</summary>
    public static string? WhyNot => Problem.Value;

    /// <summary>Loads torch, if that has not been done.</summary>
    /// <exception cref="FerModelException">It cannot be loaded; the message says why and what to do.</exception>
    public static void EnsureLoaded()
    {
        if (WhyNot is { } problem)
        {
            throw new FerModelException("libtorch", problem);
        }
    }

    /// <summary>Threads that torch computes with. One is best where other work shares the machine.</summary>
    /// <exception cref="FerModelException">torch cannot be loaded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static int Threads
    {
        get
        {
            EnsureLoaded();
            return torch.get_num_threads();
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            EnsureLoaded();
            torch.set_num_threads(value);
        }
    }

    private static string? Load()
    {
        string bridge = Path.Combine(AppContext.BaseDirectory, BridgeName);
        try
        {
            if (OperatingSystem.IsLinux() && File.Exists(bridge))
            {
                LowerRequirement(bridge);
            }

            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException or IOException or UnauthorizedAccessException)
        {
            // The innermost message begins with the reason; a trace of all that was tried follows.
            string reason = e.GetBaseException().Message.Trim().Split('\n', 2)[0].Trim().TrimEnd('.');
            return $"torch does not load here ({reason}). Add a libtorch package to the app that trains, such as "
                + "libtorch-cpu-linux-x64 2.10.0, and build it for one runtime identifier, such as linux-x64. On Linux, the bridge to it needs "
                + "GLIBCXX_3.4.32 of libstdc++ (GCC 13) or write access to its own folder, where this requirement is lowered at the first start.";
        }
    }

    /// <summary>Replaces the bridge by a copy that loads with an older libstdc++; leaves it alone where it needs no change.</summary>
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static void LowerRequirement(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (!ElfSymbolVersion.Lower(bytes))
        {
            return;
        }

        // A new file in the old one's place: another process may have the old one mapped.
        string copy = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(copy, bytes);
        File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(copy, path, overwrite: true);
    }
}
