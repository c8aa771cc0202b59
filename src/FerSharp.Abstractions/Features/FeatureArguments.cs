namespace FerSharp;

/// <summary>The checks of arguments that <see cref="IFaceFeatureExtractor.Extract"/> promises, for those who write an extractor.</summary>
public static class FeatureArguments
{
    /// <summary>Checks before anything is written that there is room for every row and a picture behind every region.</summary>
    /// <param name="faces">The faces.</param>
    /// <param name="length">Values of a face, at least 1.</param>
    /// <param name="destination">Where the rows go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short for the rows of <paramref name="faces"/>, or a region is empty (default).</exception>
    public static void Check(ReadOnlySpan<FaceRegion> faces, int length, ReadOnlySpan<float> destination)
    {
        if (destination.Length / length < faces.Length)
        {
            throw new ArgumentException($"There are {faces.Length} faces of {length} values each and room for {destination.Length} values.", nameof(destination));
        }

        ClassifyArguments.Check(faces);
    }
}
