using System.Text.Json;
using FerSharp.Cli.Inspection;
using FerSharp.Testing;

namespace FerSharp.Cli.Tests;

public sealed class ModelsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_NoFolder_HasTheEmbeddedModels()
    {
        CliRun run = await CliRun.Of("models", "list", "--json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(EmbeddedModels.All.Select(model => model.Manifest.Id), Ids(run));
        Assert.All(run.Json.GetProperty("models").EnumerateArray(), model => Assert.True(model.GetProperty("bytes").GetInt64() > 100_000));
    }

    [Fact]
    public async Task List_FolderWithGoodMissingAndFaulty_ListsAllAndSaysWhatIsWrong()
    {
        _folder.Model(ToyModels.Detector(), "a-good");
        File.Delete(Path.Combine(_folder.Model(ToyModels.Classifier(), "b-missing"), "toy-classifier.onnx"));
        _folder.Bytes("{}"u8.ToArray(), "c-faulty", "model.json");

        CliRun run = await CliRun.Of("models", "list", _folder.Root, "--json");

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        JsonElement[] models = [.. run.Json.GetProperty("models").EnumerateArray().Skip(EmbeddedModels.All.Count)];
        Assert.Equal(3, models.Length);
        Assert.Equal([0, 1], models[..2].Select(model => model.GetProperty("faults").GetArrayLength()));
        Assert.True(models[2].GetProperty("faults").GetArrayLength() > 1);
        Assert.Contains("c-faulty", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_MissingFolder_IsAFault()
    {
        CliRun run = await CliRun.Of("models", "list", _folder.At("none"));

        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("no such folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_EmbeddedClassifier_TellsGraphAndHash()
    {
        ModelManifest manifest = EmbeddedModels.EmotionClassifier.Manifest;

        CliRun run = await CliRun.Of("models", "inspect", manifest.Id, "--json");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.True(run.Json.GetProperty("sha256Matches").GetBoolean());
        Assert.Equal(manifest.Sha256, run.Json.GetProperty("sha256").GetString());
        Assert.Equal(manifest.Input.Name, run.Json.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Contains(manifest.Classifier!.Name, run.Json.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        Assert.True(run.Json.GetProperty("graph").GetProperty("opsets").GetProperty("ai.onnx").GetInt64() > 0);
        Assert.Equal("CPUExecutionProvider", run.Json.GetProperty("provider").GetString());
        Assert.Equal(manifest.Id, run.Json.GetProperty("manifest").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Inspect_Text_ShowsLicenceAndCommercialUse()
    {
        CliRun run = await CliRun.Of("models", "inspect", _folder.Model(ToyModels.Detector(), "toy"));

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("MIT; commercial use allowed", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"decoder\": \"cells\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_AnotherFileThanMeant_SaysThatTheHashDiffers()
    {
        string folder = _folder.Model(ToyModels.Detector(), "toy", manifest => manifest with { Sha256 = new string('0', 64) });

        CliRun run = await CliRun.Of("models", "inspect", folder, "--json");

        Assert.Equal(ExitCode.ModelOrRuntime, run.Code);
        Assert.False(run.Json.GetProperty("sha256Matches").GetBoolean());
        Assert.Contains("SHA-256", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_GraphDoesNotFit_ListsTheFaultsAndTheGraph()
    {
        string folder = _folder.Model(ToyModels.Detector(), "toy", manifest => manifest with { Input = manifest.Input with { Name = "picture" } });

        CliRun run = await CliRun.Of("models", "inspect", folder, "--json");

        Assert.Equal(ExitCode.ModelOrRuntime, run.Code);
        Assert.Equal("input", run.Json.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Contains("picture", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_NoOnnxFile_IsAFault()
    {
        string folder = _folder.Model(ToyModels.Detector(), "toy", manifest => manifest with { Sha256 = null });
        _folder.Bytes("no model"u8.ToArray(), "toy", "toy-detector.onnx");

        CliRun run = await CliRun.Of("models", "inspect", folder);

        Assert.Equal(ExitCode.ModelOrRuntime, run.Code);
        Assert.Contains("no ONNX model", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Unknown_NamesTheEmbeddedModels()
    {
        CliRun run = await CliRun.Of("models", "inspect", _folder.At("none"));

        Assert.Equal(ExitCode.ModelOrRuntime, run.Code);
        Assert.Contains(EmbeddedModels.EmotionClassifier.Manifest.Id, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--detector")]
    [InlineData("--classifier")]
    public async Task Analyze_ModelOfTheOtherKind_IsTheModelsFault(string option)
    {
        string folder = _folder.Model(option == "--detector" ? ToyModels.Classifier() : ToyModels.Detector(), "toy");

        CliRun run = await CliRun.Of("analyze", _folder.Blank("a.png"), option, folder);

        Assert.Equal((ExitCode.ModelOrRuntime, ""), (run.Code, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--detector")]
    [InlineData("--classifier")]
    public async Task Analyze_NoSuchModel_IsTheModelsFault(string option)
    {
        CliRun run = await CliRun.Of("analyze", _folder.Blank("a.png"), option, _folder.At("none"));

        Assert.Equal((ExitCode.ModelOrRuntime, ""), (run.Code, run.Out));
        Assert.Contains("none", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OnnxHeader_DamagedFile_IsNullOrRead()
    {
        byte[] model = ToyModels.Detector().Content.ToArray();

        Assert.NotNull(OnnxHeader.Read(model));
        Assert.Null(OnnxHeader.Read(model.AsSpan(0, model.Length - 1)));
        Assert.Null(OnnxHeader.Read([0xFF, 0xFF, 0xFF]));
    }

    private static string?[] Ids(CliRun run) => [.. run.Json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("id").GetString())];
}
