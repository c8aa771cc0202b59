using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerSharp;

// The manifest as it stands in the file: everything may be missing. ManifestMapper turns it into the records and checks it.
internal sealed class ManifestJson
{
    // For editors that complete and check by a JSON schema; not part of the manifest.
    [JsonPropertyName("$schema")]
    public string? SchemaReference { get; set; }

    public int? Schema { get; set; }

    public string? Id { get; set; }

    public string? Version { get; set; }

    public string? Task { get; set; }

    public string? File { get; set; }

    public string? Sha256 { get; set; }

    public LicenseJson? License { get; set; }

    public string? Source { get; set; }

    public string? TrainedOn { get; set; }

    public Dictionary<string, double?>? Metrics { get; set; }

    public InputJson? Input { get; set; }

    public OutputJson? Output { get; set; }
}

internal sealed class LicenseJson
{
    public string? Name { get; set; }

    public string? Commercial { get; set; }
}

internal sealed class InputJson
{
    public string? Name { get; set; }

    public string? Layout { get; set; }

    public int? Width { get; set; }

    public int? Height { get; set; }

    public int? Channels { get; set; }

    public string? Order { get; set; }

    public float? Scale { get; set; }

    public List<float?>? Mean { get; set; }

    public List<float?>? Std { get; set; }

    public StandardizationJson? Standardization { get; set; }

    public string? Resize { get; set; }

    public string? Sampling { get; set; }

    public string? Border { get; set; }

    public float? PadValue { get; set; }

    public CropJson? Crop { get; set; }

    public List<List<float?>?>? AlignTo { get; set; }
}

internal sealed class StandardizationJson
{
    public float? Epsilon { get; set; }
}

internal sealed class CropJson
{
    public float? Margin { get; set; }

    public float? ShiftY { get; set; }

    public bool? Square { get; set; }
}

internal sealed class OutputJson
{
    public string? Name { get; set; }

    public string? Activation { get; set; }

    public List<string?>? Labels { get; set; }

    public float? Temperature { get; set; }

    public int? ValenceIndex { get; set; }

    public int? ArousalIndex { get; set; }

    public string? Embedding { get; set; }

    public string? Decoder { get; set; }

    public List<string?>? Names { get; set; }

    public float? ScoreThreshold { get; set; }

    public float? NmsThreshold { get; set; }

    public List<int?>? Strides { get; set; }

    public List<List<float?>?>? AnchorSizes { get; set; }

    public List<float?>? Variances { get; set; }

    public float? ReliableFaceSize { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ManifestJson))]
[JsonSerializable(typeof(List<FeatureJson>))]
internal sealed partial class ManifestJsonContext : JsonSerializerContext;
