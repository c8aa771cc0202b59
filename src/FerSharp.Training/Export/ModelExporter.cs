using FerSharp.Evaluation;
using FerSharp.Numerics;

namespace FerSharp.Training;

/// <summary>Makes a model for the analyzer from trained weights: an ONNX graph and its manifests, checked against torch.</summary>
/// <remarks>
/// Batch normalisation is folded into the convolutions; the batch is dynamic; input <c>input</c> [N, 1, S, S] takes gray levels 0 to 255, the
/// standardisation is in the graph; outputs are <c>logits_consensus</c> [N, 8], <c>logits_fer2013</c> [N, 7] and <c>embedding</c> [N, E].
/// </remarks>
public static class ModelExporter
{
    private const string Input = "input";

    /// <summary>Exports weights that <see cref="Trainer"/> saved.</summary>
    /// <param name="weightsPath">A file such as <c>best.safetensors</c>; it holds its recipe.</param>
    /// <param name="folder">Where the graph, <c>model.json</c> (consensus output) and <c>fer2013/model.json</c> (FER-2013 output) go.</param>
    /// <param name="validation">Pictures to compare with torch on, and to fit the temperatures on.</param>
    /// <param name="options">What the manifest says; with calibration pictures the graph is in 8 bits.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="ArgumentNullException">A set or the options are null.</exception>
    /// <exception cref="ArgumentException">A path is empty.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or none of <see cref="Trainer"/>.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="FerModelException">torch or ONNX Runtime cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ExportReport Export(string weightsPath, string folder, TrainingSet validation, ExportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(weightsPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        TorchRuntime.EnsureLoaded();
        TrainingRecipe recipe = TrainingRecipe.FromJson(WeightFile.ReadRecipe(weightsPath));
        using var network = new ExpressionNetwork(recipe.Network);
        WeightFile.Load(weightsPath, network);
        network.eval();
        int side = recipe.Network.InputSize;
        ValueRange[]? ranges = options.Calibration is { } pictures
            ? RangeCalibration.Measure(network, pictures, options.CalibrationPictures, side, cancellationToken)
            : null;
        byte[] model = Write(network, recipe, options, ranges);

        using var graph = new OnnxGraph(options.Id, model);
        Predictions torch = Predictions.Of(network, validation, side, cancellationToken);
        Predictions exported = Predictions.Of(graph, validation, side, cancellationToken);
        (float consensus, float fer2013, float embedding) = torch.LargestDifference(exported);
        var report = new ExportReport(
            Path.Combine(folder, options.Id + ".onnx"),
            model.Length,
            ValidationFigures.Measure(validation, torch, recipe),
            ValidationFigures.Measure(validation, exported, recipe),
            consensus,
            fer2013,
            embedding,
            FitTemperature(validation, exported.Consensus, ConsensusOrder, validation.MajorityLabel),
            FitTemperature(validation, exported.Fer2013, TrainingSet.Fer2013Order, validation.Fer2013Label));
        Save(folder, model, recipe, options, report);
        return report;
    }

    private static ReadOnlySpan<Emotion> ConsensusOrder => Enum.GetValues<Emotion>();

    private static byte[] Write(ExpressionNetwork network, TrainingRecipe recipe, ExportOptions options, IReadOnlyList<ValueRange>? ranges)
    {
        var graph = new ExportGraph(options.Id, ranges);
        graph.Metadata["recipe"] = recipe.Name;
        network.Write(graph, graph.Input(Input, recipe.Network.InputSize));
        return graph.ToArray();
    }

    private static double FitTemperature(TrainingSet set, float[] logits, ReadOnlySpan<Emotion> order, Func<int, int> labelOf)
    {
        var truth = new List<Emotion>();
        var scores = new List<double>();
        Span<float> row = stackalloc float[order.Length];
        for (int i = 0; i < set.Count; i++)
        {
            if (labelOf(i) is var label && label < 0)
            {
                continue;
            }

            truth.Add(order[label]);
            Softmax.Compute(logits.AsSpan(i * order.Length, order.Length), temperature: 1, row);
            var eight = new double[EmotionScores.Count];
            for (int c = 0; c < row.Length; c++)
            {
                eight[(int)order[c]] = row[c];
            }

            scores.AddRange(eight);
        }

        return truth.Count == 0
            ? 1
            : TemperatureFit.Fit(
                new ScoredSamples(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(truth), (ReadOnlySpan<double>)scores.ToArray()), set.Info).Temperature;
    }

    private static void Save(string folder, byte[] model, TrainingRecipe recipe, ExportOptions options, ExportReport report)
    {
        string second = Path.Combine(folder, "fer2013");
        Directory.CreateDirectory(second);
        File.WriteAllBytes(report.ModelPath, model);
        ModelManifest manifest = Manifest(recipe, options, model, report);
        File.WriteAllBytes(Path.Combine(folder, ModelPackage.ManifestFileName), ModelManifestWriter.Write(manifest));
        ModelManifest other = manifest with
        {
            Id = options.Id + "-fer2013",
            Classifier = manifest.Classifier! with { Name = OutputNames.Fer2013, Labels = [.. TrainingSet.Fer2013Order], Temperature = Rounded(report.Fer2013Temperature) },
        };
        File.WriteAllBytes(Path.Combine(second, ModelPackage.ManifestFileName), ModelManifestWriter.Write(other));
        File.WriteAllBytes(Path.Combine(second, Path.GetFileName(report.ModelPath)), model);
    }

    private static ModelManifest Manifest(TrainingRecipe recipe, ExportOptions options, byte[] model, ExportReport report) => new()
    {
        Id = options.Id,
        Version = options.Version,
        Task = ModelTask.EmotionClassification,
        File = Path.GetFileName(report.ModelPath),
        Sha256 = ModelPackage.ComputeSha256(model),
        License = options.License,
        Source = options.Source ?? $"FerSharp, recipe {recipe.Name}",
        TrainedOn = options.TrainedOn,
        Metrics = new Dictionary<string, double>
        {
            ["validation-fer2013-accuracy"] = Math.Round(report.Exported.Fer2013, 4),
            ["validation-consensus-8-accuracy"] = Math.Round(report.Exported.Consensus8, 4),
            ["validation-consensus-7-accuracy"] = Math.Round(report.Exported.Consensus7, 4),
        },
        Input = new PreprocessingSpec
        {
            Name = Input,
            Width = recipe.Network.InputSize,
            Height = recipe.Network.InputSize,
            Channels = 1,
            Order = ChannelOrder.Gray,
            Sampling = SamplingMode.Area,
            Border = BorderMode.Replicate,
            Crop = new CropSpec { Margin = 0, Square = true },
        },
        Classifier = new ClassifierOutputSpec
        {
            Name = OutputNames.Consensus,
            Activation = OutputActivation.Logits,
            Labels = [.. ConsensusOrder.ToArray().Select(emotion => (Emotion?)emotion)],
            Temperature = Rounded(report.ConsensusTemperature),
            Embedding = OutputNames.Embedding,
        },
    };

    private static float Rounded(double temperature) => (float)Math.Round(temperature, 3);
}
