using System.Diagnostics;

namespace FerSharp.Core.Tests.Imaging;

public sealed class ScalarProcessTests
{
    /// <summary>On processors without vector instructions, other code runs; a child process that has them switched off runs it here.</summary>
    [Fact]
    public async Task GoldenTests_WithoutHardwareIntrinsics_PassToo()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0", "this is the child process");
        string assembly = typeof(ScalarProcessTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly, "--filter-class", typeof(GoldenPreprocessingTests).FullName!, "--filter-class", typeof(KernelPropertyTests).FullName!])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_EnableHWIntrinsic"] = "0" },
        };
        using Process child = Process.Start(start)!;
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output);
        Assert.Contains("succeeded: ", output, StringComparison.Ordinal);
    }
}
