using System.Text.Json;
using FerSharp.Cli.Analysis;
using FerSharp.MLNet;

namespace FerSharp.Cli.Inspection;

/// <summary>A model as it was found: its manifest, where its file should be, and its bytes, not yet checked against each other.</summary>
internal sealed record ModelSource(string Location, ModelManifest Manifest, string? FilePath, ModelPackage? Package)
{
    /// <summary>What embedded models have in the place of a path.</summary>
    public const string Embedded = "embedded";

    public static IEnumerable<ModelSource> EmbeddedOnes => EmbeddedModels.All.Select(package => new ModelSource(Embedded, package.Manifest, null, package));

    /// <summary>Whether it is a trained head, which ML.NET runs.</summary>
    public bool IsHead => Package is null && IsHeadManifest(Location);

    /// <summary>The length of the model in bytes; null where its file is missing.</summary>
    public long? Bytes => Package is { } package ? package.Content.Length : File.Exists(FilePath) ? new FileInfo(FilePath).Length : null;

    /// <summary>Reads a manifest; the model's file is not opened.</summary>
    /// <exception cref="FerModelException">The manifest cannot be read, or is at fault.</exception>
    public static ModelSource FromManifest(string manifestPath) => AnalyzerLoader.Guard(manifestPath, () =>
    {
        ModelManifest manifest = IsHeadManifest(manifestPath)
            ? EmotionHead.ReadManifest(manifestPath)
            : ModelManifestReader.Read(ReadAtMost(manifestPath, ModelManifestReader.MaxBytes + 1), manifestPath);
        return new ModelSource(manifestPath, manifest, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!, manifest.File), null);
    });

    /// <summary>The embedded model of that id, or the one of that manifest or folder.</summary>
    /// <exception cref="FerModelException">There is none, or the manifest is at fault.</exception>
    public static ModelSource Find(string pathOrId)
    {
        if (EmbeddedOnes.FirstOrDefault(source => source.Manifest.Id == pathOrId) is { } embedded)
        {
            return embedded;
        }

        string head = Path.Combine(pathOrId, EmotionHead.ManifestFileName), inFolder = Path.Combine(pathOrId, ModelPackage.ManifestFileName);
        return (File.Exists(pathOrId), File.Exists(head), File.Exists(inFolder)) switch
        {
            (true, _, _) => FromManifest(pathOrId),
            (false, true, _) => FromManifest(head),
            (false, false, true) => FromManifest(inFolder),
            _ => throw new FerModelException(pathOrId, $"there is no manifest or folder with {ModelPackage.ManifestFileName} or {EmotionHead.ManifestFileName} of that name, and no embedded model; those are {string.Join(", ", EmbeddedModels.All.Select(model => model.Manifest.Id))}."),
        };
    }

    /// <summary>The model's bytes; null where its file is missing.</summary>
    /// <exception cref="FerModelException">The file cannot be read.</exception>
    public ReadOnlyMemory<byte>? ReadContent() => Package is { } package ? package.Content : File.Exists(FilePath)
        ? AnalyzerLoader.Guard<ReadOnlyMemory<byte>?>(FilePath, () => File.ReadAllBytes(FilePath))
        : null;

    /// <summary>The manifest as JSON.</summary>
    public JsonElement ManifestJson()
    {
        using JsonDocument document = IsHead
            ? JsonDocument.Parse(File.ReadAllBytes(Location), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })
            : JsonDocument.Parse(ModelManifestWriter.Write(Manifest));
        return document.RootElement.Clone();
    }

    private static bool IsHeadManifest(string path) => Path.GetFileName(path) == EmotionHead.ManifestFileName;

    private static byte[] ReadAtMost(string path, int length)
    {
        using FileStream stream = File.OpenRead(path);
        var buffer = new byte[Math.Min(stream.Length, length)];
        stream.ReadExactly(buffer);
        return buffer;
    }
}
