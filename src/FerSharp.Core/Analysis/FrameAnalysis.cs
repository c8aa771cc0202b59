namespace FerSharp;

/// <summary>What an analyzer found in one picture. Holds no pixels.</summary>
/// <param name="Width">Width of the picture in pixels.</param>
/// <param name="Height">Height of the picture in pixels.</param>
/// <param name="Faces">The faces, best detection first; empty where there are none.</param>
public sealed record FrameAnalysis(int Width, int Height, IReadOnlyList<FaceEmotion> Faces);
