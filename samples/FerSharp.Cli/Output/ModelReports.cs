using System.Text.Json;

namespace FerSharp.Cli.Output;

// The records below are the JSON of `models` and `diagnose`; their names are a promise, listed in docs/cli.md.

/// <summary>Models that were found.</summary>
internal sealed record ModelListReport(int SchemaVersion, IReadOnlyList<ModelSummary> Models);

/// <summary>A model in a list.</summary>
internal sealed record ModelSummary
{
    /// <summary><c>embedded</c>, or the manifest's path.</summary>
    public required string Location { get; init; }

    public string? Id { get; init; }

    public string? Version { get; init; }

    public string? Task { get; init; }

    public string? License { get; init; }

    /// <summary>allowed, forbidden or unclear.</summary>
    public string? CommercialUse { get; init; }

    public long? Bytes { get; init; }

    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <summary>All about one model.</summary>
internal sealed record ModelReport
{
    public int SchemaVersion { get; init; } = RunReport.CurrentSchema;

    public required string Location { get; init; }

    public required string Id { get; init; }

    public required string Version { get; init; }

    public required string Task { get; init; }

    public required string License { get; init; }

    public required string CommercialUse { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Of the file as it is.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether it is the manifest's; null where the manifest gives none.</summary>
    public bool? Sha256Matches { get; init; }

    public IReadOnlyList<TensorReport> Inputs { get; init; } = [];

    public IReadOnlyList<TensorReport> Outputs { get; init; } = [];

    public GraphReport? Graph { get; init; }

    /// <summary>The execution provider that runs it.</summary>
    public string? Provider { get; init; }

    public required JsonElement Manifest { get; init; }

    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <summary>An input or output of a graph; -1 in the shape is any size.</summary>
internal sealed record TensorReport(string Name, string Type, IReadOnlyList<int> Shape);

/// <summary>What a model file says of itself.</summary>
internal sealed record GraphReport(string Name, string Producer, string ProducerVersion, long IrVersion, IReadOnlyDictionary<string, long> Opsets);

/// <summary>What works on this machine.</summary>
internal sealed record DiagnosisReport(int SchemaVersion, bool Healthy, MachineReport Machine, RuntimeReport OnnxRuntime, CheckReport Skia, IReadOnlyList<ModelCheckReport> Models);

/// <summary>The machine and the process.</summary>
internal sealed record MachineReport(
    string Version, string OperatingSystem, string RuntimeIdentifier, string Framework, int Processors, int VectorBits, IReadOnlyList<string> ProcessorFeatures);

/// <summary>What is installed of ONNX Runtime.</summary>
internal sealed record RuntimeReport(bool Works, string ManagedVersion, string? NativeVersion, IReadOnlyList<string> Providers, string? Fault);

/// <summary>Whether a part works.</summary>
internal sealed record CheckReport(bool Works, string? Fault);

/// <summary>Whether an embedded model loads and runs.</summary>
internal sealed record ModelCheckReport(string Id, bool Works, string? Provider, double? RunMs, string? Fault);
