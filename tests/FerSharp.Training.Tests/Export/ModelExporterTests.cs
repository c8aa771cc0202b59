using FerSharp.Onnx;

namespace FerSharp.Training.Tests;

public sealed class ModelExporterTests
{
    private static readonly TrainingSet Learning = DrawnFaces.Set(70, 24);
    private static readonly TrainingSet Validation = DrawnFaces.Set(35, 24, seed: 2);

    public static TheoryData<string> Shapes => ["residual", "plain", "colour"];

    [Theory, MemberData(nameof(Shapes))]
    public void Export_TrainedNetwork_ComputesWhatTorchDoes(string shape)
    {
        Torch.Require();
        using var folder = new TestFolder();
        ExportReport report = TrainAndExport(shape, folder, new ExportOptions { Id = "small" });

        Assert.True(report.ConsensusDifference < 1e-3, $"{report.ConsensusDifference}");
        Assert.True(report.Fer2013Difference < 1e-3, $"{report.Fer2013Difference}");
        Assert.True(report.EmbeddingDifference < 1e-3, $"{report.EmbeddingDifference}");
        Assert.Equal(report.Torch.Fer2013, report.Exported.Fer2013, 0.05);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Export_InEightBits_StaysClose(string shape)
    {
        Torch.Require();
        using var folder = new TestFolder();
        ExportReport report = TrainAndExport(shape, folder, new ExportOptions { Id = "small", Calibration = Learning, CalibrationPictures = 64 });

        Assert.InRange(report.ConsensusDifference, 1e-6, 2);
        Assert.Equal(report.Torch.Loss, report.Exported.Loss, 0.25);
    }

    [Fact]
    public void Export_ItsManifests_LoadInTheBackend()
    {
        Torch.Require();
        using var folder = new TestFolder();
        ExportReport report = TrainAndExport("residual", folder, new ExportOptions { Id = "small", Version = "2.1", TrainedOn = "drawings" });
        using OnnxEmotionClassifier consensus = OnnxEmotionClassifier.Load(folder["out"]);
        using OnnxEmotionClassifier fer2013 = OnnxEmotionClassifier.Load(Path.Combine(folder["out"], "fer2013"));

        Assert.Equal(EmotionSet.All, consensus.Model.Emotions);
        Assert.Equal(EmotionSet.Basic, fer2013.Model.Emotions);
        Assert.Equal("2.1", consensus.Model.Version);
        Assert.Equal(report.ConsensusTemperature, consensus.Model.Manifest.Classifier!.Temperature, 0.001);
        using Frame picture = new DrawnFaces(1, 24).Load(0);
        Assert.Equal(1, Enum.GetValues<Emotion>().Sum(emotion => consensus.Classify(FaceRegion.Whole(picture.View))[emotion]), 1e-4);
    }

    [Fact]
    public void Export_WeightsOfNoTrainer_AreRefused()
    {
        Torch.Require();
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["none.safetensors"], [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);
        File.WriteAllBytes(folder["damaged.safetensors"], [200, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);

        Assert.Throws<InvalidDataException>(() => ModelExporter.Export(folder["none.safetensors"], folder["out"], Validation, new ExportOptions { Id = "x" }, TestContext.Current.CancellationToken));
        Assert.Throws<InvalidDataException>(() => ModelExporter.Export(folder["damaged.safetensors"], folder["out"], Validation, new ExportOptions { Id = "x" }, TestContext.Current.CancellationToken));
    }

    internal static TrainingRecipe Shaped(string shape) => shape switch
    {
        "residual" => Torch.Recipe(epochs: 2),
        _ => Torch.Recipe(epochs: 2) with
        {
            Resolutions = [],
            Network = new PlainNetworkSpec { InputSize = 24, Stages = [new(4, 1), new(8, 2)], Embedding = 12, Normalise = shape == "plain", ColourInput = shape == "colour" },
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Adam, LearningRate = 0.001f, ClipNorm = 1 },
        },
    };

    private static ExportReport TrainAndExport(string shape, TestFolder folder, ExportOptions options)
    {
        new Trainer(Shaped(shape), Learning, Validation, folder["run"]).Run(cancellationToken: TestContext.Current.CancellationToken);
        return ModelExporter.Export(Path.Combine(folder["run"], "best.safetensors"), folder["out"], Validation, options, TestContext.Current.CancellationToken);
    }
}
