namespace FerSharp.Features;

/// <summary>Landmark geometry; see <see cref="GeometrySpec"/>.</summary>
internal sealed class GeometryExtractor(GeometrySpec spec, FaceShapeReader? shapes) : IFaceFeatureExtractor
{
    private bool _disposed;

    public string Id => spec.Id;

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
