namespace FerSharp.Testing;

/// <summary>Reads one face; what a <see cref="FakeEmotionClassifier"/> is made of.</summary>
/// <param name="face">The face, borrowed.</param>
public delegate EmotionScores FaceReader(in FaceRegion face);

/// <summary>A classifier without a model that keeps every promise of <see cref="IEmotionClassifier"/>, as far as its callback does.</summary>
/// <remarks>
/// It checks arguments, token and disposal. Thread-safe if the callback is. By itself it reads the pixels of the face's box in a fixed way
/// that means nothing, but gives other scores for other faces.
/// </remarks>
public sealed class FakeEmotionClassifier : IEmotionClassifier
{
    private readonly FaceReader _read;
    private int _faces;
    private volatile bool _disposed;

    /// <summary>Makes a classifier whose scores depend on the pixels.</summary>
    /// <param name="emotions">The expressions it knows; <see cref="EmotionSet.Basic"/> where not given.</param>
    /// <exception cref="ArgumentException"><paramref name="emotions"/> is empty.</exception>
    public FakeEmotionClassifier(EmotionSet? emotions = null)
    {
        EmotionSet known = emotions ?? EmotionSet.Basic;
        Model = FakeModels.Classifier(known);
        _read = (in FaceRegion face) => SyntheticVision.Read(face, known);
    }

    /// <summary>Makes a classifier that reads every face the same.</summary>
    /// <param name="scores">The reading.</param>
    /// <exception cref="ArgumentException"><paramref name="scores"/> is empty (default).</exception>
    public FakeEmotionClassifier(EmotionScores scores)
        : this((in FaceRegion _) => scores)
    {
        if (scores.IsEmpty)
        {
            throw new ArgumentException("The scores are empty (default): a reading has probabilities.", nameof(scores));
        }
    }

    /// <summary>Makes a classifier from a callback.</summary>
    /// <param name="read">Reads one face.</param>
    /// <param name="emotions">The expressions it knows; all eight where not given.</param>
    /// <exception cref="ArgumentNullException"><paramref name="read"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="emotions"/> is empty.</exception>
    public FakeEmotionClassifier(FaceReader read, EmotionSet? emotions = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        Model = FakeModels.Classifier(emotions ?? EmotionSet.All);
        _read = read;
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; init; }

    /// <summary>How many faces were read.</summary>
    public int Faces => Volatile.Read(ref _faces);

    /// <summary>Whether the classifier is disposed.</summary>
    public bool IsDisposed => _disposed;

    /// <inheritdoc/>
    public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ClassifyArguments.Check(faces, destination);
        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < faces.Length; i++)
        {
            destination[i] = _read(faces[i]);
        }

        Interlocked.Add(ref _faces, faces.Length);
    }

    /// <summary>Ends the classifier's life; harmless when repeated.</summary>
    public void Dispose() => _disposed = true;
}
