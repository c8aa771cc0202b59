using System.Runtime.InteropServices;
using FerSharp.Onnx;

namespace FerSharp.Training.Tests;

public sealed class DetectorTrainerTests
{
    private static readonly DetectionPictures Learning = DrawnHeads.Set(12), Validation = DrawnHeads.Set(6, seed: 50);

    [Fact]
    public void Run_OnDrawnHeads_LearnsToFindThem_AndItsExportDoes()
    {
        Torch.Require();
        using var folder = new TestFolder();
        DetectorRecipe recipe = Recipe(epochs: 4) with { PicturesPerEpoch = 96 };
        IReadOnlyList<DetectorEpoch> epochs = new DetectorTrainer(recipe, Learning, Validation, folder.Path).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(epochs[^1].Loss.Boxes < 0.8 * epochs[0].Loss.Boxes, $"boxes {epochs[0].Loss.Boxes} to {epochs[^1].Loss.Boxes}");
        Assert.True(epochs[^1].Loss.Points < 0.8 * epochs[0].Loss.Points, $"points {epochs[0].Loss.Points} to {epochs[^1].Loss.Points}");
        Assert.True(epochs.Max(epoch => epoch.Validation.Precision20) > 0.1, $"found {epochs[^1].Validation}");

        DetectorExportReport report = DetectorExporter.Export(
            folder["best.safetensors"], folder["out"], Validation, new DetectorExportOptions { Id = "drawn", ScoreThreshold = 0.02f, TrainedOn = "drawings" }, TestContext.Current.CancellationToken);
        Assert.True(report.ScoreDifference < 1e-4 && report.BoxDifference < 1e-3, $"{report.ScoreDifference} and {report.BoxDifference}");
        Assert.Equal(epochs.Max(epoch => epoch.Validation.Score), report.Figures.Score, 1e-9);

        // What the backend finds is what torch finds.
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(folder["out"]);
        Assert.Equal("drawings", detector.Model.Manifest.TrainedOn);
        DetectorFigures figures = DetectorValidation.Of(Validation, recipe).Measure(detector, TestContext.Current.CancellationToken);
        Assert.Equal(report.Figures.Precision40, figures.Precision40, 0.01);
        Assert.Equal(report.Figures.PointError, figures.PointError, 0.01);
    }

    [Fact]
    public void Run_StoppedInEveryEpochAndGoneOn_EndsAsUnbroken()
    {
        Torch.Require();
        DetectorRecipe recipe = Recipe(epochs: 3) with { SnapshotEvery = 2 };
        using var whole = new TestFolder();
        using var broken = new TestFolder();
        IReadOnlyList<DetectorEpoch> expected = new DetectorTrainer(recipe, Learning, Validation, whole.Path).Run(cancellationToken: TestContext.Current.CancellationToken);
        for (int epoch = 1; epoch < recipe.Epochs; epoch++)
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => new DetectorTrainer(recipe, Learning, Validation, broken.Path).Run(new StopAfterEpoch(epoch, stop), stop.Token));
        }

        IReadOnlyList<DetectorEpoch> actual = new DetectorTrainer(recipe, Learning, Validation, broken.Path).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected.Select(epoch => epoch with { Seconds = 0 }), actual.Select(epoch => epoch with { Seconds = 0 }));
        foreach (string file in new[] { "last.safetensors", "best.safetensors", "epoch-002.safetensors" })
        {
            SafeTensorFile first = SafeTensorFile.Open(whole[file]), second = SafeTensorFile.Open(broken[file]);
            Assert.Equal(first.Entries.Keys, second.Entries.Keys);
            Assert.All(first.Entries, entry => Assert.True(first.BytesOf(entry.Value).SequenceEqual(second.BytesOf(second.Entries[entry.Key])), entry.Key));
        }

        Assert.Equal(4, File.ReadAllLines(broken["history.csv"]).Length);
        Assert.Equal(6, System.Xml.Linq.XDocument.Load(broken["history.svg"]).Descendants().Count(element => element.Name.LocalName == "polyline"));
    }

    [Fact]
    public void Run_FromEarlierWeights_BeginsWhereTheyWere()
    {
        Torch.Require();
        using var first = new TestFolder();
        using var second = new TestFolder();
        new DetectorTrainer(Recipe(epochs: 1) with { Seed = 3 }, Learning, Validation, first.Path).Run(cancellationToken: TestContext.Current.CancellationToken);
        DetectorRecipe still = Recipe(epochs: 1) with { Seed = 4 };
        still = still with { Optimizer = still.Optimizer with { LearningRate = 1e-9f } };
        new DetectorTrainer(still, Learning, Validation, second.Path, PretrainedWeights.LoadWhole(first["best.safetensors"])).Run(cancellationToken: TestContext.Current.CancellationToken);

        SafeTensorFile start = SafeTensorFile.Open(first["best.safetensors"]), end = SafeTensorFile.Open(second["best.safetensors"]);
        var kernels = start.Entries.Where(entry => entry.Value.Shape.Length == 4).ToArray();
        Assert.NotEmpty(kernels);
        Assert.All(kernels, kernel =>
        {
            float[] before = MemoryMarshal.Cast<byte, float>(start.BytesOf(kernel.Value)).ToArray(), after = MemoryMarshal.Cast<byte, float>(end.BytesOf(end.Entries[kernel.Key])).ToArray();
            Assert.True(before.Zip(after).All(pair => MathF.Abs(pair.First - pair.Second) < 1e-5f), kernel.Key);
        });
    }

    [Fact]
    public void Run_InFolderOfAnotherRecipeOrOtherPictures_IsRefused()
    {
        Torch.Require();
        using var folder = new TestFolder();
        new DetectorTrainer(Recipe(epochs: 1), Learning, Validation, folder.Path).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("recipe", Assert.Throws<InvalidDataException>(
            () => new DetectorTrainer(Recipe(epochs: 2), Learning, Validation, folder.Path).Run(cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Contains("pictures", Assert.Throws<InvalidDataException>(
            () => new DetectorTrainer(Recipe(epochs: 1), Validation, Validation, folder.Path).Run(cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_WithoutFaces_IsRefused()
    {
        var none = new DetectionPictures(Learning.Info, [DrawnHeads.Scene(1, face: false)]);
        Assert.Throws<ArgumentException>(() => new DetectorTrainer(Recipe(1), none, Validation, "run"));
        Assert.Throws<ArgumentException>(() => new DetectorTrainer(Recipe(1), Learning, none, "run"));
    }

    [Fact]
    public void Forward_Rows_AreThoseOfTheGrids()
    {
        Torch.Require();
        using var network = new DetectorNetwork(Recipe(1).Network, seed: 1);
        network.eval();
        using TorchSharp.torch.Tensor rows = network.forward(TorchSharp.torch.zeros(2, 3, 64, 64));
        Assert.Equal([2L, 64 + 16 + 4, 15], rows.shape);
        Assert.True(rows[0, 0, 0].item<float>() < -3, "an untrained network finds nothing");
    }

    [Fact]
    public void FromJson_ValuesThatCannotBe_AreAllNamed()
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => DetectorRecipe.FromJson(
            """{ "name": "x", "epochs": 0, "sizes": [100], "network": { "stages": [{ "channels": 4, "blocks": 1 }] }, "scenes": { "flip": 2 } }"""));
        Assert.All(["epochs is 0", "sizes", "has four", "scenes.flip is 2"], part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => DetectorRecipe.FromJson("""{ "name": "x", "epoch": 1 }"""));
        Assert.Throws<InvalidDataException>(() => DetectorRecipe.FromJson("null"));
    }

    [Fact]
    public void FromJson_RecipesOfTheRepository_AreComplete()
    {
        string[] files = Directory.GetFiles(TestFiles.InRepository("recipes"), "detector-*.json");
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            DetectorRecipe recipe = DetectorRecipe.FromJson(File.ReadAllText(file));
            Assert.Equal(Path.GetFileNameWithoutExtension(file), recipe.Name);
            Assert.Equal(recipe.ToJson(), DetectorRecipe.FromJson(recipe.ToJson()).ToJson());
        });
    }

    private static DetectorRecipe Recipe(int epochs) => new()
    {
        Name = "small",
        Seed = 3,
        Epochs = epochs,
        PicturesPerEpoch = 16,
        BatchSize = 8,
        Sizes = [64, 96],
        ValidationSize = 96,
        Network = new DetectorNetworkSpec { StemChannels = 8, Stages = [new(8, 1), new(16, 1), new(16, 1), new(16, 1)], NeckChannels = 16 },
        Optimizer = new OptimizerSpec { Kind = OptimizerKind.Adam, LearningRate = 0.01f, ClipNorm = 10 },
        Schedule = new ScheduleSpec { WarmUpEpochs = 0.2f },
        Scenes = new SceneSpec { Scene = 0.2f, Mosaic = 0.1f, Grid = 0.4f, CloseUp = 0.3f, Pasted = 2, Dark = 0 },
        AverageDecay = 0.9f,
    };

    private sealed class StopAfterEpoch(int epoch, CancellationTokenSource stop) : IProgress<DetectorProgress>
    {
        public void Report(DetectorProgress value)
        {
            if (value.Finished is not null && value.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }
}
