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
    [InlineData("--folds must be", "--folds", "1")]
    [InlineData("--balance must be", "--balance", "2")]
    public async Task TrainHead_WrongUse_SaysWhatIsWrong(string message, params string[] options)
    {
        CliRun run = await CliRun.Of(["train-head", Stripes(4), "--out", _folder.At("head"), .. options]);

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
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
