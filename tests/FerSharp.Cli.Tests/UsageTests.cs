namespace FerSharp.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("analyze")]
    [InlineData("analyze x.jpg --json --csv")]
    [InlineData("analyze x.jpg --jsonl --csv")]
    [InlineData("analyze x.jpg --unknown")]
    [InlineData("analyze x.jpg --size tiny")]
    [InlineData("analyze x.jpg --size small --detector folder")]
    [InlineData("analyze x.jpg --min-score 2")]
    [InlineData("analyze x.jpg --min-score 0,5")]
    [InlineData("analyze x.jpg --min-score NaN")]
    [InlineData("analyze x.jpg --max-faces 0")]
    [InlineData("analyze x.jpg --max-faces many")]
    [InlineData("analyze x.jpg --threads 0")]
    [InlineData("analyze x.jpg --repeat 3")]
    [InlineData("analyze x.jpg --timings --repeat 1")]
    [InlineData("analyze x.jpg --out")]
    [InlineData("analyze x.jpg --draw")]
    [InlineData("evaluate")]
    [InlineData("evaluate x.csv --classes 6")]
    [InlineData("evaluate x.csv --labels own")]
    [InlineData("evaluate x.csv --pictures")]
    [InlineData("evaluate x.csv --focus joy")]
    [InlineData("evaluate x.csv --batch 0")]
    [InlineData("evaluate x.csv --seed -1")]
    [InlineData("compare x.json")]
    [InlineData("models")]
    [InlineData("models inspect")]
    [InlineData("diagnose now")]
    public async Task Arguments_Wrong_AreExplainedOnStandardError(string line)
    {
        CliRun run = await CliRun.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("analyze", " ")]
    [InlineData("analyze", "x.jpg", "--out", "")]
    public async Task Arguments_Blank_AreWrong(params string[] args)
    {
        CliRun run = await CliRun.Of(args);

        Assert.Equal(ExitCode.Usage, run.Code);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("analyze --help")]
    [InlineData("models inspect --help")]
    public async Task Help_Asked_IsOnStandardOutput(string line)
    {
        CliRun run = await CliRun.Of(line.Split(' '));

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.NotEmpty(run.Out);
    }

    [Fact]
    public async Task Out_FolderIsMissing_IsWrongUsage()
    {
        using var folder = new TestFolder();

        CliRun run = await CliRun.Of("analyze", folder.Blank("a.png"), "--out", folder.At("none", "x.json"));

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--out", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_ProgramAbsent_SaysHowToGetIt()
    {
        CliRun run = await CliRun.Of("train", "recipe.json", "--threads", "1");

        Assert.Equal((ExitCode.ModelOrRuntime, ""), (run.Code, run.Out));
        Assert.Contains("dotnet publish samples/FerSharp.Train", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_ProgramOnThePath_GetsTheArgumentsAndItsCodeIsReturned()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the stand-in is a shell script");
            return;
        }

        using var folder = new TestFolder();
        string got = folder.At("arguments"), program = folder.Bytes("#!/bin/sh\nprintf '%s|' \"$@\" > \"$(dirname \"$0\")/arguments\"\nexit 7\n"u8.ToArray(), "fersharp-train");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string? path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", folder.Root + Path.PathSeparator + path);
        try
        {
            CliRun run = await CliRun.Of("train", "recipe.json", "my data", "--help");

            Assert.Equal(7, run.Code);
            Assert.Equal("train|recipe.json|my data|--help|", File.ReadAllText(got));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
