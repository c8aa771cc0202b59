using System.Text.Json;

namespace FerSharp.MLNet;

/// <summary>A trained head on disk: <c>head.json</c>, its zip, and the network of its embedding in a folder beside them.</summary>
internal static class HeadFolder
{
    /// <summary>Loads what lies at a path: a head where there is a <c>head.json</c>, an ONNX model otherwise.</summary>
    public static EmotionScorer Load(MLNetEmotionClassifierOptions options) =>
        options.Model is null && FindHead(options.ModelPath!) is { } manifestPath
            ? LoadHead(manifestPath, options)
            : LoadOnnx(options.Model ?? ModelPackage.Load(options.ModelPath!), options);

    /// <summary>The files whose change is a change of the model.</summary>
    public static IEnumerable<string> Files(string modelPath)
    {
        string folder = File.Exists(modelPath) ? Path.GetDirectoryName(Path.GetFullPath(modelPath))! : modelPath;
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];
    }

    private static string? FindHead(string path)
    {
        if (Path.GetFileName(path) == HeadManifest.FileName)
        {
            return File.Exists(path) ? path : throw new FileNotFoundException($"There is no manifest '{Path.GetFullPath(path)}'.", path);
        }

        string inFolder = Path.Combine(path, HeadManifest.FileName);
        return File.Exists(inFolder) ? inFolder : null;
    }

    private static EmotionScorer LoadOnnx(ModelPackage package, MLNetEmotionClassifierOptions options)
    {
        ModelManifest manifest = package.Manifest;
        if (manifest.Classifier is not { } output)
        {
            throw new FerModelException(manifest.Id, $"The manifest's task is {manifest.Task}; an expression classifier is needed.");
        }

        var info = new ModelInfo(manifest.Id, manifest.Version, $"{RowModel.Backend}, OnnxTransformer", output.Emotions, manifest);
        return new EmotionScorer(new PixelFeatures(manifest.Input), new RowScorer(info, OnnxGraph.Load(package, options.IntraOpThreads, [output.Name]), options.MaxConcurrency));
    }

    private static EmotionScorer LoadHead(string manifestPath, MLNetEmotionClassifierOptions options)
    {
        HeadManifest manifest = HeadManifest.Read(manifestPath);
        string folder = Path.GetDirectoryName(Path.GetFullPath(manifestPath))!;
        string zip = Path.Combine(folder, manifest.File!);
        if (!File.Exists(zip))
        {
            throw new FerModelException(manifest.Id!, $"The file '{manifest.File}', named by $.file, is missing.");
        }

        byte[] content = File.ReadAllBytes(zip);
        if (ModelPackage.ComputeSha256(content) is var hash && !hash.Equals(manifest.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new FerModelException(manifest.Id!, $"'{manifest.File}' ({content.Length} bytes) has SHA-256 {hash}, the manifest says {manifest.Sha256}: it was changed, cut off or belongs to another head.");
        }

        RowModel model = HeadFile.Read(content, manifest.Id!, manifest.File!, manifest.Features!.Length!.Value, manifest.Emotions());
        var scorer = new RowScorer(manifest.ToModelInfo(RowModel.Backend), model, options.MaxConcurrency);
        try
        {
            return new EmotionScorer(CreateFeatures(manifest, folder, options), scorer);
        }
        catch
        {
            scorer.Dispose();
            throw;
        }
    }

    private static IFaceFeatureExtractor CreateFeatures(HeadManifest manifest, string folder, MLNetEmotionClassifierOptions options)
    {
        HeadFeatures wanted = manifest.Features!;
        if (wanted.Backbone is { } network && !File.Exists(Path.Combine(folder, network, ModelPackage.ManifestFileName)))
        {
            throw new FerModelException(manifest.Id!, $"The head's features are those of the network in '{network}', named by $.features.backbone; there is no {ModelPackage.ManifestFileName} in it. Copy the head's folder as a whole.");
        }

        IFaceFeatureExtractor features = wanted switch
        {
            { Backbone: { } backbone } => MLNetFaceEmbedder.Load(new MLNetFaceEmbedderOptions { ModelPath = Path.Combine(folder, backbone), MaxConcurrency = options.MaxConcurrency, IntraOpThreads = options.IntraOpThreads }),
            { Parameters: { } parameters } => FeatureExtractors.Create(FeatureExtractors.Read(JsonSerializer.SerializeToUtf8Bytes(parameters, HeadJsonContext.Default.JsonElement), $"{manifest.Id}: $.features.parameters")),
            _ => options.CreateFeatures?.Invoke(wanted.Id!)
                ?? throw new FerModelException(manifest.Id!, $"The head reads the features '{wanted.Id}', which its folder does not hold. Say in {nameof(MLNetEmotionClassifierOptions)}.{nameof(MLNetEmotionClassifierOptions.CreateFeatures)} how they are made."),
        };
        if (features.Id == wanted.Id && features.Length == wanted.Length)
        {
            return features;
        }

        string found = $"'{features.Id}' with {features.Length} values";
        features.Dispose();
        throw new FerModelException(manifest.Id!, $"The head was trained on the features '{wanted.Id}' with {wanted.Length} values; these are {found}. Other features give other scores: put back the files that it was saved with.");
    }
}
