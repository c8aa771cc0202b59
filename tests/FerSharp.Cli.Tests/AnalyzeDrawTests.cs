using System.Text.Json;
using FerSharp.Media;

namespace FerSharp.Cli.Tests;

public sealed class AnalyzeDrawTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Draw_AverageFaces_WritesAChangedPictureOfTheSameSize()
    {
        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, "--draw", _folder.At("out"), "--json");

        string drawn = Assert.Single(Drawings(run))!;
        Assert.Equal(_folder.At("out", "average-faces-faces.png"), drawn);
        using Frame before = ImageFile.Load(TestFolder.AverageFaces);
        using Frame after = ImageFile.Load(drawn);
        Assert.Equal((before.View.Width, before.View.Height), (after.View.Width, after.View.Height));
        Assert.NotEqual(File.ReadAllBytes(TestFolder.AverageFaces), File.ReadAllBytes(drawn));
    }

    [Fact]
    public async Task Draw_SameNamesInDifferentFolders_DoNotMeet()
    {
        string[] pictures = [_folder.Blank("one", "a.png"), _folder.Blank("two", "a.png"), _folder.Blank("three", "A.webp")];

        CliRun run = await CliRun.Of(["analyze", .. pictures, "--draw", _folder.At("out"), "--json"]);

        Assert.Equal(3, Drawings(run).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(3, Directory.GetFiles(_folder.At("out")).Length);
    }

    [Fact]
    public async Task Draw_Recursive_KeepsTheFoldersBelow()
    {
        _folder.Blank("in", "one", "a.jpg");
        _folder.Blank("in", "two", "a.jpg");

        CliRun run = await CliRun.Of("analyze", _folder.At("in"), "-r", "--draw", _folder.At("out"), "--json");

        Assert.Equal([_folder.At("out", "one", "a-faces.jpg"), _folder.At("out", "two", "a-faces.jpg")], Drawings(run));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Draw_IntoTheFolderOfTheInputs_LeavesEveryInputAsItWas(bool throughALink)
    {
        string[] pictures = [_folder.Blank("in", "a.png"), _folder.Blank("in", "a-faces.png"), _folder.Blank("in", "a-FACES-2.png")];
        byte[][] before = [.. pictures.Select(File.ReadAllBytes)];
        if (throughALink)
        {
            _folder.Link("link", _folder.At("in"));
        }

        CliRun run = await CliRun.Of(["analyze", .. pictures, "--draw", _folder.At(throughALink ? "link" : "in"), "--json"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(before, pictures.Select(File.ReadAllBytes));
        Assert.Equal(6, Directory.GetFiles(_folder.At("in")).Length);
    }

    [Fact]
    public async Task Draw_BelowTheInputs_IsNotAnalysedTheNextTime()
    {
        _folder.Blank("a.png");
        string[] args = ["analyze", _folder.Root, "-r", "--draw", _folder.At("out"), "--json"];
        await CliRun.Of(args);

        CliRun run = await CliRun.Of(args);

        Assert.Equal([_folder.At("out", "a-faces.png")], Drawings(run));
    }

    [Fact]
    public async Task Draw_FolderIsAFile_IsWrongUsage()
    {
        string file = _folder.Bytes([1], "file");

        CliRun run = await CliRun.Of("analyze", _folder.Blank("a.png"), "--draw", file);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--draw", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draw_PictureCannotBeWritten_KeepsTheAnalysis()
    {
        string picture = _folder.Blank("in", "below", "a.png");
        _folder.Bytes([1], "out", "below");

        CliRun run = await CliRun.Of("analyze", _folder.At("in"), "-r", "--draw", _folder.At("out"), "--json");

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        JsonElement report = run.Json.GetProperty("pictures")[0];
        Assert.Equal(picture, report.GetProperty("file").GetString());
        Assert.Equal("drawingFailed", report.GetProperty("error").GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Array, report.GetProperty("faces").ValueKind);
    }

    private static string?[] Drawings(CliRun run) => [.. run.Json.GetProperty("pictures").EnumerateArray().Select(picture => picture.GetProperty("drawing").GetString())];
}
