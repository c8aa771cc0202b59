using System.Runtime.CompilerServices;

namespace FerSharp;

/// <summary>Reads the expression of faces. It crops, aligns and normalises by itself, as its model's manifest says.</summary>
/// <remarks>
/// <para>Threads: every member may be called from several threads at once, except <see cref="IDisposable.Dispose"/>, which must not run
/// while a call is under way. Concurrent calls give the answers that calls one after the other give.</para>
/// <para>Ownership: pictures are borrowed for the length of the call; nothing of them is kept, and none of their bytes is changed. Results
/// are plain values, written only into <c>destination</c>.</para>
/// <para>Batches: the answer for a face does not depend on the other faces of the call (to 1e-5).</para>
/// <para>Disposal: whoever created the classifier disposes it. Calls after that throw <see cref="ObjectDisposedException"/>; disposing
/// twice is harmless. The laws in FerSharp.Testing check all of this.</para>
/// </remarks>
public interface IEmotionClassifier : IDisposable
{
    /// <summary>What runs: the model, its version, the backend, the expressions it knows. Readable also after disposal.</summary>
    ModelInfo Model { get; }

    /// <summary>Reads each face's expression; <c>destination[i]</c> belongs to <c>faces[i]</c>.</summary>
    /// <param name="faces">The faces, of one picture or of several; empty is allowed.</param>
    /// <param name="destination">At least as long as <paramref name="faces"/>; entries past that are left as they were.</param>
    /// <param name="cancellationToken">Checked before the work and between batches.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short, or a region is empty (default); nothing is written.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what <paramref name="destination"/> holds is then unspecified.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default);
}

/// <summary>Shorter ways to call an <see cref="IEmotionClassifier"/>.</summary>
public static class EmotionClassifierExtensions
{
    private const int ChunkSize = 16;

    /// <summary>Reads one face.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="face">The face.</param>
    /// <param name="cancellationToken">As in <see cref="IEmotionClassifier.Classify"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="classifier"/> is null.</exception>
    /// <exception cref="ArgumentException">The region is empty (default).</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static EmotionScores Classify(this IEmotionClassifier classifier, in FaceRegion face, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        EmotionScores scores = default;
        classifier.Classify(new ReadOnlySpan<FaceRegion>(in face), new Span<EmotionScores>(ref scores), cancellationToken);
        return scores;
    }

    /// <summary>Reads faces of one picture, in chunks of 16, without allocating.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="frame">The picture.</param>
    /// <param name="faces">The faces in it.</param>
    /// <param name="destination">At least as long as <paramref name="faces"/>; <c>destination[i]</c> belongs to <c>faces[i]</c>.</param>
    /// <param name="cancellationToken">As in <see cref="IEmotionClassifier.Classify"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="classifier"/> is null.</exception>
    /// <exception cref="ArgumentException">The picture is empty, a face lies outside it, or <paramref name="destination"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static void Classify(this IEmotionClassifier classifier, in FrameView frame, ReadOnlySpan<FaceDetection> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        if (destination.Length < faces.Length)
        {
            throw new ArgumentException($"There are {faces.Length} faces and room for {destination.Length} results.", nameof(destination));
        }

        RegionChunk chunk = default;
        Span<FaceRegion> regions = chunk;
        while (!faces.IsEmpty)
        {
            int count = Math.Min(faces.Length, ChunkSize);
            for (int i = 0; i < count; i++)
            {
                regions[i] = new FaceRegion(frame, faces[i]);
            }

            classifier.Classify(regions[..count], destination[..count], cancellationToken);
            faces = faces[count..];
            destination = destination[count..];
        }
    }

    [InlineArray(ChunkSize)]
    private struct RegionChunk
    {
        private FaceRegion _first;
    }
}
