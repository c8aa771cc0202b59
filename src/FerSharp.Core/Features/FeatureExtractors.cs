using System.Buffers;
using System.Text.Json;
using FerSharp.Features;

namespace FerSharp;

/// <summary>Makes feature extractors of their parameters, and reads and writes these, so that a manifest can tell how a head's rows are made. Stateless and thread-safe.</summary>
public static class FeatureExtractors
{
    private const string Subject = "features";

    /// <summary>Makes an extractor; of several kinds, one that puts their rows together in the order of the list.</summary>
    /// <param name="features">Kinds and parameters, at least one.</param>
    /// <returns>An extractor that the caller disposes. Thread-safe; it holds no buffers and allocates nothing per call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="features"/> or an entry is null.</exception>
    /// <exception cref="FerModelException">Parameters are at fault, or 68 points are asked for, which need a reader of shapes; all faults are listed.</exception>
    public static IFaceFeatureExtractor Create(IReadOnlyList<FeatureSpec> features) => Make(features, shapes: null, shapesId: null);

    /// <summary>Makes an extractor of which a part takes 68 points from a reader of the caller.</summary>
    /// <param name="features">Kinds and parameters, at least one.</param>
    /// <param name="shapes">Gives 68 points where a <see cref="GeometrySpec"/> asks for them; not used otherwise.</param>
    /// <param name="shapesId">Names the reader and whatever changes its points, such as <c>my-landmarks-2</c>. It becomes part of the extractor's id: points of another landmarker are other features.</param>
    /// <returns>An extractor that the caller disposes. As thread-safe as <paramref name="shapes"/> is; it holds no buffers and allocates nothing per call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="features"/>, an entry or <paramref name="shapes"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="shapesId"/> is null or empty.</exception>
    /// <exception cref="FerModelException">Parameters are at fault; all faults are listed.</exception>
    public static IFaceFeatureExtractor Create(IReadOnlyList<FeatureSpec> features, FaceShapeReader shapes, string shapesId)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        ArgumentException.ThrowIfNullOrWhiteSpace(shapesId);
        return Make(features, shapes, shapesId);
    }

    /// <summary>What an extractor was made of, so that it can be saved and made again.</summary>
    /// <param name="extractor">The extractor; borrowed.</param>
    /// <returns>Kinds and parameters that <see cref="Create(IReadOnlyList{FeatureSpec})"/> makes an equal extractor of; null where there are none: it is of another kind, or takes 68 points from a reader.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="extractor"/> is null.</exception>
    public static IReadOnlyList<FeatureSpec>? SpecsOf(IFaceFeatureExtractor extractor)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        return extractor switch
        {
            TextureExtractor texture => [texture.Spec],
            GeometryExtractor { Spec: { } spec } => [spec],
            ConcatenatedFeatureExtractor joined => Join([.. joined.Parts.Select(SpecsOf)]),
            _ => null,
        };
    }

    private static FeatureSpec[]? Join(IReadOnlyList<FeatureSpec>?[] parts) => parts.Contains(null) ? null : [.. parts.SelectMany(specs => specs!)];

    private static IFaceFeatureExtractor Make(IReadOnlyList<FeatureSpec> features, FaceShapeReader? shapes, string? shapesId)
    {
        List<FeatureJson> json = ToJson(features);
        var faults = new ManifestFaults(Subject);
        FeatureMapper.ToSpecs(json, faults);
        for (int i = 0; i < features.Count; i++)
        {
            if (shapes is null && features[i] is GeometrySpec { Points: FaceShape.Count })
            {
                faults.Add($"{ManifestParser.Root}[{i}].points", $"is {FaceShape.Count}; detections carry {FaceLandmarks.Count}. Give a reader of shapes, or ask for {FaceLandmarks.Count}.");
            }
        }

        faults.ThrowIfAny(modelId: null);
        return features.Count == 1 ? Make(features[0], shapes, shapesId) : new ConcatenatedFeatureExtractor([.. features.Select(spec => Make(spec, shapes, shapesId))], ownsParts: true);
    }

    /// <summary>Kinds by name with default parameters: <c>lbp</c>, <c>hog</c>, <c>geometry</c>, several joined by <c>+</c>, such as <c>hog+lbp</c>.</summary>
    /// <param name="kinds">The names.</param>
    /// <exception cref="ArgumentNullException"><paramref name="kinds"/> is null.</exception>
    /// <exception cref="FerModelException">A name is not known; all such names are listed.</exception>
    public static IReadOnlyList<FeatureSpec> Named(string kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        var faults = new ManifestFaults(Subject);
        List<FeatureSpec> features = FeatureMapper.ToSpecs([.. kinds.Split('+', StringSplitOptions.TrimEntries).Select(kind => new FeatureJson { Kind = kind })], faults);
        faults.ThrowIfAny(modelId: null);
        return features;
    }

    /// <summary>Reads a list of features as <see cref="Write"/> writes it: a JSON array of objects with the member <c>kind</c> and the parameters that differ from the defaults.</summary>
    /// <param name="utf8Json">The text in UTF-8. Borrowed for the call.</param>
    /// <param name="name">What error messages call it, such as its path or the id of the model that it belongs to.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="FerModelException">The text is at fault: no JSON, an unknown kind or member, a wrong type, a value out of range. All faults are listed (at most 100), each with its JSON path.</exception>
    public static IReadOnlyList<FeatureSpec> Read(ReadOnlySpan<byte> utf8Json, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var faults = new ManifestFaults(name);
        if (utf8Json.Length > ModelManifestReader.MaxBytes)
        {
            faults.Add(ManifestParser.Root, $"is longer than {ModelManifestReader.MaxBytes} bytes; is this a list of features?");
            faults.ThrowIfAny(modelId: null);
        }

        List<FeatureJson>? json = ManifestParser.Parse(utf8Json, ManifestJsonContext.Default.ListFeatureJson, faults, out Exception? cause);
        if (json is null)
        {
            faults.ThrowIfAny(modelId: null, cause);
        }

        List<FeatureSpec> features = FeatureMapper.ToSpecs(json!, faults);
        faults.ThrowIfAny(modelId: null);
        return features;
    }

    /// <summary>Writes a list of features. Equal lists give equal bytes on every platform; reading them gives an equal list again.</summary>
    /// <param name="features">Kinds and parameters, at least one.</param>
    /// <returns>Indented JSON in UTF-8 without a byte order mark, lines ended by a line feed, in a new array.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="features"/> or an entry is null.</exception>
    /// <exception cref="FerModelException">Parameters are at fault; all faults are listed.</exception>
    public static byte[] Write(IReadOnlyList<FeatureSpec> features)
    {
        List<FeatureJson> json = ToJson(features);
        var faults = new ManifestFaults(Subject);
        FeatureMapper.ToSpecs(json, faults);
        faults.ThrowIfAny(modelId: null);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ModelManifestWriter.Format))
        {
            JsonSerializer.Serialize(writer, json, ManifestJsonContext.Default.ListFeatureJson);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static IFaceFeatureExtractor Make(FeatureSpec spec, FaceShapeReader? shapes, string? shapesId) => spec switch
    {
        LbpSpec lbp => new LbpExtractor(lbp),
        HogSpec hog => new HogExtractor(hog),
        _ => new GeometryExtractor((GeometrySpec)spec, spec is GeometrySpec { Points: FaceShape.Count } ? shapes : null, shapesId),
    };

    private static List<FeatureJson> ToJson(IReadOnlyList<FeatureSpec> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        foreach (FeatureSpec spec in features)
        {
            ArgumentNullException.ThrowIfNull(spec, nameof(features));
        }

        return [.. features.Select(FeatureMapper.FromSpec)];
    }
}
