namespace FerSharp;

/// <summary>How an <see cref="EmotionAnalyzer"/> judges faces. Read once, when the analyzer is made.</summary>
/// <remarks>The defaults were chosen on validation pictures: docs/quality.md says how.</remarks>
public sealed class EmotionAnalyzerOptions
{
    /// <summary>Most faces that are analysed in a picture; the best-scored are. At least 1.</summary>
    /// <value>Default 64.</value>
    public int MaxFaces { get; set; } = 64;

    /// <summary>Faces whose box has a shorter side than this many pixels are <see cref="FaceOutcome.LowQuality"/>. 0 switches the check off.</summary>
    /// <value>Default 24.</value>
    public float MinFaceSize { get; set; } = 24;

    /// <summary>Faces whose mean luma is below this are <see cref="FaceOutcome.LowQuality"/>. 0 to 255; 0 switches the check off.</summary>
    /// <value>Default 10.</value>
    public float MinBrightness { get; set; } = 10;

    /// <summary>Faces less sharp than this are <see cref="FaceOutcome.LowQuality"/>. 0 switches the check off.</summary>
    /// <value>Default 0.02.</value>
    public float MinSharpness { get; set; } = 0.02f;

    /// <summary>Faces whose top score is below this are <see cref="FaceOutcome.Uncertain"/>. 0 to 1; 0 switches the check off.</summary>
    /// <value>Default 0.5.</value>
    public float MinTopScore { get; set; } = 0.5f;

    /// <summary>What is out of range, one sentence each; empty where all is well.</summary>
    internal IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        void Check(bool good, string name, object value, string range)
        {
            if (!good)
            {
                faults.Add(FormattableString.Invariant($"{nameof(EmotionAnalyzerOptions)}.{name} is {value}; it must be {range}."));
            }
        }

        Check(MaxFaces is >= 1 and <= 10_000, nameof(MaxFaces), MaxFaces, "from 1 to 10000");
        Check(MinFaceSize is >= 0 and < float.PositiveInfinity, nameof(MinFaceSize), MinFaceSize, "a number of at least 0");
        Check(MinBrightness is >= 0 and <= 255, nameof(MinBrightness), MinBrightness, "from 0 to 255");
        Check(MinSharpness is >= 0 and < float.PositiveInfinity, nameof(MinSharpness), MinSharpness, "a number of at least 0");
        Check(MinTopScore is >= 0 and <= 1, nameof(MinTopScore), MinTopScore, "from 0 to 1");
        return faults;
    }

    internal EmotionAnalyzerOptions Clone() => (EmotionAnalyzerOptions)MemberwiseClone();
}
