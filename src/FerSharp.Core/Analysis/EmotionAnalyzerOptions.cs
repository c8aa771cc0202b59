namespace FerSharp;

/// <summary>How an <see cref="EmotionAnalyzer"/> judges faces. Read once, when the analyzer is made.</summary>
public sealed class EmotionAnalyzerOptions
{
    /// <summary>Most faces that are analysed in a picture; the best-scored are. At least 1.</summary>
    /// <value>Default 64.</value>
    public int MaxFaces { get; set; } = 64;

    /// <summary>Faces whose box has a shorter side than this many pixels are <see cref="FaceOutcome.LowQuality"/>. 0 switches the check off.</summary>
    /// <value>Default 24.</value>
    public float MinFaceSize { get; set; } = 24;

    /// <summary>Faces whose mean luma is below this are <see cref="FaceOutcome.LowQuality"/>. 0 to 255; 0 switches the check off.</summary>
    /// <value>Default 30.</value>
    public float MinBrightness { get; set; } = 30;

    /// <summary>Faces less sharp than this are <see cref="FaceOutcome.LowQuality"/>. 0 switches the check off.</summary>
    /// <value>Default 0.004.</value>
    public float MinSharpness { get; set; } = 0.004f;

    /// <summary>Faces whose top score is below this are <see cref="FaceOutcome.Uncertain"/>. 0 to 1; 0 switches the check off.</summary>
    /// <value>Default 0.4.</value>
    public float MinTopScore { get; set; } = 0.4f;
}
