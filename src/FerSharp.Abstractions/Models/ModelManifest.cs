namespace FerSharp;

/// <summary>Everything that is needed to run a model and to get its published figures again: nothing is guessed from a name or a shape.</summary>
/// <remarks>Read from <c>model.json</c> by FerSharp.Core; immutable.</remarks>
public sealed record ModelManifest
{
    /// <summary>The manifest schema that this version reads and writes: 1.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Short name, unique among your models.</summary>
    public required string Id { get; init; }

    /// <summary>The model's own version.</summary>
    public required string Version { get; init; }

    /// <summary>What the model does.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The model file, relative to the manifest.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the model file in lower-case hex; checked on load where given.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Terms of the weights.</summary>
    public required ModelLicense License { get; init; }

    /// <summary>Where the model comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The data it was trained on.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>Measured figures by name, such as <c>fer2013-publictest-accuracy</c>; empty where none were given.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>How pixels become the input tensor.</summary>
    public required PreprocessingSpec Input { get; init; }

    /// <summary>How a classifier's output is read; null for a detector.</summary>
    public ClassifierOutputSpec? Classifier { get; init; }

    /// <summary>How a detector's output is read; null for a classifier.</summary>
    public DetectorOutputSpec? Detector { get; init; }
}

/// <summary>What a model does.</summary>
public enum ModelTask
{
    /// <summary>Finds faces.</summary>
    FaceDetection = 1,

    /// <summary>Reads expressions of faces.</summary>
    EmotionClassification = 2,
}

/// <summary>Whether weights may be used commercially.</summary>
public enum CommercialUse
{
    /// <summary>Nobody can say for certain, for example because the training data's terms are unclear.</summary>
    Unclear = 0,

    /// <summary>The terms allow it.</summary>
    Allowed = 1,

    /// <summary>The terms forbid it.</summary>
    Forbidden = 2,
}

/// <summary>Terms of a model's weights.</summary>
/// <param name="Name">An SPDX identifier, or a short text where there is none.</param>
/// <param name="Commercial">Whether the weights may be used commercially.</param>
public sealed record ModelLicense(string Name, CommercialUse Commercial);
