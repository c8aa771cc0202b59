using System.Globalization;
using FerSharp.Media;
using FerSharp.Testing;

namespace FerSharp.Cli.Tests;

/// <summary>What the commands about data and models do with input that does not fit.</summary>
public sealed class EvaluationInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("evaluate")]
    [InlineData("dataset")]
    [InlineData("calibrate")]
    [InlineData("evaluate-detector")]
    [InlineData("explain", "out.png")]
    [InlineData("compare", "report.json")]
    public async Task EmptyPath_IsWrongUsage(string command, params string[] more)
    {
        CliRun run = await CliRun.Of([command, "", .. more]);

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains("is empty", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.csv", "--usage", "test")]
    [InlineData("manifest.csv", "--votes", "votes.csv")]
    [InlineData("manifest.csv", "--labels", "fer2013")]
    [InlineData("manifest.csv", "--without-copies-of", "PublicTest")]
    [InlineData("folder", "--root", "elsewhere")]
    [InlineData("folder", "--labels-file", "labels.csv")]
    [InlineData("fer.csv", "--numbers", "rafdb")]
    [InlineData("fer.csv", "--list", "list.txt")]
    public async Task OptionThatDoesNotGoWithTheData_IsWrongUsage(string data, string option, string value)
    {
        _folder.Folder("folder", "happy");
        _folder.Bytes("path,label\na.png,happy\n"u8.ToArray(), "manifest.csv");
        Fer("fer.csv");

        CliRun run = await CliRun.Of("evaluate", _folder.At(data), option, value);

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains($"{option} ", run.Error, StringComparison.Ordinal);
        Assert.Contains("does not go with", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("dataset")]
    public async Task OutputThatTakesNoFiles_IsFoundBeforeTheWork(string command)
    {
        string fer = Fer("fer.csv");

        CliRun run = await CliRun.Of(command, fer, "--out", fer), good = await CliRun.Of(command, fer, "--out", _folder.At("new", "out"));

        Assert.Equal((ExitCode.Usage, "", ExitCode.Ok), (run.Code, run.Out, good.Code));
        Assert.StartsWith("error: --out", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_folder.At("new", "out")), file => Path.GetFileName(file).StartsWith('.'));
    }

    [Fact]
    public async Task Dataset_PartsOfAManifest_AreRefused()
    {
        _folder.Bytes("path,label\na.png,happy\n"u8.ToArray(), "manifest.csv");

        CliRun run = await CliRun.Of("dataset", _folder.At("manifest.csv"), "--part", "train", "--part", "test");

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
    }

    [Fact]
    public async Task Calibrate_ReportPart_IsNoPartOfWhatIsFittedOn()
    {
        string fer = Fer("fer.csv");
        string toy = _folder.Model(ToyModels.Classifier(), "toy");

        CliRun within = await CliRun.Of("calibrate", fer, "--model", toy, "--report-part", "PublicTest");
        CliRun same = await CliRun.Of("calibrate", fer, "--model", toy, "--usage", "PublicTest", "--report-part", "publictest");
        CliRun apart = await CliRun.Of("calibrate", fer, "--model", toy, "--usage", "Training", "--report-part", "PublicTest");

        Assert.Equal((ExitCode.Usage, ExitCode.Usage, ExitCode.Ok), (within.Code, same.Code, apart.Code));
        Assert.Equal(("", ""), (within.Out, same.Out));
        Assert.Contains("share no picture", within.Error, StringComparison.Ordinal);
        Assert.Contains("which the fit has not seen", apart.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_DrawingOverThePicture_IsRefusedAndThePictureStays()
    {
        string picture = _folder.Bytes(File.ReadAllBytes(TestFolder.AverageFaces), "faces.png");

        CliRun over = await CliRun.Of("explain", picture, Path.Combine(_folder.Folder("sub"), "..", "faces.png"));
        CliRun beside = await CliRun.Of("explain", picture, _folder.At("drawn.png"));

        Assert.Equal((ExitCode.Usage, ExitCode.Ok), (over.Code, beside.Code));
        Assert.Equal(File.ReadAllBytes(TestFolder.AverageFaces), File.ReadAllBytes(picture));
        Assert.True(ImageFile.IsSupported(_folder.At("drawn.png")) && File.Exists(_folder.At("drawn.png")));
    }

    [Fact]
    public async Task EvaluateDetector_NoPictureThere_SaysWhere()
    {
        _folder.Bytes("file,left,top,right,bottom\nnone.png,0,0,9,9\n"u8.ToArray(), "boxes.csv");

        CliRun run = await CliRun.Of("evaluate-detector", _folder.At("boxes.csv"));

        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Out));
        Assert.Contains("none.png: There is no such file", run.Error, StringComparison.Ordinal);
        Assert.Contains("--root", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateDetector_Faces_TablesFitEightyColumns()
    {
        _folder.Bytes(File.ReadAllBytes(TestFolder.AverageFaces), "faces.png");
        _folder.Bytes("file,left,top,width,height\nfaces.png,76,70,157,198\nfaces.png,617,67,156,194\n"u8.ToArray(), "boxes.csv");

        CliRun run = await CliRun.Of("evaluate-detector", _folder.At("boxes.csv"), "--resamples", "20");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.All(run.Lines, line => Assert.InRange(line.TrimEnd('\r').Length, 0, 80));
        string row = Assert.Single(run.Lines, line => line.Contains("fersharp-face-detector-640", StringComparison.Ordinal) && line.Contains(" to ", StringComparison.Ordinal));
        Assert.Contains("1.000", row, StringComparison.Ordinal);
        Assert.DoesNotContain("…", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateDetector_PictureWithoutFaces_HasNoAveragePrecision()
    {
        _folder.Blank("none.png");
        _folder.Bytes("file,faces\nnone.png,0\n"u8.ToArray(), "boxes.csv");

        CliRun run = await CliRun.Of("evaluate-detector", _folder.At("boxes.csv"), "--resamples", "20", "--out", _folder.At("out"));

        Assert.Equal(ExitCode.Ok, run.Code);
        string text = run.Out + File.ReadAllText(_folder.At("out", "detectors.md"));
        Assert.Equal(2, text.Split("no face").Length - 1);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateDetector_ManyFaults_AreCountedWhereNotAllAreNamed()
    {
        _folder.Blank("there.png");
        string rows = string.Concat(Enumerable.Range(0, 120).Select(i => $"none{i}.png,0,0,9,9\n"));
        _folder.Bytes(System.Text.Encoding.UTF8.GetBytes("file,left,top,right,bottom\nthere.png,0,0,9,9\n" + rows), "boxes.csv");

        CliRun run = await CliRun.Of("evaluate-detector", _folder.At("boxes.csv"), "--resamples", "20", "--out", _folder.At("out"));

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("120 rows or files in all", run.Error, StringComparison.Ordinal);
        Assert.Contains("The first 100 of 120", File.ReadAllText(_folder.At("out", "detectors.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OtherConditions_AreRefusedOrNamed()
    {
        string fer = Fer("fer.csv"), toy = _folder.Model(ToyModels.Classifier(withContempt: true), "toy");
        await CliRun.Of("evaluate", fer, "--model", toy, "--classes", "7", "--resamples", "5", "--out", _folder.At("a"));
        await CliRun.Of("evaluate", fer, "--model", toy, "--classes", "8", "--resamples", "5", "--out", _folder.At("b"));
        string a = Directory.GetFiles(_folder.At("a"), "*.json").Single(), b = Directory.GetFiles(_folder.At("b"), "*.json").Single();

        CliRun refused = await CliRun.Of("compare", a, b), other = await CliRun.Of("compare", a, b, "--allow-different-data"), same = await CliRun.Of("compare", a, a);
        CliRun both = await CliRun.Of("compare", a, a, "--allow-different-data", "--out", _folder.At("c"));

        Assert.Equal((ExitCode.Usage, ""), (refused.Code, refused.Out));
        Assert.DoesNotContain("Parameter", refused.Error, StringComparison.Ordinal);
        Assert.Contains("not run under the same conditions", other.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("conditions", same.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (both.Code, both.Out));
    }

    [Fact]
    public async Task Evaluate_TwoModelsOnSubjects_TakesSubjectsForTheIntervals()
    {
        string toy = _folder.Model(ToyModels.Classifier(), "toy");
        _folder.Bytes(
            System.Text.Encoding.UTF8.GetBytes("path,label,subject\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i}.png,{(i % 2 == 0 ? "happy" : "sad")},s{i / 6}\n"))), "manifest.csv");
        for (int i = 0; i < 12; i++)
        {
            ImageFile.Save(_folder.At($"{i}.png"), SyntheticFrames.Noise(48, 48, i));
        }

        CliRun run = await CliRun.Of("evaluate", _folder.At("manifest.csv"), "--model", toy, "--model", toy, "--resamples", "50", "--out", _folder.At("out"));

        var report = FerSharp.Evaluation.EvaluationReport.FromJson(File.ReadAllBytes(Directory.GetFiles(_folder.At("out"), "*.json")[0]));
        FerSharp.Evaluation.Interval interval = report.Intervals.Accuracy;
        Assert.Contains("p takes pictures for independent", run.Out, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{interval.Lower:0.000} to {interval.Upper:0.000}"), run.Out, StringComparison.Ordinal);
    }

    /// <summary>Forty pictures of noise, half of them PublicTest.</summary>
    private string Fer(string name)
    {
        IEnumerable<string> rows = Enumerable.Range(0, 40).Select(i =>
            $"{i % 7},{string.Join(' ', SyntheticFrames.Noise(48, 48, i, PixelFormat.Gray8).Pixels.ToArray())},{(i % 2 == 0 ? "Training" : "PublicTest")}\n");
        return _folder.Bytes(System.Text.Encoding.UTF8.GetBytes("emotion,pixels,Usage\n" + string.Concat(rows)), name);
    }
}
