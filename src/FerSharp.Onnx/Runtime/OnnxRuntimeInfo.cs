using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx;

/// <summary>What is installed of ONNX Runtime: a check before the first session, and material for a bug report.</summary>
/// <param name="ManagedVersion">Version of the managed assembly.</param>
/// <param name="NativeVersion">Version of the native library; null where it cannot be loaded.</param>
/// <param name="Providers">Execution providers that the native library was built with; empty where it cannot be loaded.</param>
/// <param name="Fault">Why no model can be run, and what to do; null where all is well.</param>
public sealed record OnnxRuntimeInfo(string ManagedVersion, string? NativeVersion, IReadOnlyList<string> Providers, string? Fault)
{
    /// <summary>The package that brings the native library for CPUs.</summary>
    public const string NativePackage = "Microsoft.ML.OnnxRuntime";

    private static readonly Lazy<OnnxRuntimeInfo> Cached = new(Probe);

    /// <summary>Looks at this process, once; never throws.</summary>
    public static OnnxRuntimeInfo Current => Cached.Value;

    /// <summary>Compares versions. The native library must be at least as new as the managed assembly, in the same major version.</summary>
    internal static string? CompareVersions(string managed, string native)
    {
        bool comparable = Version.TryParse(managed, out Version? m) & Version.TryParse(native, out Version? n);
        return comparable && (n!.Major != m!.Major || n.Minor < m.Minor)
            ? $"ONNX Runtime's native library is {native}, its managed assembly is {managed}. Reference the package {NativePackage} (or its GPU variant) in version {managed}, and remove other copies of the library."
            : null;
    }

    private static OnnxRuntimeInfo Probe()
    {
        OnnxTelemetry.Disable();
        Assembly assembly = typeof(InferenceSession).Assembly;
        string managed = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version!.ToString(3);
        managed = managed.Split('+', '-')[0];
        try
        {
            // An older native library crashes the managed assembly's start-up, so its version is asked for without the managed assembly.
            string? native = ReadNativeVersion(assembly);
            if (native is not null && CompareVersions(managed, native) is { } mismatch)
            {
                return new OnnxRuntimeInfo(managed, native, [], mismatch);
            }

            OrtEnv environment = OrtEnv.Instance();
            native = environment.GetVersionString();
            return new OnnxRuntimeInfo(managed, native, environment.GetAvailableProviders(), CompareVersions(managed, native));
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            string cause = (e.InnerException ?? e).Message;
            return new OnnxRuntimeInfo(managed, null, [],
                $"ONNX Runtime's native library cannot be loaded on {RuntimeInformation.RuntimeIdentifier}. Add the package {NativePackage} {managed} (or its GPU variant) to the application; it has libraries for win-x64, win-arm64, linux-x64, linux-arm64 and osx-arm64, for glibc only. Cause: {cause}");
        }
    }

    private static unsafe string? ReadNativeVersion(Assembly assembly)
    {
        if (!NativeLibrary.TryLoad("onnxruntime", assembly, null, out nint library) || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint export))
        {
            return null;
        }

        // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(); }
        nint* apiBase = ((delegate* unmanaged<nint*>)export)();
        return Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)apiBase[1])());
    }
}
