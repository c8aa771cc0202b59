using System.Text;
using System.Text.Json;

namespace FerSharp.Evaluation;

/// <summary>A fitted temperature, what it does on a part that it was not fitted on, and the way into the model's manifest. Immutable.</summary>
/// <param name="Model">The classifier that was read, with the temperature that the readings were made with.</param>
/// <param name="Fit">The fit.</param>
/// <param name="Report">Figures of another part, before and after.</param>
/// <param name="Faults">Rows and files that could not be used.</param>
public sealed record CalibrationResult(ModelInfo Model, TemperatureFit Fit, TemperatureReport Report, IReadOnlyList<DatasetFault> Faults)
{
    /// <summary>What the names of the figures begin with that <see cref="ApplyTo"/> writes: <c>calibration-</c>.</summary>
    public const string MetricPrefix = "calibration-";

    /// <summary>The temperature for the manifest: the fitted one times the one that the readings were made with.</summary>
    /// <remarks>Tempering by S and then by T is tempering by S times T.</remarks>
    public float Temperature => (float)((Model.Manifest.Classifier?.Temperature ?? 1.0) * Fit.Temperature);

    /// <summary>The manifest with the temperature and where it comes from.</summary>
    /// <remarks>
    /// Figures in <see cref="ModelManifest.Metrics"/>, in place of those of an earlier calibration: <c>calibration-fit-temperature-HASH</c> (what the fit multiplied by),
    /// <c>calibration-logloss-before-HASH</c>, <c>-after-HASH</c>, <c>calibration-ece-before-HASH</c>, <c>-after-HASH</c> (15 bins of equal width). HASH is the first
    /// 16 hex digits of the hash of the part: for the first the part that was fitted on, for the others the part that was reported on.
    /// </remarks>
    /// <param name="manifest">The manifest of the classifier that was read; its temperature is the one that the readings were made with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="manifest"/> is null.</exception>
    /// <exception cref="ArgumentException">It is the manifest of another model, or has another temperature, as after this very calibration.</exception>
    /// <exception cref="InvalidOperationException">The fit ended at the limit of its range (<see cref="TemperatureFit.IsAtLimit"/>): there is no temperature to write.</exception>
    public ModelManifest ApplyTo(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Classifier is not { } output || manifest.Id != Model.Id || manifest.Version != Model.Version)
        {
            throw new ArgumentException($"The readings are those of '{Model.Id}' {Model.Version}; this is the manifest of '{manifest.Id}' {manifest.Version}.", nameof(manifest));
        }

        if (output.Temperature != (Model.Manifest.Classifier?.Temperature ?? 1))
        {
            throw new ArgumentException($"The readings were made with temperature {Model.Manifest.Classifier?.Temperature ?? 1}; the manifest has {output.Temperature}. Read the pictures again with this manifest.", nameof(manifest));
        }

        if (Fit.IsAtLimit)
        {
            throw new InvalidOperationException($"The fit ended at the limit {Fit.Temperature}: the log-loss has no minimum inside the range. Use more pictures, or pictures that the model errs on.");
        }

        var metrics = manifest.Metrics.Where(one => !one.Key.StartsWith(MetricPrefix, StringComparison.Ordinal)).ToDictionary();
        metrics[Name("fit-temperature", Fit.FittedOn)] = Fit.Temperature;
        metrics[Name("logloss-before", Report.Part)] = Report.LogLossBefore;
        metrics[Name("logloss-after", Report.Part)] = Report.LogLossAfter;
        metrics[Name("ece-before", Report.Part)] = Report.Before.EqualWidthError;
        metrics[Name("ece-after", Report.Part)] = Report.After.EqualWidthError;
        return manifest with { Classifier = output with { Temperature = Temperature }, Metrics = metrics };
    }

    /// <summary>Writes the temperature into a manifest's file, which is replaced as a whole or not at all.</summary>
    /// <remarks>All members stay, an editor's <c>$schema</c> too. The text is written anew by <see cref="ModelManifestWriter"/>: comments do not stay, and members that equal their default may go.</remarks>
    /// <param name="manifestPath">The manifest's file, <c>model.json</c>.</param>
    /// <returns>The manifest that was written.</returns>
    /// <exception cref="ArgumentException">The path is empty, or as with <see cref="ApplyTo"/>.</exception>
    /// <exception cref="InvalidOperationException">As with <see cref="ApplyTo"/>.</exception>
    /// <exception cref="IOException">The file cannot be read or replaced (<see cref="FileNotFoundException"/>, <see cref="DirectoryNotFoundException"/>).</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    /// <exception cref="FerModelException">The file is no sound manifest; all faults are listed.</exception>
    public ModelManifest WriteTo(string manifestPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(manifestPath);
        byte[] before = File.ReadAllBytes(manifestPath);
        ModelManifest manifest = ApplyTo(ModelManifestReader.Read(before, manifestPath));
        byte[] after = WithSchema(ModelManifestWriter.Write(manifest), SchemaOf(before));

        // Beside it, so that the move stays on one volume and replaces the file at once.
        string beside = $"{Path.GetFullPath(manifestPath)}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(after);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, manifestPath, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }

        return manifest;
    }

    private static string Name(string figure, DatasetInfo part) => $"{MetricPrefix}{figure}-{(part.Sha256.Length > 16 ? part.Sha256[..16] : part.Sha256)}";

    private static string? SchemaOf(ReadOnlyMemory<byte> json)
    {
        json = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.TryGetProperty("$schema", out JsonElement schema) ? schema.GetString() : null;
    }

    // The writer's text begins with the brace and a line feed.
    private static byte[] WithSchema(byte[] json, string? schema) => schema is null
        ? json
        : [.. "{\n"u8, .. Encoding.UTF8.GetBytes($"  \"$schema\": {JsonSerializer.Serialize(schema)},\n"), .. json[2..]];
}
