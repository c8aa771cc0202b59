using FerSharp.Cli.Analysis;
using FerSharp.MLNet;

namespace FerSharp.Cli.Inspection;

/// <summary>Finds and loads trained heads: folders with <c>head.json</c>.</summary>
internal static class HeadSource
{
    /// <summary>The path where it leads to a head, else null.</summary>
    public static string? Find(string? path) =>
        path is not null && (Path.GetFileName(path) == EmotionHead.ManifestFileName || File.Exists(Path.Combine(path, EmotionHead.ManifestFileName))) ? path : null;

    /// <exception cref="FerModelException">The head, its files or the runtime are at fault.</exception>
    public static IEmotionClassifier Load(string path, int maxConcurrency, int intraOpThreads) => AnalyzerLoader.Guard(
        path,
        () => MLNetEmotionClassifier.Load(new MLNetEmotionClassifierOptions { ModelPath = path, MaxConcurrency = maxConcurrency, IntraOpThreads = intraOpThreads }));
}
