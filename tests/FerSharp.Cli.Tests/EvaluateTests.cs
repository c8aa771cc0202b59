using FerSharp.Evaluation;
using FerSharp.Testing;

namespace FerSharp.Cli.Tests;

public sealed class EvaluateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_Crops_ReadsThemWholeAndWritesReports()
    {
        CliRun run = await CliRun.Of("evaluate", LabelledFaces.Crops(_folder, "data"), "--out", _folder.At("out"), "--resamples", "50");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        EvaluationReport report = Report("out", "fersharp-expression-48.json");
        Assert.Equal((7, 6), (report.Samples.Count, report.Metrics.Confusion.Correct));
        Assert.Equal(EmbeddedModels.EmotionClassifier.Manifest.Sha256, report.ModelSha256);
        Assert.Contains("0.857", run.Out, StringComparison.Ordinal);
        Assert.Contains("always neutral", run.Out, StringComparison.Ordinal);
        string page = File.ReadAllText(_folder.At("out", "fersharp-expression-48.html"));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.StartsWith("# fersharp-expression-48", File.ReadAllText(_folder.At("out", "fersharp-expression-48.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_HeadsWithDetectorAndPictures_FindsFacesAndShowsThem()
    {
        CliRun run = await CliRun.Of("evaluate", LabelledFaces.Heads(_folder, "data"), "--detector", "--out", _folder.At("out"), "--pictures", "--resamples", "50");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("faces found 1.000", run.Out, StringComparison.Ordinal);
        Assert.Contains("<img", File.ReadAllText(_folder.At("out", "fersharp-expression-48.html")), StringComparison.Ordinal);
        Assert.NotNull(Report("out", "fersharp-expression-48.json").Predictions.Detector);
    }

    [Fact]
    public async Task Evaluate_NoFaceInAnyPicture_SaysSo()
    {
        _folder.Blank("data", "happy", "a.png");
        _folder.Blank("data", "sad", "b.png");

        CliRun run = await CliRun.Of("evaluate", _folder.At("data"), "--detector");

        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Out));
        Assert.Contains("2 faces were not found", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_TwoModels_ComparesThem()
    {
        string toy = _folder.Model(ToyModels.Classifier(), "toy");

        CliRun run = await CliRun.Of("evaluate", LabelledFaces.Crops(_folder, "data"), "--model", "fersharp-expression-48", "--model", toy, "--model", toy, "--out", _folder.At("out"), "--resamples", "50");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("toy-classifier", run.Out, StringComparison.Ordinal);
        Assert.Equal(
            ["comparison.html", "comparison.md", "fersharp-expression-48.html", "fersharp-expression-48.json", "fersharp-expression-48.md", "toy-classifier-7-2.html", "toy-classifier-7-2.json", "toy-classifier-7-2.md", "toy-classifier-7.html", "toy-classifier-7.json", "toy-classifier-7.md"],
            Directory.GetFiles(_folder.At("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Evaluate_BrokenPicture_IsNamedAndTheRestIsDone()
    {
        string data = LabelledFaces.Crops(_folder, "data");
        _folder.Bytes([1, 2, 3], "data", "happy", "broken.png");

        CliRun run = await CliRun.Of("evaluate", data, "--resamples", "50");

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("broken.png", run.Error, StringComparison.Ordinal);
        Assert.Contains("0.857", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing.csv", "nothing.csv")]
    [InlineData("nothing.bin", "nothing.bin")]
    [InlineData("empty.csv", "empty.csv")]
    [InlineData("empty", "no usable picture")]
    [InlineData("columns.csv", "path")]
    [InlineData("pixels.csv", "pixel")]
    public async Task Evaluate_UnusableData_IsExplained(string name, string words)
    {
        _folder.Folder("empty");
        _folder.Bytes([], "empty.csv");
        _folder.Bytes("file,name\na,b\n"u8.ToArray(), "columns.csv");
        _folder.Bytes("emotion,pixels,Usage\n3,1 2 3,Training\n"u8.ToArray(), "pixels.csv");

        CliRun run = await CliRun.Of("evaluate", _folder.At(name));

        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_FerPlusLabelsWithoutVotes_IsWrongUsage()
    {
        _folder.Bytes("emotion,pixels,Usage\n3,1 2 3,Training\n"u8.ToArray(), "fer.csv");

        CliRun run = await CliRun.Of("evaluate", _folder.At("fer.csv"), "--labels", "ferplus");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--votes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_UnknownModel_IsTheModelsFault()
    {
        CliRun run = await CliRun.Of("evaluate", LabelledFaces.Crops(_folder, "data"), "--model", "none");

        Assert.Equal((ExitCode.ModelOrRuntime, ""), (run.Code, run.Out));
    }

    [Fact]
    public async Task Compare_SameReport_Passes_OtherWeights_Fail()
    {
        string data = LabelledFaces.Crops(_folder, "data");
        string toy = _folder.Model(ToyModels.Classifier(), "toy");
        await CliRun.Of("evaluate", data, "--model", "fersharp-expression-48", "--model", toy, "--out", _folder.At("out"), "--resamples", "50");
        string good = _folder.At("out", "fersharp-expression-48.json"), bad = _folder.At("out", "toy-classifier-7.json");

        CliRun same = await CliRun.Of("compare", good, good);
        CliRun worse = await CliRun.Of("compare", good, bad, "--out", _folder.At("table"));
        CliRun better = await CliRun.Of("compare", bad, good);
        CliRun off = await CliRun.Of(["compare", good, bad, .. GateOptions.DefaultTolerances.Keys.SelectMany(figure => new[] { "--tolerance", $"{figure}=inf" })]);

        Assert.Equal((ExitCode.Ok, ExitCode.GateFailed, ExitCode.Ok, ExitCode.Ok), (same.Code, worse.Code, better.Code, off.Code));
        Assert.Contains("WORSE", worse.Out, StringComparison.Ordinal);
        Assert.Contains("McNemar", worse.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.At("table", "comparison.html")));
    }

    [Theory]
    [InlineData("accuracy")]
    [InlineData("accuracy=-1")]
    [InlineData("accuracy=much")]
    [InlineData("beauty=1")]
    public async Task Compare_WrongTolerance_IsExplained(string tolerance)
    {
        await CliRun.Of("evaluate", LabelledFaces.Crops(_folder, "data"), "--out", _folder.At("out"), "--resamples", "5");
        string report = _folder.At("out", "fersharp-expression-48.json");

        CliRun run = await CliRun.Of("compare", report, report, "--tolerance", tolerance);

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OtherDataOrNoReport_IsExplained()
    {
        await CliRun.Of("evaluate", LabelledFaces.Crops(_folder, "data"), "--out", _folder.At("a"), "--resamples", "5");
        Directory.Delete(_folder.At("data", "fear"), recursive: true);
        await CliRun.Of("evaluate", _folder.At("data"), "--out", _folder.At("b"), "--resamples", "5");
        string a = _folder.At("a", "fersharp-expression-48.json"), b = _folder.At("b", "fersharp-expression-48.json");

        CliRun other = await CliRun.Of("compare", a, b);
        CliRun allowed = await CliRun.Of("compare", b, b, "--allow-different-data");
        CliRun none = await CliRun.Of("compare", a, _folder.At("data", "happy", "average.png"));

        Assert.Equal((ExitCode.Usage, ExitCode.Ok, ExitCode.SomeFailed), (other.Code, allowed.Code, none.Code));
        Assert.Contains("different data", other.Error, StringComparison.Ordinal);
        Assert.Contains("not JSON", none.Error, StringComparison.Ordinal);
    }

    private EvaluationReport Report(params string[] path) => EvaluationReport.FromJson(File.ReadAllBytes(_folder.At(path)));
}
