namespace FerSharp;

/// <summary>The expressions that FerSharp knows: the seven of FER-2013 and contempt (FER+, AffectNet).</summary>
/// <remarks>
/// A name says how a face looks to a model, not what a person feels. The order is part of the contract and will not change;
/// models have orders of their own, which their manifests map onto this one.
/// </remarks>
public enum Emotion : byte
{
    /// <summary>No marked expression.</summary>
    Neutral = 0,

    /// <summary>A happy expression.</summary>
    Happiness = 1,

    /// <summary>A surprised expression.</summary>
    Surprise = 2,

    /// <summary>A sad expression.</summary>
    Sadness = 3,

    /// <summary>An angry expression.</summary>
    Anger = 4,

    /// <summary>A disgusted expression.</summary>
    Disgust = 5,

    /// <summary>A fearful expression.</summary>
    Fear = 6,

    /// <summary>A contemptuous expression; many models do not know it.</summary>
    Contempt = 7,
}
