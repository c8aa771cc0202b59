namespace FerSharp.Testing;

/// <summary>A detector as a subject of <see cref="DetectorLaws"/>.</summary>
/// <param name="Create">Makes a fresh detector; called at least once for each law, which disposes what it gets.</param>
public sealed record DetectorSubject(Func<IFaceDetector> Create) : PictureSubject
{
    /// <summary>Least score that the best face of the scene must have; faces below it are left out of the laws of geometry.</summary>
    /// <value>Default 0.6.</value>
    public float ClearScore { get; init; } = 0.6f;

    /// <summary>How far an edge or a landmark may be off after a shift, an enlargement or a mirroring, in units of the box's larger side.</summary>
    /// <value>Default 0.15.</value>
    public float GeometryTolerance { get; init; } = 0.15f;

    internal override IReadOnlyList<string> LawNames => DetectorLaws.Names;

    internal override PictureProbe CreateProbe() => new DetectorProbe(Create());
}

/// <summary>A detector's answer as numbers: the count, then 16 for each face.</summary>
internal sealed class DetectorProbe(IFaceDetector detector) : PictureProbe(detector)
{
    private const int NumbersPerFace = 16;

    private static readonly string[] Parts =
    [
        "box left", "box top", "box width", "box height", "score", "presence of landmarks",
        "left eye x", "left eye y", "right eye x", "right eye y", "nose x", "nose y", "left mouth x", "left mouth y", "right mouth x", "right mouth y",
    ];

    private readonly FaceDetection[] _faces = new FaceDetection[FaceDetectorExtensions.DefaultMaxFaces];
    private readonly float[] _answer = new float[1 + (NumbersPerFace * FaceDetectorExtensions.DefaultMaxFaces)];

    public override ModelInfo Model => detector.Model;

    public override ReadOnlySpan<float> Ask(in FrameView picture, CancellationToken cancellationToken = default)
    {
        int count = detector.Detect(picture, _faces, cancellationToken);
        _answer[0] = count;
        for (int i = 0; i < count; i++)
        {
            ref readonly FaceDetection face = ref _faces[i];
            Span<float> numbers = _answer.AsSpan(1 + (i * NumbersPerFace), NumbersPerFace);
            (numbers[0], numbers[1], numbers[2], numbers[3]) = (face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height);
            numbers[4] = face.Score;
            numbers[5] = face.Landmarks.IsEmpty ? 0 : 1;
            for (int k = 0; k < FaceLandmarks.Count; k++)
            {
                (numbers[6 + (2 * k)], numbers[7 + (2 * k)]) = (face.Landmarks[k].X, face.Landmarks[k].Y);
            }
        }

        return _answer.AsSpan(0, 1 + (count * NumbersPerFace));
    }

    public override PictureProbe ForAnotherThread() => new DetectorProbe(detector);

    public override string Describe(int position) => position == 0
        ? "the number of faces"
        : $"the {Parts[(position - 1) % NumbersPerFace]} of face {((position - 1) / NumbersPerFace) + 1}";
}
