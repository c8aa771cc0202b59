using System.Diagnostics;
using System.Runtime.CompilerServices;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

public sealed partial class OnnxRuntimeInfoTests
{
    private const string ChildVariable = "FERSHARP_TEST_LOAD_A_MODEL_AND_EXIT";

    [Fact]
    public void Current_WithTheNativePackage_HasNoFault()
    {
        OnnxRuntimeInfo info = OnnxRuntimeInfo.Current;
        Assert.Null(info.Fault);
        Assert.Equal(info.ManagedVersion, info.NativeVersion);
        Assert.Contains("CPUExecutionProvider", info.Providers);
        Assert.Same(info, OnnxRuntimeInfo.Current);
    }

    [Fact]
    public void Backend_OfALoadedModel_NamesTheNativeVersion()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
        Assert.Equal($"OnnxRuntime {OnnxRuntimeInfo.Current.NativeVersion}", detector.Model.Backend);
    }

    [Theory]
    [InlineData("1.31.1", "1.31.1")]
    [InlineData("1.31.1", "1.31.0")]
    [InlineData("1.31.1", "1.32.0")]
    [InlineData("1.31.1", "not a version")]
    public void CompareVersions_NativeNewEnough_IsNoFault(string managed, string native) => Assert.Null(OnnxRuntimeInfo.CompareVersions(managed, native));

    [Theory]
    [InlineData("1.31.1", "1.30.9")]
    [InlineData("1.31.1", "2.31.1")]
    [InlineData("2.0.0", "1.99.0")]
    public void CompareVersions_NativeTooOldOrOfAnotherMajor_SaysWhatToReference(string managed, string native)
    {
        string? fault = OnnxRuntimeInfo.CompareVersions(managed, native);
        Assert.NotNull(fault);
        Assert.All([managed, native, "Microsoft.ML.OnnxRuntime"], part => Assert.Contains(part, fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Load_WithoutTheNativeLibrary_NamesThePackageToAdd()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fersharp-no-native");
        try
        {
            // Only what is managed: no runtimes folder and no list of dependencies that would lead to the package cache.
            foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(IsManaged))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            (int exitCode, string output) = await RunAsync(Path.Combine(folder.FullName, $"{typeof(OnnxRuntimeInfoTests).Assembly.GetName().Name}.dll"));
            Assert.True(exitCode == 0, output);
            Assert.Contains("FerModelException", output, StringComparison.Ordinal);
            Assert.Contains($"Add the package Microsoft.ML.OnnxRuntime {OnnxRuntimeInfo.Current.ManagedVersion}", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsManaged(string file) =>
        (file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !Path.GetFileName(file).StartsWith("onnxruntime", StringComparison.OrdinalIgnoreCase))
        || file.EndsWith(".runtimeconfig.json", StringComparison.Ordinal);

    private static async Task<(int ExitCode, string Output)> RunAsync(string assembly)
    {
        // shared/Microsoft.NETCore.App/version lies three levels below the host.
        string host = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        using Process process = Process.Start(new ProcessStartInfo(host, [assembly]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [ChildVariable] = "1" } })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    /// <summary>The child's part: tries to load a model before the test platform starts, says what happened, and ends.</summary>
    [ModuleInitializer]
    internal static void LoadAndExitInAChild()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is null)
        {
            return;
        }

        try
        {
            using OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
            Console.WriteLine("loaded");
        }
        catch (FerModelException e)
        {
            Console.WriteLine($"{e.GetType().Name}: {e.Message}");
        }

        Environment.Exit(0);
    }

    [Fact]
    public void Current_Asked_HasSwitchedTelemetryOffWhereNativeCodeSeesIt()
    {
        Assert.Null(OnnxRuntimeInfo.Current.Fault);
        Assert.NotNull(Environment.GetEnvironmentVariable(OnnxTelemetry.Variable));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(Environment.GetEnvironmentVariable(OnnxTelemetry.Variable), System.Runtime.InteropServices.Marshal.PtrToStringUTF8(GetNative(OnnxTelemetry.Variable)));
        }
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = System.Runtime.InteropServices.StringMarshalling.Utf8)]
    private static partial nint GetNative(string name);
}
