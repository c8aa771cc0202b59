namespace FerSharp.Media;

/// <summary>What <see cref="AnalysisRenderer"/> draws.</summary>
public sealed class DrawOptions
{
    /// <summary>Whether a label is drawn at each face.</summary>
    /// <value>Default true.</value>
    public bool Labels { get; set; } = true;

    /// <summary>Whether the five landmarks are drawn where a face has them.</summary>
    /// <value>Default true.</value>
    public bool Landmarks { get; set; } = true;

    /// <summary>
    /// Whether a panel with a bar for each expression is drawn beside or under each face. A face gets a smaller panel, or none, where it would
    /// cover other faces or panels; a face of low quality gets none, because its scores mean nothing.
    /// </summary>
    /// <value>Default true.</value>
    public bool ScoreBars { get; set; } = true;

    /// <summary>Factor on the size of text and lines, which otherwise follow the picture and the face. 0.25 to 8.</summary>
    /// <value>Default 1.</value>
    public float Scale { get; set; } = 1;

    /// <summary>
    /// Writes a face's label; lines are separated by <c>\n</c>. The built-in font knows printable ASCII; other characters show as a box. Null:
    /// the expression with its score, such as <c>Happiness 0.93</c>, or the outcome with its reason. Called once for each face; what it throws
    /// comes out of <see cref="AnalysisRenderer.Draw"/>.
    /// </summary>
    /// <value>Default null.</value>
    public Func<FaceEmotion, string>? Label { get; set; }

    internal void Validate()
    {
        if (!(Scale is >= 0.25f and <= 8))
        {
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "Scale must be 0.25 to 8.");
        }
    }
}
