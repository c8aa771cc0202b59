namespace FerSharp;

/// <summary>Reads model manifests, <c>model.json</c>, schema <see cref="ModelManifest.CurrentSchema"/>. Stateless and thread-safe.</summary>
/// <remarks>
/// Comments and trailing commas are allowed. A member that is not known, given twice, of the wrong type or out of range is a fault; a member that is
/// null counts as left out. The fields are listed in docs/models.md and docs/model-manifest.schema.json.
/// </remarks>
public static class ModelManifestReader
{
    /// <summary>The longest manifest that is read, in bytes: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads a manifest and checks it.</summary>
    /// <param name="utf8Json">The manifest's text in UTF-8, with or without a byte order mark. Borrowed for the call.</param>
    /// <param name="name">What error messages call the manifest as long as it has no id, such as its path.</param>
    /// <returns>The manifest, with defaults where members were left out.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="FerModelException">The manifest is at fault. All faults are listed (at most 100), each with its JSON path and what to do.</exception>
    public static ModelManifest Read(ReadOnlySpan<byte> utf8Json, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var faults = new ManifestFaults(name);
        if (utf8Json.Length > MaxBytes)
        {
            faults.Add(ManifestParser.Root, $"is longer than {MaxBytes} bytes; is this a manifest, not the model itself?");
            faults.ThrowIfAny(modelId: null);
        }

        ManifestJson? json = ManifestParser.Parse(utf8Json, ManifestJsonContext.Default.ManifestJson, faults, out Exception? cause);
        if (json is null)
        {
            faults.ThrowIfAny(modelId: null, cause);
        }

        ModelManifest manifest = ManifestMapper.ToManifest(json!, faults);
        faults.ThrowIfAny(manifest.Id);
        return manifest;
    }
}
