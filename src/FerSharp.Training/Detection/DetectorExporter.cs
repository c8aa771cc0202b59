namespace FerSharp.Training;

/// <summary>What an exported detector's manifest says that the weights do not know.</summary>
public sealed record DetectorExportOptions
{
    /// <summary>The model's id; also the name of its file.</summary>
    public required string Id { get; init; }

    /// <summary>The model's version.</summary>
    public string Version { get; init; } = "1.0.0";

    /// <summary>Side of the input, a multiple of 32; null for the recipe's validation size. The graph takes all such sizes; this one is the manifest's.</summary>
    public int? Size { get; init; }

    /// <summary>Faces with a lower score are dropped, 0 to 1.</summary>
    /// <value>Default 0.5.</value>
    public float ScoreThreshold { get; init; } = 0.5f;

    /// <summary>Terms of the weights.</summary>
    public ModelLicense License { get; init; } = new("MIT", CommercialUse.Unclear);

    /// <summary>Where the model comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The data it was trained on.</summary>
    public string? TrainedOn { get; init; }
}

/// <summary>What an export of a detector gave.</summary>
/// <param name="ModelPath">The graph.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Parameters">Weights that were trained.</param>
/// <param name="ScoreDifference">Largest difference between torch and ONNX Runtime over some validation pictures: scores.</param>
/// <param name="BoxDifference">The same for boxes and points, in cells.</param>
/// <param name="Figures">Figures of the graph's weights on the validation pictures.</param>
public sealed record DetectorExportReport(string ModelPath, long Bytes, long Parameters, float ScoreDifference, float BoxDifference, DetectorFigures Figures);

/// <summary>Makes a model for the analyzer from a detector's trained weights: an ONNX graph and its manifest, checked against torch.</summary>
/// <remarks>
/// Batch normalisation is folded into the convolutions. Input <c>input</c> [N, 3, H, W] takes red, green, blue, each (level - 127.5) / 64, of any batch and of sides that are
/// multiples of 32; output <c>faces</c> [N, cells, 15] is what the decoder <c>cells</c> reads.
/// </remarks>
public static class DetectorExporter
{
    // Enough to see a fault in the graph; each takes some milliseconds.
    private const int Compared = 16;

    /// <summary>Exports weights that <see cref="DetectorTrainer"/> saved.</summary>
    /// <param name="weightsPath">A file such as <c>best.safetensors</c>; it holds its recipe.</param>
    /// <param name="folder">Where the graph and <c>model.json</c> go.</param>
    /// <param name="validation">Pictures to compare with torch and to measure on.</param>
    /// <param name="options">What the manifest says.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    /// <exception cref="ArgumentNullException">The pictures or the options are null.</exception>
    /// <exception cref="ArgumentException">A path is empty, or the size is no multiple of 32 from 64 to 4096.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or none of <see cref="DetectorTrainer"/>.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="FerModelException">torch or ONNX Runtime cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DetectorExportReport Export(string weightsPath, string folder, DetectionPictures validation, DetectorExportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(weightsPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Size is { } size && (size is < 64 or > 4096 || size % DetectorNetwork.Strides[^1] != 0))
        {
            throw new ArgumentException($"The size is {size}; it must be a multiple of 32 from 64 to 4096.", nameof(options));
        }

        TorchRuntime.EnsureLoaded();
        DetectorRecipe recipe = DetectorRecipe.FromJson(WeightFile.ReadRecipe(weightsPath));
        int side = options.Size ?? recipe.ValidationSize;
        using var network = new DetectorNetwork(recipe.Network);
        WeightFile.Load(weightsPath, network);
        network.eval();
        byte[] model = Write(network, options.Id, recipe.Name);
        DetectorValidation pictures = DetectorValidation.Of(validation, recipe);
        using var detector = new NetworkFaceDetector(network, side, scoreThreshold: 0.02f);
        (float score, float box) = Compare(detector, options.Id, model, pictures, cancellationToken);
        string path = Path.Combine(folder, options.Id + ".onnx");
        DetectorFigures figures = pictures.Measure(detector, cancellationToken);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(path, model);
        File.WriteAllBytes(Path.Combine(folder, ModelPackage.ManifestFileName), ModelManifestWriter.Write(Manifest(options, recipe, side, model, figures)));
        return new DetectorExportReport(path, model.Length, network.parameters().Sum(parameter => parameter.numel()), score, box, figures);
    }

    private static byte[] Write(DetectorNetwork network, string id, string recipe)
    {
        var graph = new ExportGraph(id);
        graph.Metadata["recipe"] = recipe;
        network.Write(graph, graph.Input(DetectorManifest.Input, "N", 3, "H", "W"), DetectorManifest.Output);
        return graph.ToArray();
    }

    private static (float Score, float Box) Compare(NetworkFaceDetector detector, string id, byte[] model, DetectorValidation pictures, CancellationToken cancellationToken)
    {
        using var graph = new OnnxGraph(id, model);
        float score = 0, box = 0;
        for (int i = 0; i < Compared; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using Frame frame = pictures.Load(i * pictures.Samples.Count / Compared);
            float[] input = detector.Input(frame.View);
            float[] expected = detector.Rows(input), actual = graph.Run(input, detector.InputShape, [DetectorManifest.Output])[0];
            for (int j = 0; j < expected.Length; j++)
            {
                float difference = MathF.Abs(expected[j] - actual[j]);
                if (j % DetectorNetwork.Values == 0)
                {
                    score = MathF.Max(score, difference);
                }
                else
                {
                    box = MathF.Max(box, difference);
                }
            }
        }

        return (score, box);
    }

    private static ModelManifest Manifest(DetectorExportOptions options, DetectorRecipe recipe, int side, byte[] model, DetectorFigures figures) =>
        DetectorManifest.Create(options.Id, options.Id + ".onnx", side, options.ScoreThreshold) with
        {
            Version = options.Version,
            Sha256 = ModelPackage.ComputeSha256(model),
            License = options.License,
            Source = options.Source ?? $"FerSharp, recipe {recipe.Name}",
            TrainedOn = options.TrainedOn,
            Metrics = new Dictionary<string, double>
            {
                ["validation-ap-40px"] = Math.Round(figures.Precision40, 4),
                ["validation-ap-20px"] = Math.Round(figures.Precision20, 4),
                ["validation-landmark-error"] = Math.Round(figures.PointError, 4),
            },
        };
}
