using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FerSharp.Evaluation;

/// <summary>Where and with what a report was made. Names no machine, no user and no path. Immutable.</summary>
/// <param name="Library">Version of FerSharp, with the source's revision where the build knows it.</param>
/// <param name="Runtime">The .NET runtime, such as <c>.NET 10.0.0</c>.</param>
/// <param name="System">The operating system.</param>
/// <param name="Architecture">The processor's architecture, such as <c>X64</c>.</param>
/// <param name="Processors">Number of processors that the process may use.</param>
/// <param name="VectorBits">Width of the vectors that .NET uses: 128, 256 or 512; 0 without hardware vectors.</param>
public sealed record ReportEnvironment(string Library, string Runtime, string System, string Architecture, int Processors, int VectorBits)
{
    /// <summary>This process.</summary>
    public static ReportEnvironment Current { get; } = new(
        typeof(ReportEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0);
}
