using System.Text;
using FerSharp.Evaluation;
using FerSharp.Media;
using FerSharp.Testing;

namespace FerSharp.Cli.Tests;

/// <summary>The commands around evaluate: dataset, calibrate, evaluate-detector, explain, and evaluate's further measurements.</summary>
public sealed class MeasureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dataset_Folder_CountsClassesAndWritesPageAndPoints()
    {
        CliRun run = await CliRun.Of("dataset", LabelledFaces.Crops(_folder, "data"), "--embeddings", "--out", _folder.At("out"));

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("7 pictures", run.Out, StringComparison.Ordinal);
        Assert.Contains("1.0 times as many", run.Out, StringComparison.Ordinal);
        Assert.Equal(
            ["dataset.html", "dataset.json", "dataset.md", "projection-embeddings.csv", "projection-pixels.csv"],
            Directory.GetFiles(_folder.At("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(8, File.ReadAllLines(_folder.At("out", "projection-embeddings.csv")).Length);
        Assert.DoesNotContain("<img", File.ReadAllText(_folder.At("out", "dataset.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dataset_CopyInTwoClasses_IsFound()
    {
        string data = LabelledFaces.Crops(_folder, "data");
        File.Copy(Path.Combine(data, "sad", "average.png"), Path.Combine(data, "happy", "copy.png"));

        CliRun run = await CliRun.Of("dataset", data);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("1 identical pairs (1 with different labels)", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dataset_UnknownPart_IsExplained()
    {
        CliRun run = await CliRun.Of("dataset", LabelledFaces.Crops(_folder, "data"), "--part", "none");

        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_GroupsOfAManifest_AreListed()
    {
        Manifest("data.csv", copies: 3);

        CliRun run = await CliRun.Of("evaluate", _folder.At("data.csv"), "--groups", "age", "--guessed-groups", "age", "--out", _folder.At("out"), "--resamples", "20");
        CliRun unknown = await CliRun.Of("evaluate", _folder.At("data.csv"), "--groups", "height", "--resamples", "20");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("young", run.Out, StringComparison.Ordinal);
        Assert.Contains("guesses", File.ReadAllText(_folder.At("out", "fersharp-expression-48-groups.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.At("out", "fersharp-expression-48-groups.json")));
        Assert.Equal(ExitCode.Usage, unknown.Code);
        Assert.Contains("height", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_Robustness_HasEveryKind()
    {
        CliRun run = await CliRun.Of("evaluate", LabelledFaces.Crops(_folder, "data"), "--robustness", "--out", _folder.At("out"), "--resamples", "20");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        string page = File.ReadAllText(_folder.At("out", "fersharp-expression-48-robustness.html"));
        Assert.All(Enum.GetNames<PerturbationKind>(), kind =>
        {
            Assert.Contains($"{kind} ", run.Out, StringComparison.Ordinal);
            Assert.Contains($"{kind}: accuracy and abstention", page, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Calibrate_CopiedModel_WritesTemperatureAndKeepsTheRest()
    {
        Manifest("data.csv", copies: 4);
        string model = _folder.Model(EmbeddedModels.EmotionClassifier, "mine");
        ModelManifest before = ModelPackage.Load(model).Manifest;

        CliRun run = await CliRun.Of("calibrate", _folder.At("data.csv"), "--model", model, "--write");

        Assert.Equal((ExitCode.Ok, 1), (run.Code, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        ModelManifest after = ModelPackage.Load(model).Manifest;
        Assert.NotEqual(before.Classifier!.Temperature, after.Classifier!.Temperature);
        Assert.Equal(before.Sha256, after.Sha256);
        Assert.Contains(after.Metrics.Keys, name => name.StartsWith(CalibrationResult.MetricPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Calibrate_WriteToTheEmbeddedModel_IsWrongUsage()
    {
        Manifest("data.csv", copies: 2);

        CliRun run = await CliRun.Of("calibrate", _folder.At("data.csv"), "--write");

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains("--model", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateDetector_DrawnFaces_HasTableAndFiles()
    {
        _folder.Scene("scene.png");
        var csv = new StringBuilder("file,left,top,width,height\n");
        using (Frame scene = ImageFile.Load(_folder.At("scene.png")))
        using (var detector = Onnx.OnnxFaceDetector.Load(ToyModels.Detector()))
        {
            foreach (FaceDetection face in detector.Detect(scene.View))
            {
                csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"scene.png,{face.Box.X},{face.Box.Y},{face.Box.Width},{face.Box.Height}\n");
            }
        }

        string boxes = _folder.Bytes(Encoding.UTF8.GetBytes(csv.ToString()), "boxes.csv");

        CliRun run = await CliRun.Of("evaluate-detector", boxes, "--model", _folder.Model(ToyModels.Detector(), "toy"), "--out", _folder.At("out"), "--resamples", "20");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Contains("1.000", run.Out, StringComparison.Ordinal);
        Assert.Equal(["detectors.html", "detectors.md", "toy-detector.json"], Directory.GetFiles(_folder.At("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EvaluateDetector_MissingPictureOrColumns_IsExplained()
    {
        string lost = _folder.Bytes("file,left,top,width,height\nlost.png,1,1,5,5\n"u8.ToArray(), "lost.csv");
        string wrong = _folder.Bytes("name,box\na,b\n"u8.ToArray(), "wrong.csv");

        CliRun one = await CliRun.Of("evaluate-detector", lost);
        CliRun other = await CliRun.Of("evaluate-detector", wrong);

        Assert.Equal((ExitCode.SomeFailed, ExitCode.SomeFailed), (one.Code, other.Code));
        Assert.Contains("lost.png", one.Error, StringComparison.Ordinal);
        Assert.Contains("file", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_AverageFaces_DrawsTheMap()
    {
        CliRun run = await CliRun.Of("explain", TestFolder.AverageFaces, _folder.At("map.png"));
        CliRun none = await CliRun.Of("explain", _folder.Blank("blank.png"), _folder.At("none.png"));
        CliRun nowhere = await CliRun.Of("explain", TestFolder.AverageFaces, _folder.At("no", "map.png"));

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.StartsWith("neutral 0.9", run.Out, StringComparison.Ordinal);
        using Frame map = ImageFile.Load(_folder.At("map.png"));
        Assert.Equal((1120, 620), (map.View.Width, map.View.Height));
        Assert.Equal((ExitCode.SomeFailed, ExitCode.Usage), (none.Code, nowhere.Code));
        Assert.Contains("no face", none.Error, StringComparison.Ordinal);
    }

    /// <summary>A manifest over slightly different versions of the average faces, with a subject and an age for each.</summary>
    private void Manifest(string name, int copies)
    {
        string data = LabelledFaces.Crops(_folder, "data");
        var csv = new StringBuilder("path,label,subject,age\n");
        foreach (string picture in Directory.GetFiles(data, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string label = Path.GetFileName(Path.GetDirectoryName(picture)!);
            using Frame frame = ImageFile.Load(picture);
            for (int i = 0; i < copies; i++)
            {
                string path = $"{label}-{i}.png";
                ImageFile.Save(_folder.At(path), frame.View.Slice(i, i, frame.View.Width - (3 * i), frame.View.Height - (2 * i)));
                // Every third label is wrong, so that a temperature has something to fit.
                csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{path},{(i == 2 ? "sad" : label)},{label}{i},{(i % 2 == 0 ? "young" : "old")}\n");
            }
        }

        _folder.Bytes(Encoding.UTF8.GetBytes(csv.ToString()), name);
    }
}
