using FerSharp.Cli.Analysis;
using FerSharp.Cli.Inspection;
using FerSharp.Onnx;

namespace FerSharp.Cli.Evaluation;

/// <summary>Loads models for measuring: many calls at once, one thread each, and with the hash of their bytes in their manifest.</summary>
internal static class ModelLoader
{
    /// <summary>A classifier: a trained head, or a network with a manifest.</summary>
    /// <exception cref="FerModelException">The model, its files or the runtime are at fault.</exception>
    public static IEmotionClassifier Classifier(string? pathOrId, string? weights, int threads, int batchSize) => HeadSource.Find(pathOrId) is { } head
        ? HeadSource.Load(head, threads, intraOpThreads: 1)
        : Network(pathOrId, weights, threads, batchSize);

    /// <summary>A classifier that is a network, for those who want its embedding.</summary>
    /// <exception cref="FerModelException">The model, its files or the runtime are at fault.</exception>
    public static OnnxEmotionClassifier Network(string? pathOrId, string? weights, int threads, int batchSize) => OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions
    {
        Model = Package(pathOrId, weights, EmbeddedModels.EmotionClassifier),
        MaxBatchSize = batchSize,
        MaxConcurrency = threads,
        IntraOpThreads = 1,
    });

    /// <exception cref="FerModelException">The model, its files or the runtime are at fault.</exception>
    public static OnnxFaceDetector Detector(string? pathOrId, string? weights, int threads, float? scoreThreshold = null) => OnnxFaceDetector.Load(new OnnxFaceDetectorOptions
    {
        Model = Package(pathOrId, weights, EmbeddedModels.FaceDetector(DetectorSize.Large)),
        ScoreThreshold = scoreThreshold,
        MaxConcurrency = threads,
        IntraOpThreads = 1,
    });

    /// <summary>The model of a path or an id, the embedded one where neither is given; always with its hash.</summary>
    /// <exception cref="FerModelException">The model or its files are at fault.</exception>
    public static ModelPackage Package(string? pathOrId, string? weights, ModelPackage embedded)
    {
        ModelPackage package = pathOrId is null ? embedded : Load(pathOrId, ModelSource.Find(pathOrId), weights);
        // A report without the hash would not say which weights it is about.
        return package.Manifest.Sha256 is null ? package with { Manifest = package.Manifest with { Sha256 = ModelPackage.ComputeSha256(package.Content.Span) } } : package;
    }

    /// <summary>The embedded model, or the one whose file lies beside its manifest or in the folder of weights.</summary>
    private static ModelPackage Load(string path, ModelSource source, string? weights) => source.Package ?? AnalyzerLoader.Guard(path, () =>
        weights is not null && !File.Exists(source.FilePath)
            ? ModelPackage.Load(path, Path.Combine(weights, source.Manifest.File))
            : ModelPackage.Load(path));
}
