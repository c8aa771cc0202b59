namespace FerSharp;

/// <summary>Finds the faces in a picture.</summary>
/// <remarks>
/// <para>Threads: every member may be called from several threads at once, except <see cref="IDisposable.Dispose"/>, which must not run
/// while a call is under way. Concurrent calls give the answers that calls one after the other give.</para>
/// <para>Ownership: the picture is borrowed for the length of the call; nothing of it is kept, and none of its bytes is changed. Results are
/// plain values, written only into <c>destination</c>.</para>
/// <para>Disposal: whoever created the detector disposes it (a container disposes what it created). Calls after that throw
/// <see cref="ObjectDisposedException"/>; disposing twice is harmless.</para>
/// <para>The call is synchronous because the work is: it computes on the calling thread. The laws in FerSharp.Testing check all of this.</para>
/// </remarks>
public interface IFaceDetector : IDisposable
{
    /// <summary>What runs: the model, its version, the backend. Readable also after disposal.</summary>
    ModelInfo Model { get; }

    /// <summary>Finds faces and writes them, best score first.</summary>
    /// <param name="frame">The picture, borrowed for the call.</param>
    /// <param name="destination">
    /// Receives at most its length of faces: the best ones. Entries past the returned count are left as they were. Empty is allowed: the
    /// answer is then 0 and no work is done.
    /// </param>
    /// <param name="cancellationToken">Checked before the work; a backend may also stop in the middle.</param>
    /// <returns>How many faces were written. No face is 0, not an error.</returns>
    /// <exception cref="ArgumentException"><paramref name="frame"/> is empty.</exception>
    /// <exception cref="ObjectDisposedException">The detector is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what <paramref name="destination"/> holds is then unspecified.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default);
}

/// <summary>Shorter ways to call an <see cref="IFaceDetector"/>.</summary>
public static class FaceDetectorExtensions
{
    /// <summary>Most faces that the allocating <see cref="Detect"/> returns unless told otherwise: 64.</summary>
    public const int DefaultMaxFaces = 64;

    /// <summary>Finds faces and returns them in a new array, best score first. Allocates; for streams use the span method.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="frame">The picture, borrowed for the call.</param>
    /// <param name="maxFaces">Most faces to return, at least 0.</param>
    /// <param name="cancellationToken">As in <see cref="IFaceDetector.Detect"/>.</param>
    /// <returns>The faces; empty where there are none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="detector"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFaces"/> is negative.</exception>
    /// <exception cref="ArgumentException"><paramref name="frame"/> is empty.</exception>
    /// <exception cref="ObjectDisposedException">The detector is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static FaceDetection[] Detect(this IFaceDetector detector, in FrameView frame, int maxFaces = DefaultMaxFaces, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentOutOfRangeException.ThrowIfNegative(maxFaces);
        var faces = new FaceDetection[maxFaces];
        int count = detector.Detect(frame, faces, cancellationToken);
        return count == faces.Length ? faces : faces[..count];
    }
}
