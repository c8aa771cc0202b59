namespace FerSharp.Cli.Tests;

public sealed class DiagnoseTests
{
    [Fact]
    public async Task Json_WorkingMachine_IsHealthyAndNamesVersions()
    {
        CliRun run = await CliRun.Of("diagnose", "--json");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.True(run.Json.GetProperty("healthy").GetBoolean());
        Assert.True(run.Json.GetProperty("skia").GetProperty("works").GetBoolean());
        Assert.NotEmpty(run.Json.GetProperty("onnxRuntime").GetProperty("nativeVersion").GetString()!);
        Assert.Equal(EmbeddedModels.All.Select(model => model.Manifest.Id), run.Json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.All(run.Json.GetProperty("models").EnumerateArray(), model => Assert.True(model.GetProperty("works").GetBoolean()));
    }

    [Fact]
    public async Task Text_WorkingMachine_SaysSo()
    {
        CliRun run = await CliRun.Of("diagnose");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("FerSharp can be used on this machine", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("FAULT", run.Out, StringComparison.Ordinal);
    }
}
