namespace FerSharp.Training;

/// <summary>What an exported model's manifest says that the weights do not know.</summary>
public sealed record ExportOptions
{
    /// <summary>The model's id; also the name of its file.</summary>
    public required string Id { get; init; }

    /// <summary>The model's version.</summary>
    public string Version { get; init; } = "1.0.0";

    /// <summary>Terms of the weights.</summary>
    public ModelLicense License { get; init; } = new("MIT", CommercialUse.Unclear);

    /// <summary>Where the model comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The data it was trained on.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>Pictures to calibrate an 8-bit graph with, such as the training set; null for a graph in floats.</summary>
    public TrainingSet? Calibration { get; init; }

    /// <summary>How many of the calibration pictures are used.</summary>
    public int CalibrationPictures { get; init; } = 512;
}

/// <summary>What an export gave.</summary>
/// <param name="ModelPath">The graph.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Torch">Figures of the weights in torch.</param>
/// <param name="Exported">Figures of the graph in ONNX Runtime.</param>
/// <param name="ConsensusDifference">Largest difference between both, over the validation pictures: consensus logits.</param>
/// <param name="Fer2013Difference">The same for the FER-2013 logits.</param>
/// <param name="EmbeddingDifference">The same for the embedding.</param>
/// <param name="ConsensusTemperature">The temperature of the consensus output, fitted on the validation pictures; it is in the manifest.</param>
/// <param name="Fer2013Temperature">The temperature of the FER-2013 output.</param>
public sealed record ExportReport(
    string ModelPath,
    long Bytes,
    ValidationFigures Torch,
    ValidationFigures Exported,
    float ConsensusDifference,
    float Fer2013Difference,
    float EmbeddingDifference,
    double ConsensusTemperature,
    double Fer2013Temperature);
