using FerSharp.Cli.Output;
using FerSharp.MLNet;

namespace FerSharp.Cli.Inspection;

/// <summary>Lists the embedded models and those that lie in folders.</summary>
internal static class ModelCatalog
{
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>The embedded models, then those of each folder and the folders below it. Whatever is faulty is listed with its faults.</summary>
    public static IEnumerable<ModelSummary> List(IEnumerable<string> folders)
    {
        foreach (ModelSource source in ModelSource.EmbeddedOnes)
        {
            yield return Summarize(source);
        }

        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                yield return new ModelSummary { Location = folder, Faults = ["there is no such folder."] };
                continue;
            }

            string[] names = [ModelPackage.ManifestFileName, EmotionHead.ManifestFileName];
            foreach (string manifest in names.SelectMany(name => Directory.EnumerateFiles(folder, name, Below)).Order(StringComparer.Ordinal))
            {
                yield return Summarize(manifest);
            }
        }
    }

    private static ModelSummary Summarize(string manifestPath)
    {
        try
        {
            return Summarize(ModelSource.FromManifest(manifestPath));
        }
        catch (FerModelException e)
        {
            return new ModelSummary { Location = manifestPath, Id = e.ModelId == manifestPath ? null : e.ModelId, Faults = e.Faults };
        }
    }

    private static ModelSummary Summarize(ModelSource source) => new()
    {
        Location = source.Location,
        Id = source.Manifest.Id,
        Version = source.Manifest.Version,
        Task = Words.Of(source.Manifest.Task),
        License = source.Manifest.License.Name,
        CommercialUse = Words.Of(source.Manifest.License.Commercial),
        Bytes = source.Bytes,
        Faults = source.Bytes is null ? [$"the model file '{source.Manifest.File}' is missing."] : [],
    };
}
