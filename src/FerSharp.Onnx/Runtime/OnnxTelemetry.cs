using System.Runtime.InteropServices;

namespace FerSharp.Onnx;

/// <summary>Keeps ONNX Runtime from reporting to its maker: its builds for Linux write a device id and events into the user's cache folder and look up a server.</summary>
internal static partial class OnnxTelemetry
{
    /// <summary>The variable that the native library reads when it is loaded.</summary>
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Sets the variable to 1 unless it has a value already. To be called before the native library is loaded.</summary>
    public static void Disable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
        {
            // On other systems .NET keeps a copy of the environment, which native code does not see.
            try
            {
                _ = SetNative(Variable, "1", 0);
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                // A system whose C library has another name: the variable has to be set from outside there.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
