namespace FerSharp.Testing;

/// <summary>A classifier as a subject of <see cref="ClassifierLaws"/>.</summary>
/// <param name="Create">Makes a fresh classifier; called at least once for each law, which disposes what it gets.</param>
public sealed record ClassifierSubject(Func<IEmotionClassifier> Create) : PictureSubject
{
    /// <summary>At least two faces of the scene, which the classifier should read differently.</summary>
    /// <value>Default the faces of <see cref="SyntheticFrames.FaceScene"/>, with landmarks.</value>
    public IReadOnlyList<FaceDetection> Faces { get; init; } =
        [.. SyntheticFrames.SceneFaces.Select(face => new FaceDetection(face.Box, 1, SyntheticFace.Landmarks(face.Box)))];

    /// <summary>How far a score may lie apart where a face is read in another batch.</summary>
    /// <value>Default 1e-5.</value>
    public float BatchTolerance { get; init; } = 1e-5f;

    internal override IReadOnlyList<string> LawNames => ClassifierLaws.Names;

    internal override PictureProbe CreateProbe() => new ClassifierProbe(Create(), Faces);

    /// <summary>The subject's faces in a picture of the scene's size.</summary>
    internal FaceRegion[] Regions(FrameView picture)
    {
        Expect.That(Faces.Count >= 2, $"The subject names {Faces.Count} face(s) of the scene, too few to check this law; name two or more.");
        return [.. Faces.Select(face => new FaceRegion(picture, face))];
    }
}

/// <summary>A classifier's answer as numbers: ten for each face.</summary>
internal sealed class ClassifierProbe(IEmotionClassifier classifier, IReadOnlyList<FaceDetection> faces) : PictureProbe(classifier)
{
    private const int NumbersPerFace = EmotionScores.Count + 2;

    private readonly FaceRegion[] _regions = new FaceRegion[faces.Count];
    private readonly EmotionScores[] _scores = new EmotionScores[faces.Count];
    private readonly float[] _answer = new float[faces.Count * NumbersPerFace];

    public override ModelInfo Model => classifier.Model;

    public override ReadOnlySpan<float> Ask(in FrameView picture, CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < _regions.Length; i++)
        {
            _regions[i] = new FaceRegion(picture, faces[i]);
        }

        classifier.Classify(_regions, _scores, cancellationToken);

        // The regions hold the picture's memory; letting go of it is part of keeping the promise that nothing is retained.
        Array.Clear(_regions);
        for (int i = 0; i < _scores.Length; i++)
        {
            Span<float> numbers = _answer.AsSpan(i * NumbersPerFace, NumbersPerFace);
            _scores[i].CopyTo(numbers);
            (numbers[^2], numbers[^1]) = (_scores[i].Valence, _scores[i].Arousal);
        }

        return _answer;
    }

    public override PictureProbe ForAnotherThread() => new ClassifierProbe(classifier, faces);

    public override string Describe(int position)
    {
        int part = position % NumbersPerFace;
        string name = part switch
        {
            NumbersPerFace - 2 => "valence",
            NumbersPerFace - 1 => "arousal",
            _ => $"score of {(Emotion)part}",
        };
        return $"the {name} of face {(position / NumbersPerFace) + 1}";
    }
}
