namespace FerSharp;

/// <summary>Describes a face by a fixed number of values, for a classifier that learns from such rows. It crops, aligns and scales by itself.</summary>
/// <remarks>
/// <para>Threads: every member may be called from several threads at once, except <see cref="IDisposable.Dispose"/>, which must not run
/// while a call is under way. Concurrent calls give the values that calls one after the other give.</para>
/// <para>Ownership: pictures are borrowed for the length of the call; nothing of them is kept, and none of their bytes is changed. Values are
/// written only into <c>destination</c>, and every one is finite.</para>
/// <para>Batches: the values of a face do not depend on the other faces of the call (to 1e-5).</para>
/// <para>Disposal: whoever created the extractor disposes it. <see cref="Extract"/> then throws <see cref="ObjectDisposedException"/>;
/// disposing twice is harmless.</para>
/// </remarks>
public interface IFaceFeatureExtractor : IDisposable
{
    /// <summary>
    /// Names the features and every parameter that changes a value: extractors with the same id give the same rows, so a trained head can be
    /// refused where its features are not those that it was trained on. Readable also after disposal.
    /// </summary>
    string Id { get; }

    /// <summary>How many values describe a face, at least 1. Readable also after disposal.</summary>
    int Length { get; }

    /// <summary>Describes each face; the values of <c>faces[i]</c> start at <c>destination[i * Length]</c>.</summary>
    /// <param name="faces">The faces, of one picture or of several; empty is allowed.</param>
    /// <param name="destination">faces x <see cref="Length"/> values, row by row; entries past them are left as they were.</param>
    /// <param name="cancellationToken">Checked before the work and between faces or batches.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short, or a region is empty (default); nothing is written.</exception>
    /// <exception cref="ObjectDisposedException">The extractor is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what <paramref name="destination"/> holds is then unspecified.</exception>
    /// <exception cref="FerInferenceException">A model behind the features failed.</exception>
    void Extract(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default);
}
