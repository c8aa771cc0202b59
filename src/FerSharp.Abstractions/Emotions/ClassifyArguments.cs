namespace FerSharp;

/// <summary>The checks of arguments that <see cref="IEmotionClassifier.Classify"/> promises, for those who write a classifier.</summary>
public static class ClassifyArguments
{
    /// <summary>Checks before anything is written that there is room for every result and a picture behind every region.</summary>
    /// <param name="faces">The faces.</param>
    /// <param name="destination">Where the results go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <paramref name="faces"/>, or a region is empty (default).</exception>
    public static void Check(ReadOnlySpan<FaceRegion> faces, ReadOnlySpan<EmotionScores> destination)
    {
        if (destination.Length < faces.Length)
        {
            throw new ArgumentException($"There are {faces.Length} faces and room for {destination.Length} results.", nameof(destination));
        }

        Check(faces);
    }

    /// <summary>Checks that there is a picture behind every region.</summary>
    /// <param name="faces">The faces.</param>
    /// <exception cref="ArgumentException">A region is empty (default).</exception>
    public static void Check(ReadOnlySpan<FaceRegion> faces)
    {
        foreach (ref readonly FaceRegion face in faces)
        {
            if (face.Frame.IsEmpty)
            {
                throw new ArgumentException("A region is empty (default): there is no picture to look at.", nameof(faces));
            }
        }
    }
}
