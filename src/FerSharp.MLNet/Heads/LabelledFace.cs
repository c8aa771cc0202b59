namespace FerSharp.MLNet;

/// <summary>A face and what it shows, to train on.</summary>
/// <param name="Region">The face. Its picture is borrowed until the next face is asked for.</param>
/// <param name="Label">
/// What it shows: one of the nouns of <see cref="Emotion"/>, in whatever case, or a word of your own that
/// <see cref="HeadTrainingOptions.LabelMap"/> explains.
/// </param>
/// <param name="Group">
/// What it belongs to, such as the person or the recording; faces of one group are never on both sides of a fold, so that the estimate is not one
/// of known people. Null: a group of its own.
/// </param>
public readonly record struct LabelledFace(FaceRegion Region, string Label, string? Group = null)
{
    /// <summary>A face with a known expression.</summary>
    /// <param name="region">The face.</param>
    /// <param name="label">What it shows.</param>
    /// <param name="group">What it belongs to, or null.</param>
    public LabelledFace(FaceRegion region, Emotion label, string? group = null)
        : this(region, HeadLabels.WordOf(label), group)
    {
    }
}
