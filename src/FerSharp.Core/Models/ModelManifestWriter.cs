using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FerSharp;

/// <summary>Writes model manifests as <see cref="ModelManifestReader"/> reads them. Stateless and thread-safe.</summary>
public static class ModelManifestWriter
{
    // The manifest is a file of its own, never a part of an HTML page: '+' and letters beyond ASCII stay readable.
    internal static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a manifest. Equal manifests give equal bytes on every platform; reading them gives an equal manifest again.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <returns>Indented JSON in UTF-8 without a byte order mark, lines ended by a line feed, in a new array.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="manifest"/> is null.</exception>
    /// <exception cref="FerModelException">The manifest breaks a rule of the reader; all faults are listed.</exception>
    public static byte[] Write(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ManifestJson json = ManifestMapper.FromManifest(manifest);
        var faults = new ManifestFaults("manifest");
        ManifestMapper.ToManifest(json, faults);
        faults.ThrowIfAny(manifest.Id);

        json.Sha256 = json.Sha256?.ToLowerInvariant();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Format))
        {
            JsonSerializer.Serialize(writer, json, ManifestJsonContext.Default.ManifestJson);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
