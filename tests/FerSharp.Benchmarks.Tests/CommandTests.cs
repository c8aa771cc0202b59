using FerSharp.Benchmarks.History;
using FerSharp.Benchmarks.Reports;

namespace FerSharp.Benchmarks.Tests;

public sealed class CommandTests : IDisposable
{
    private static readonly BenchmarkFigure Kept = new("A.B.Run", "", 2, 0);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fersharp-figures");
    private readonly StringWriter _output = new(), _error = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Compare_SameFile_IsGood()
    {
        string file = Write("a", Kept);

        Assert.Equal(Commands.Good, Run("compare", file, file));
        Assert.Contains("1 compared: 0 allocate more", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_MoreBytes_ExitsWithOne()
    {
        Assert.Equal(Commands.Worse, Run("compare", Write("a", Kept), Write("b", Kept with { Bytes = 24 })));
        Assert.Contains("MORE BYTES  A.B.Run: 0 to 24 bytes", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_FolderOfResults_TakesAllItsFiles()
    {
        string baseline = Write("base", Kept, Kept with { Method = "A.C.Run" });
        DirectoryInfo results = _folder.CreateSubdirectory("results");
        Write("results/one", Kept);
        Write("results/two", Kept with { Method = "A.C.Run" });
        File.WriteAllText(Path.Combine(results.FullName, "report-brief.json"), "{}");

        Assert.Equal(Commands.Good, Run("compare", baseline, results.FullName));
        Assert.Contains("2 compared", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"schema\":1,\"machine\":\"m\",\"benchmarks\":[{\"method\":\"a\",\"par")]
    [InlineData("{\"schema\":1,\"machine\":\"m\"}")]
    [InlineData("{\"schema\":2,\"machine\":\"m\",\"benchmarks\":[]}")]
    [InlineData("{\"Title\":\"a report of BenchmarkDotNet\",\"Benchmarks\":[]}")]
    [InlineData("{\"schema\":1,\"machine\":\"m\",\"benchmarks\":[null]}")]
    [InlineData("{\"schema\":1,\"machine\":\"m\",\"benchmarks\":[{\"method\":\"a\",\"parameters\":\"\",\"ratio\":1,\"bytes\":-1}]}")]
    [InlineData("{\"schema\":1,\"machine\":\"m\",\"benchmarks\":[{\"method\":\"a\",\"parameters\":\"\",\"ratio\":0,\"bytes\":1}]}")]
    [InlineData("{\"schema\":1,\"machine\":\"m\",\"benchmarks\":[{\"method\":\"a\",\"parameters\":\"\",\"ratio\":1,\"bytes\":\"1\"}]}")]
    public void Compare_FileThatCannotBeUsed_ExitsWithTwoAndNamesIt(string json)
    {
        string bad = Path.Combine(_folder.FullName, "bad.json");
        File.WriteAllText(bad, json);

        Assert.Equal(Commands.Unusable, Run("compare", Write("a", Kept), bad));
        Assert.Contains("bad.json", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_MissingFile_ExitsWithTwo()
    {
        Assert.Equal(Commands.Unusable, Run("compare", Path.Combine(_folder.FullName, "none.json"), Write("a", Kept)));
        Assert.Contains("none.json", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_FolderWithoutResults_ExitsWithTwo()
    {
        Assert.Equal(Commands.Unusable, Run("compare", Write("a", Kept), _folder.CreateSubdirectory("empty").FullName));
        Assert.Contains("run the benchmarks first", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_SameBenchmarkTwice_ExitsWithTwo()
    {
        Assert.Equal(Commands.Unusable, Run("compare", Write("a", Kept), Write("b", Kept, Kept)));
        Assert.Contains("comes twice", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compare", "only-one")]
    [InlineData("baseline", "only-one")]
    [InlineData("streams", "soon")]
    [InlineData("allocations", "extra")]
    public void Run_ArgumentsThatDoNotFit_ExitsWithTwoAndHelps(params string[] args)
    {
        Assert.Equal(Commands.Unusable, Run(args));
        Assert.Contains("compare BASELINE RESULTS", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../outside")]
    [InlineData(".hidden")]
    public void Baseline_NameThatIsNone_ExitsWithTwo(string name)
    {
        Assert.Equal(Commands.Unusable, Run("baseline", name, Write("a", Kept)));
        Assert.Contains("no name for a baseline", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Baseline_ResultsWithoutABenchmark_ExitsWithTwo()
    {
        Assert.Equal(Commands.Unusable, Run("baseline", "fine", Write("none")));
        Assert.Contains("nothing to keep", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhatWasWritten_IsTheSame()
    {
        BenchmarkFigure[] written = [Kept, new("A.B.Other", "Size=640x480, Faces=1", null, null)];

        Assert.Equal(written, BenchmarkFigures.Load(Write("a", written)).Benchmarks);
    }

    [Fact]
    public void Startup_CommandThatDoesNotExist_ExitsWithTwo()
    {
        Assert.Equal(Commands.Unusable, Run("startup", "no-such-program-of-fersharp"));
        Assert.Contains("cannot be started", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Startup_ChildProcess_SaysItsStepsInOrder()
    {
        Startup startup = StartupReport.MeasureChild();

        Assert.InRange(startup.Main, 0, startup.Models);
        Assert.InRange(startup.Models, startup.Main, startup.Result);
    }

    private int Run(params string[] args) => Commands.Run(args, _output, _error);

    private string Write(string name, params BenchmarkFigure[] figures)
    {
        string path = Path.Combine(_folder.FullName, name + BenchmarkFigures.FileEnd);
        File.WriteAllText(path, BenchmarkFigures.OfThisMachine(figures).ToJson());
        return path;
    }
}
