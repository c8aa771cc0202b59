using System.Buffers.Binary;
using System.Text.Json;
using FerSharp.Testing;

namespace FerSharp.Cli.Tests;

public sealed class AnalyzeInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Analyze_BrokenFileAmongGood_ReportsItAndGoesOn()
    {
        _folder.Blank("a.png");
        _folder.Bytes("no picture"u8.ToArray(), "b.jpg");
        _folder.Blank("c.png");

        CliRun run = await CliRun.Of("analyze", _folder.Root, "--json");

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Equal([null, "invalidPicture", null], Kinds(run));
        Assert.Equal(1, run.Json.GetProperty("summary").GetProperty("failed").GetInt32());
        Assert.Contains("b.jpg", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_EmptyTruncatedAndHugePictures_AreInvalid()
    {
        byte[] whole = await File.ReadAllBytesAsync(_folder.Blank("whole.png"), TestContext.Current.CancellationToken);
        string empty = _folder.Bytes([], "empty.jpg");
        string truncated = _folder.Bytes(whole[..(whole.Length / 2)], "truncated.png");
        byte[] header = new byte[54];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), 60_000);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), 60_000);
        header[26] = 1;
        header[28] = 24;
        string huge = _folder.Bytes(header, "huge.bmp");

        CliRun run = await CliRun.Of("analyze", empty, truncated, huge, "--json");

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Equal(["invalidPicture", "invalidPicture", "invalidPicture"], Kinds(run));
    }

    [Fact]
    public async Task Analyze_MissingPath_IsNotFound()
    {
        CliRun run = await CliRun.Of("analyze", _folder.At("none.jpg"), "--json");

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Equal(["notFound"], Kinds(run));
    }

    [Fact]
    public async Task Analyze_EmptyFolder_IsFineWithANote()
    {
        CliRun run = await CliRun.Of("analyze", _folder.Root, "--jsonl");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Out));
        Assert.Contains("no pictures", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, new[] { "a.PNG", "b.jpg" })]
    [InlineData(true, new[] { "a.PNG", "b.jpg", "below/c.png", "below/deep/d.webp" })]
    public async Task Analyze_Folder_TakesPicturesInOrder(bool recursive, string[] expected)
    {
        _folder.Blank("b.jpg");
        File.Move(_folder.Blank("tmp.png"), _folder.At("a.PNG"));
        _folder.Blank("below", "c.png");
        _folder.Blank("below", "deep", "d.webp");
        _folder.Bytes("text"u8.ToArray(), "notes.txt");

        CliRun run = await CliRun.Of(["analyze", _folder.Root, "--json", .. recursive ? new[] { "-r" } : []]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(expected.Select(name => _folder.At(name.Split('/'))), Files(run));
    }

    [Fact]
    public async Task Analyze_LinkBackToTheFolder_IsNotFollowed()
    {
        _folder.Blank("a.png");
        _folder.Link("again", _folder.Root);

        CliRun run = await CliRun.Of("analyze", _folder.Root, "-r", "--json");

        Assert.Equal([_folder.At("a.png")], Files(run));
    }

    [Fact]
    public async Task Analyze_FolderNamedLikeAPicture_IsAFolder()
    {
        string picture = _folder.Blank("x.jpg", "a.png");

        CliRun run = await CliRun.Of("analyze", _folder.At("x.jpg"), "--json");

        Assert.Equal([picture], Files(run));
    }

    [Fact]
    public async Task Analyze_FolderAndAFileOfIt_TakesTheFileOnce()
    {
        string picture = _folder.Blank("a.png");

        CliRun run = await CliRun.Of("analyze", _folder.Root, picture, "--json");

        Assert.Equal([picture], Files(run));
    }

    [Fact]
    public async Task Analyze_SpacesAndOtherScripts_AreKeptInTheName()
    {
        string picture = _folder.Blank("ünï cødé 名前", "a b.png");

        CliRun run = await CliRun.Of("analyze", picture, "--json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal([picture], Files(run));
        Assert.Contains("ünï cødé 名前", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_MaxFacesAndMinScore_LimitTheFaces()
    {
        CliRun few = await CliRun.Of("analyze", TestFolder.AverageFaces, "--json", "--max-faces", "3");
        CliRun none = await CliRun.Of("analyze", TestFolder.AverageFaces, "--json", "--min-score", "1");

        Assert.Equal(3, few.Json.GetProperty("summary").GetProperty("faces").GetInt32());
        Assert.Equal((ExitCode.Ok, 0), (none.Code, none.Json.GetProperty("summary").GetProperty("faces").GetInt32()));
    }

    [Fact]
    public async Task Analyze_SmallDetector_IsUsed()
    {
        CliRun run = await CliRun.Of("analyze", TestFolder.AverageFaces, "--json", "--size", "Small");

        Assert.Equal(EmbeddedModels.FaceDetector(DetectorSize.Small).Manifest.Id, run.Json.GetProperty("detector").GetProperty("id").GetString());
        Assert.Equal(7, run.Json.GetProperty("summary").GetProperty("faces").GetInt32());
    }

    [Fact]
    public async Task Analyze_OwnModels_AreUsedAsAnEnsemble()
    {
        string detector = _folder.Model(ToyModels.Detector(), "detector");
        string seven = _folder.Model(ToyModels.Classifier(), "seven");
        string eight = _folder.Model(ToyModels.Classifier(withContempt: true), "eight");

        CliRun run = await CliRun.Of("analyze", _folder.Scene("scene.png"), "--json", "--detector", detector, "--classifier", seven, "--classifier", Path.Combine(eight, "model.json"));

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("toy-detector", run.Json.GetProperty("detector").GetProperty("id").GetString());
        Assert.Equal("toy-classifier-7+toy-classifier-8", run.Json.GetProperty("classifier").GetProperty("id").GetString());
        Assert.Equal(SyntheticFrames.SceneFaces.Count, run.Json.GetProperty("summary").GetProperty("faces").GetInt32());
    }

    [Fact]
    public async Task Analyze_CancelledBefore_Ends130()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = await CliProgram.RunAsync(["analyze", _folder.Blank("a.png")], output, error, new CancellationToken(canceled: true));

        Assert.Equal((ExitCode.Cancelled, ""), (code, output.ToString()));
    }

    [Fact]
    public async Task Analyze_CancelledBetweenPictures_WritesWhatIsDone()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new CancellingWriter(cancellation);

        // The note on the first, broken picture cancels.
        int code = await CliProgram.RunAsync(["analyze", _folder.Bytes([], "a.png"), _folder.Blank("b.png"), "--json"], output, error, cancellation.Token);

        Assert.Equal(ExitCode.Cancelled, code);
        JsonElement json = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.False(json.GetProperty("complete").GetBoolean());
        Assert.Equal(1, json.GetProperty("pictures").GetArrayLength());
    }

    private static string?[] Kinds(CliRun run) =>
        [.. run.Json.GetProperty("pictures").EnumerateArray().Select(picture => picture.TryGetProperty("error", out JsonElement error) ? error.GetProperty("kind").GetString() : null)];

    private static string?[] Files(CliRun run) => [.. run.Json.GetProperty("pictures").EnumerateArray().Select(picture => picture.GetProperty("file").GetString())];

    private sealed class CancellingWriter(CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            cancellation.Cancel();
        }
    }
}
