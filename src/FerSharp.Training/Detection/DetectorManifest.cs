namespace FerSharp.Training;

/// <summary>How detectors of <see cref="DetectorNetwork"/> are run: the manifest for one input size.</summary>
internal static class DetectorManifest
{
    public const string Input = "input", Output = "faces";

    /// <summary>Subtracted from each colour.</summary>
    public const float Mean = 127.5f;

    /// <summary>What colours are then divided by.</summary>
    public const float Deviation = 64;

    public static ModelManifest Create(string id, string file, int side, float scoreThreshold) => new()
    {
        Id = id,
        Version = "1.0.0",
        Task = ModelTask.FaceDetection,
        File = file,
        License = new ModelLicense("MIT", CommercialUse.Unclear),
        Input = new PreprocessingSpec
        {
            Name = Input,
            Width = side,
            Height = side,
            Channels = 3,
            Order = ChannelOrder.Rgb,
            Mean = [Mean],
            Std = [Deviation],
            Resize = ResizeMode.LetterboxTopLeft,
            Border = BorderMode.Constant,
        },
        Detector = new DetectorOutputSpec
        {
            Decoder = "cells",
            Names = [Output],
            ScoreThreshold = scoreThreshold,
            Strides = [.. DetectorNetwork.Strides],
        },
    };
}
