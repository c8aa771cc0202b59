using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerSharp.MLNet;

/// <summary>What <c>head.json</c> says: which zip, over which features, in which order of labels. Members are described in docs/mlnet.md.</summary>
internal sealed class HeadManifest
{
    /// <summary>The name of the manifest in its folder.</summary>
    public const string FileName = "head.json";

    /// <summary>The schema that is read and written.</summary>
    public const int CurrentSchema = 1;

    /// <summary>What the names of files and folders that <see cref="EmotionHead.Save"/> writes begin with; only such are ever deleted.</summary>
    public const string FilePrefix = "head-", BackbonePrefix = "backbone-";

    private const int MaxBytes = 1 << 20;

    public int? Schema { get; set; }

    public string? Id { get; set; }

    public string? Version { get; set; }

    /// <summary>The zip of ML.NET or the rows of a k-NN head, a file in the manifest's folder.</summary>
    public string? File { get; set; }

    public string? Sha256 { get; set; }

    public string? License { get; set; }

    public string? Commercial { get; set; }

    public string? TrainedOn { get; set; }

    public HeadFeatures? Features { get; set; }

    /// <summary>The expressions in the order of the zip's scores.</summary>
    public List<string?>? Labels { get; set; }

    public float? Temperature { get; set; }

    /// <summary>How the zip was made; for people, not read.</summary>
    public HeadRecord? Training { get; set; }

    public Dictionary<string, double>? Metrics { get; set; }

    /// <summary>Reads and checks a manifest.</summary>
    /// <exception cref="FerModelException">The manifest is at fault; all faults are listed.</exception>
    public static HeadManifest Read(string path)
    {
        HeadManifest manifest;
        try
        {
            using FileStream stream = System.IO.File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw new FerModelException(path, $"The manifest is longer than {MaxBytes} bytes; is this a {FileName}?");
            }

            manifest = JsonSerializer.Deserialize(stream, HeadJsonContext.Default.HeadManifest) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new FerModelException(path, $"The file is no {FileName}: {e.Message}", e);
        }

        string[] faults = [.. manifest.Check()];
        return faults.Length == 0 ? manifest : throw new FerModelException(string.IsNullOrWhiteSpace(manifest.Id) ? path : manifest.Id, faults);
    }

    /// <summary>The manifest as JSON in UTF-8.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, HeadJsonContext.Default.HeadManifest), (byte)'\n'];

    /// <summary>The labels as expressions; to be asked of a checked manifest only.</summary>
    public Emotion[] Emotions() => [.. Labels!.Select(label => Enum.Parse<Emotion>(label!, ignoreCase: true))];

    /// <summary>What is served, in the terms of all models: the zip's output is probabilities, its input the features.</summary>
    public ModelInfo ToModelInfo(string backend)
    {
        Emotion[] emotions = Emotions();
        var manifest = new ModelManifest
        {
            Id = Id!,
            Version = Version!,
            Task = ModelTask.EmotionClassification,
            File = File!,
            Sha256 = Sha256,
            License = new ModelLicense(License!, Enum.Parse<CommercialUse>(Commercial!, ignoreCase: true)),
            TrainedOn = TrainedOn,
            Metrics = Metrics ?? [],
            Input = new PreprocessingSpec { Name = Features!.Id!, Width = Features.Length!.Value, Height = 1, Order = ChannelOrder.Gray, Channels = 1 },
            Classifier = new ClassifierOutputSpec
            {
                Name = HeadFile.ScoreColumn,
                Activation = OutputActivation.Probabilities,
                Labels = [.. emotions.Select(emotion => (Emotion?)emotion)],
                Temperature = Temperature!.Value,
            },
        };
        return new ModelInfo(Id!, Version!, backend, new EmotionSet(emotions), manifest);
    }

    private IEnumerable<string> Check()
    {
        if (Schema != CurrentSchema)
        {
            // Whatever else differs follows from this.
            yield return $"$.schema is {Schema?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}; this version reads {CurrentSchema}. Train the head again, or use the version of FerSharp.MLNet that made it.";
            yield break;
        }

        foreach ((string name, string? value) in new[] { ("id", Id), ("version", Version), ("file", File), ("sha256", Sha256), ("license", License), ("features.id", Features?.Id) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"$.{name} is missing.";
            }
        }

        if (File is not null && !IsPlainName(File))
        {
            yield return $"$.file is '{File}'; it must be a file in the manifest's folder.";
        }

        if (Features?.Backbone is { } backbone && !IsPlainName(backbone))
        {
            yield return $"$.features.backbone is '{backbone}'; it must be a folder in the manifest's folder.";
        }

        if (!Enum.GetNames<CommercialUse>().Contains(Commercial, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"$.commercial is '{Commercial}'; it must be allowed, forbidden or unclear.";
        }

        if (Features?.Length is not > 0)
        {
            yield return "$.features.length must be a number above 0.";
        }

        if (!(Temperature is > 0 && float.IsFinite(Temperature.Value)))
        {
            yield return "$.temperature must be a number above 0.";
        }

        string[] unknown = [.. (Labels ?? []).Where(label => !IsExpression(label)).Select(label => $"'{label}'")];
        if (unknown.Length > 0)
        {
            yield return $"$.labels: {string.Join(", ", unknown)} {(unknown.Length == 1 ? "is no expression" : "are no expressions")}; use {HeadLabels.Words}.";
        }
        else if (Labels is not { Count: >= 2 } || Labels.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Labels.Count)
        {
            yield return "$.labels must be two or more expressions, each once.";
        }
    }

    /// <summary>Whether a name stays in its folder, on every system.</summary>
    private static bool IsPlainName(string name) => name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\\', ':');

    private static bool IsExpression(string? label) => Enum.GetNames<Emotion>().Contains(label, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The features that a head reads.</summary>
internal sealed class HeadFeatures
{
    public string? Id { get; set; }

    public int? Length { get; set; }

    /// <summary>The folder, beside the manifest, of the network whose embedding they are; null for other features.</summary>
    public string? Backbone { get; set; }

    /// <summary>Features of FerSharp.Core, as <see cref="FeatureExtractors.Write"/> writes them; null for other features.</summary>
    public JsonElement? Parameters { get; set; }
}

/// <summary>How a head was made.</summary>
internal sealed class HeadRecord
{
    public string? Trainer { get; set; }

    public string? Settings { get; set; }

    public int Seed { get; set; }

    public int Folds { get; set; }

    public float ClassBalance { get; set; }

    public string? MLNet { get; set; }

    /// <summary>Number of faces of each label.</summary>
    public Dictionary<string, int>? Faces { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = true,
    NewLine = "\n",
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HeadManifest))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class HeadJsonContext : JsonSerializerContext;
