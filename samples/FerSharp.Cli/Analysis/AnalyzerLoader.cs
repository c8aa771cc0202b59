using FerSharp.Cli.Inspection;
using FerSharp.Onnx;

namespace FerSharp.Cli.Analysis;

/// <summary>Loads the models that the settings name.</summary>
internal static class AnalyzerLoader
{
    /// <exception cref="FerModelException">A model, its files or the runtime are at fault.</exception>
    public static EmotionAnalyzer Load(ModelSettings settings)
    {
        OnnxFaceDetector detector = Guard(settings.Detector, () => LoadDetector(settings));
        try
        {
            IEmotionClassifier classifier = LoadClassifiers(settings);
            return new EmotionAnalyzer(detector, classifier, new EmotionAnalyzerOptions { MaxFaces = settings.MaxFaces }, ownsModels: true);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Makes a missing or unreadable file a model's fault.</summary>
    public static T Guard<T>(string? path, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FerModelException(path ?? "embedded", e.Message, e);
        }
    }

    private static OnnxFaceDetector LoadDetector(ModelSettings settings) => OnnxFaceDetector.Load(new OnnxFaceDetectorOptions
    {
        ModelPath = settings.Detector,
        Model = settings.Detector is null ? EmbeddedModels.FaceDetector(settings.DetectorSize) : null,
        ScoreThreshold = settings.MinScore,
        MaxConcurrency = 1,
        IntraOpThreads = settings.Threads,
    });

    private static IEmotionClassifier LoadClassifiers(ModelSettings settings)
    {
        if (settings.Classifiers.Count == 0)
        {
            return LoadClassifier(null, settings.Threads);
        }

        var members = new List<IEmotionClassifier>();
        try
        {
            members.AddRange(settings.Classifiers.Select(path => Guard(path, () => LoadClassifier(path, settings.Threads))));
            return members.Count == 1 ? members[0] : new EnsembleEmotionClassifier(members, ownsMembers: true);
        }
        catch
        {
            members.ForEach(member => member.Dispose());
            throw;
        }
    }

    private static IEmotionClassifier LoadClassifier(string? path, int threads) => HeadSource.Find(path) is { } head ? HeadSource.Load(head, 1, threads) : OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions
    {
        ModelPath = path,
        Model = path is null ? EmbeddedModels.EmotionClassifier : null,
        MaxConcurrency = 1,
        IntraOpThreads = threads,
    });
}
