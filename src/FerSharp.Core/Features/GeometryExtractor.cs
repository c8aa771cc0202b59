namespace FerSharp.Features;

/// <summary>Landmark geometry; see <see cref="GeometrySpec"/>.</summary>
/// <param name="spec">Which points.</param>
/// <param name="shapes">Gives 68 points; null for the five of the detection.</param>
/// <param name="shapesId">Names what gives the 68 points.</param>
internal sealed class GeometryExtractor(GeometrySpec spec, FaceShapeReader? shapes, string? shapesId) : IFaceFeatureExtractor
{
    private bool _disposed;

    public string Id { get; } = shapes is null ? spec.Id : $"{spec.Id}-{shapesId}";

    /// <summary>What it can be made of again; null where it takes a reader of shapes.</summary>
    public FeatureSpec? Spec => shapes is null ? spec : null;

    public int Length => spec.Length;

    public void Extract(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        FeatureArguments.Check(faces, Length, destination);
        cancellationToken.ThrowIfCancellationRequested();
        Span<PointF> points = stackalloc PointF[FaceShape.Count];
        for (int i = 0; i < faces.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<float> row = destination.Slice(i * Length, Length);
            bool usable = shapes is null
                ? FacePoints.TryWrite(faces[i].Face.Landmarks, row)
                : shapes(faces[i], points) && FaceShape.TryWrite(points, row);
            if (!usable)
            {
                row.Clear();
            }
        }
    }

    public void Dispose() => _disposed = true;
}
