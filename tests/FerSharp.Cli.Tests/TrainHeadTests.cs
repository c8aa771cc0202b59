using System.Text.Json;
using FerSharp.Cli.Training;
using FerSharp.Evaluation;
using FerSharp.Media;

namespace FerSharp.Cli.Tests;

/// <summary>Heads on drawn pictures: stripes of two directions stand for two expressions.</summary>
public sealed class TrainHeadTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hog+lbp", "lbfgs")]
    [InlineData("lbp", "knn")]
    [InlineData("embedding", "lbfgs")]
    public async Task TrainHead_TwoKindsOfPictures_TellsThemApartAndServes(string features, string head)
    {
        string data = Stripes(12), output = _folder.At("head");

        CliRun run = await CliRun.Of("train-head", data, "--features", features, "--head", head, "--out", output, "--folds", "2", "--test-fraction", "0.34");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("taken", run.Out, StringComparison.Ordinal);
        Assert.Contains("sadness: its F1", run.Out, StringComparison.Ordinal);
        Assert.Contains(run.Lines, line => line.Contains("emotion-head", StringComparison.Ordinal) && line.Contains("1.000", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(output, "head.json")));

        CliRun evaluated = await CliRun.Of("evaluate", data, "--model", output, "--resamples", "20"), analysed = await CliRun.Of("analyze", TestFolder.AverageFaces, "--classifier", output, "--csv");
        Assert.Equal((ExitCode.Ok, ""), (evaluated.Code, evaluated.Error));
        Assert.Contains("emotion-head", evaluated.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, 8), (analysed.Code, analysed.Lines.Length));
    }

    [Fact]
    public async Task TrainHead_SameSeed_GivesTheSameFigures()
    {
        string data = Stripes(10);

        CliRun first = await CliRun.Of("train-head", data, "--features", "hog", "--head", "lbfgs", "--out", _folder.At("a"), "--folds", "2");
        CliRun second = await CliRun.Of("train-head", data, "--features", "hog", "--head", "lbfgs", "--out", _folder.At("b"), "--folds", "2");

        // But for the time that it took.
        Assert.Equal(first.Lines.Where(line => !line.Contains("trained in", StringComparison.Ordinal)), second.Lines.Where(line => !line.Contains("trained in", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--features is 'sift'", "--features", "sift")]
    [InlineData("--detector", "--features", "geometry")]
    [InlineData("--backbone", "--features", "hog", "--backbone", "somewhere")]
    [InlineData("--head must be", "--head", "forest")]
    [InlineData("--test-fraction", "--test-part", "test", "--test-fraction", "0.5")]
    [InlineData("--usage", "--test-part", "test")]
    [InlineData("--usage", "--test-part", "test", "--usage", "test")]
    [InlineData("--folds must be", "--folds", "1")]
    [InlineData("--balance must be", "--balance", "2")]
    public async Task TrainHead_WrongUse_SaysWhatIsWrong(string message, params string[] options)
    {
        CliRun run = await CliRun.Of(["train-head", Stripes(4), "--out", _folder.At("head"), .. options]);

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Divide_OnePictureOfNobodyKnown_KeepsTheOthersOnOneSide()
    {
        FaceSample[] samples = [.. Enumerable.Range(0, 60).Select(i => new FaceSample($"{i}.png", i % 2 == 0 ? Emotion.Happiness : Emotion.Sadness) { Subject = i == 7 ? null : $"person {i / 6}" })];
        IReadOnlyList<FaceDataset> parts = new KnownPeople(new Listed(samples)).Divide([new SplitPart("training", 0.7), new SplitPart("test", 0.3)], seed: 1);
        Assert.Equal(samples.Select(sample => sample.Id).Order(StringComparer.Ordinal), parts.SelectMany(part => part.Samples).Select(sample => sample.Id).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(parts[0].Samples, one => one.Subject is not null && parts[1].Samples.Any(other => other.Subject == one.Subject));
        Assert.Equal(1, parts.SelectMany(part => part.Samples).Count(sample => sample.Subject is null));
    }

    [Fact]
    public async Task TrainHead_OnePictureOfNobodyKnown_KeepsPeopleApart()
    {
        // Two pictures of each of 12 people, one of whom is not named on one picture: what is measured on is whole people.
        string data = Stripes(12), csv = Path.Combine(data, "who.csv");
        File.WriteAllLines(csv, ["path,label,subject", .. Enumerable.Range(0, 12).SelectMany(n => new[] { $"happy/{n}.png,happy,{(n == 0 ? "" : $"p{n}")}", $"sad/{n}.png,sad,p{n}" })]);

        CliRun run = await CliRun.Of("train-head", csv, "--root", data, "--features", "hog", "--head", "lbfgs", "--out", _folder.At("head"), "--folds", "2", "--test-fraction", "0.25");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains(": 6 pictures", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_FolderWithAHead_AreListedAndInspected()
    {
        string output = _folder.At("models", "head");
        await CliRun.Of("train-head", Stripes(8), "--features", "lbp", "--head", "knn", "--out", output, "--folds", "2", "--id", "mine");

        CliRun list = await CliRun.Of("models", "list", _folder.At("models"), "--json"), inspect = await CliRun.Of("models", "inspect", output, "--json"), text = await CliRun.Of("models", "inspect", output);
        JsonElement listed = list.Json.GetProperty("models").EnumerateArray().Last();
        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ExitCode.Ok), (list.Code, inspect.Code, text.Code));
        Assert.Equal(("mine", "emotionClassification", 0), (listed.GetProperty("id").GetString(), listed.GetProperty("task").GetString(), listed.GetProperty("faults").GetArrayLength()));
        Assert.True(inspect.Json.GetProperty("sha256Matches").GetBoolean());
        Assert.Equal("lbp-48-r1-g6", inspect.Json.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Equal("lbp-48-r1-g6", inspect.Json.GetProperty("manifest").GetProperty("features").GetProperty("id").GetString());
        Assert.StartsWith("ML.NET", inspect.Json.GetProperty("provider").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"temperature\"", text.Out, StringComparison.Ordinal);

        File.Delete(Directory.GetFiles(output, "*.knn").Single());
        CliRun missing = await CliRun.Of("models", "inspect", output, "--json"), missed = await CliRun.Of("models", "list", _folder.At("models"));
        Assert.Equal((ExitCode.ModelOrRuntime, ExitCode.SomeFailed), (missing.Code, missed.Code));
        Assert.Contains("is missing", missing.Error, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(output, "head.json"), "{}");
        Assert.Equal(ExitCode.ModelOrRuntime, (await CliRun.Of("models", "inspect", output)).Code);
    }

    [Fact]
    public async Task TrainHead_WithoutOut_IsRefused() => Assert.Equal(ExitCode.Usage, (await CliRun.Of("train-head", Stripes(4))).Code);

    [Fact]
    public async Task TrainHead_TooFewPictures_IsRefused()
    {
        CliRun run = await CliRun.Of("train-head", Stripes(4), "--features", "hog", "--head", "lbfgs", "--out", _folder.At("head"));

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains("at least 5 faces", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_DamagedHead_IsAModelFault()
    {
        string data = Stripes(8), output = _folder.At("head");
        await CliRun.Of("train-head", data, "--features", "lbp", "--head", "knn", "--out", output, "--folds", "2");
        string file = Directory.GetFiles(output, "*.knn").Single();
        byte[] content = File.ReadAllBytes(file);
        File.WriteAllBytes(file, content[..(content.Length / 2)]);

        CliRun run = await CliRun.Of("evaluate", data, "--model", output);

        Assert.Equal((ExitCode.ModelOrRuntime, ""), (run.Code, run.Out));
        Assert.Contains("SHA-256", run.Error, StringComparison.Ordinal);
    }

    private sealed class Listed(FaceSample[] samples) : FaceDataset(new DatasetInfo("listed", "", ""), samples, [])
    {
        public override Frame Load(int index) => throw new NotSupportedException();
    }

    /// <summary>A folder of two classes, each of so many pictures.</summary>
    private string Stripes(int count)
    {
        foreach ((string word, bool upright) in new[] { ("happy", true), ("sad", false) })
        {
            for (int n = 0; n < count; n++)
            {
                byte[] pixels = new byte[48 * 48];
                for (int i = 0; i < pixels.Length; i++)
                {
                    int along = upright ? i % 48 : i / 48;
                    pixels[i] = (byte)(128 + (60 * MathF.Sin((along + n) * 0.7f)) + ((i * (n + 7) * 31) % 17));
                }

                ImageFile.Save(Path.Combine(_folder.Folder("data", word), $"{n}.png"), new FrameView(pixels, 48, 48, PixelFormat.Gray8));
            }
        }

        return _folder.At("data");
    }
}
