namespace FerSharp;

/// <summary>Finds the faces of a picture and reads their expressions.</summary>
public sealed partial class EmotionAnalyzer
{
}
