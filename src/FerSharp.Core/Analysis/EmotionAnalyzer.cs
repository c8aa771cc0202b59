using System.Buffers;
using FerSharp.Diagnostics;

namespace FerSharp;

/// <summary>Finds the faces of a picture, reads their expressions in one batch, and says of each reading whether it can be used.</summary>
/// <remarks>
/// Thread-safe as its detector and classifier are. Allocates nothing per picture in the steady state when results go to a span. Results are
/// readings of expressions, not statements about what people feel.
/// </remarks>
public sealed class EmotionAnalyzer : IDisposable
{
    private const int StackFaces = 32;
    private readonly EmotionAnalyzerOptions _options;
    private readonly FaceQualityMeter _quality = new();
    private readonly bool _ownsModels;

    /// <summary>Puts a detector and a classifier together.</summary>
    /// <param name="detector">Finds the faces.</param>
    /// <param name="classifier">Reads their expressions.</param>
    /// <param name="options">Thresholds; read now, later changes have no effect. Null means the defaults.</param>
    /// <param name="ownsModels">Whether disposing the analyzer disposes detector and classifier.</param>
    /// <exception cref="ArgumentNullException"><paramref name="detector"/> or <paramref name="classifier"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    public EmotionAnalyzer(IFaceDetector detector, IEmotionClassifier classifier, EmotionAnalyzerOptions? options = null, bool ownsModels = false)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(classifier);
        options ??= new EmotionAnalyzerOptions();
        IReadOnlyList<string> faults = options.Validate();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }

        Detector = detector;
        Classifier = classifier;
        _options = options.Clone();
        _ownsModels = ownsModels;
    }

    /// <summary>The detector.</summary>
    public IFaceDetector Detector { get; }

    /// <summary>The classifier.</summary>
    public IEmotionClassifier Classifier { get; }

    /// <summary>Analyses a picture and writes the faces, best detection first.</summary>
    /// <param name="frame">The picture, borrowed for the call.</param>
    /// <param name="destination">Receives at most its length of faces (and at most <see cref="EmotionAnalyzerOptions.MaxFaces"/>); entries past the count are left as they were.</param>
    /// <param name="cancellationToken">Checked before each step.</param>
    /// <returns>How many faces were written; no face is 0.</returns>
    /// <exception cref="ArgumentException"><paramref name="frame"/> is empty.</exception>
    /// <exception cref="ObjectDisposedException">Detector or classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">A model's run failed.</exception>
    public int Analyze(in FrameView frame, Span<FaceEmotion> destination, CancellationToken cancellationToken = default)
    {
        int capacity = Math.Min(destination.Length, _options.MaxFaces);
        if (capacity <= StackFaces)
        {
            return Analyze(frame, stackalloc FaceDetection[capacity], stackalloc EmotionScores[capacity], destination, cancellationToken);
        }

        FaceDetection[] faces = ArrayPool<FaceDetection>.Shared.Rent(capacity);
        EmotionScores[] scores = ArrayPool<EmotionScores>.Shared.Rent(capacity);
        try
        {
            return Analyze(frame, faces.AsSpan(0, capacity), scores.AsSpan(0, capacity), destination, cancellationToken);
        }
        finally
        {
            ArrayPool<FaceDetection>.Shared.Return(faces);
            ArrayPool<EmotionScores>.Shared.Return(scores);
        }
    }

    /// <summary>Analyses a picture and returns what was found. Allocates the result; for streams use the span method.</summary>
    /// <param name="frame">The picture, borrowed for the call.</param>
    /// <param name="cancellationToken">Checked before each step.</param>
    /// <exception cref="ArgumentException"><paramref name="frame"/> is empty.</exception>
    /// <exception cref="ObjectDisposedException">Detector or classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">A model's run failed.</exception>
    public FrameAnalysis Analyze(in FrameView frame, CancellationToken cancellationToken = default)
    {
        FaceEmotion[] faces = ArrayPool<FaceEmotion>.Shared.Rent(_options.MaxFaces);
        try
        {
            int count = Analyze(frame, faces.AsSpan(0, _options.MaxFaces), cancellationToken);
            return new FrameAnalysis(frame.Width, frame.Height, faces[..count]);
        }
        finally
        {
            ArrayPool<FaceEmotion>.Shared.Return(faces);
        }
    }

    /// <summary>Analyses the frames of a source as they come, and gives the results in the order of the frames.</summary>
    /// <remarks>
    /// <para>The source is read in the background into a queue of bounded length. Where frames come faster than they are analysed, a live source drops
    /// the oldest that waits, and any other waits: see <see cref="StreamOptions"/>. Several streams may run on one analyzer at the same time.</para>
    /// <para>Faces are followed: each gets its track's number (<see cref="FaceEmotion.TrackId"/>) and a steadied reading (<see cref="FaceEmotion.Smoothed"/>),
    /// by a <see cref="FaceTracker"/> and an <see cref="EmotionSmoother"/> of the stream's own or those in the options.</para>
    /// <para>Each frame is disposed when it is analysed or dropped. Breaking off, cancelling and exceptions end the reading and the analysis, and
    /// return once both have ended and every frame is disposed: that takes at most as long as one analysis and the source's own end.</para>
    /// <para>An exception of the source comes after the results of the frames before it; one of a model comes in the place of its frame. The
    /// source is not disposed: it belongs to the caller.</para>
    /// </remarks>
    /// <param name="source">The frames. It can be read once, so each stream needs its own.</param>
    /// <param name="options">How to run; read now, later changes have no effect. Null means the defaults.</param>
    /// <param name="cancellationToken">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One result for each frame that is not dropped; to be enumerated once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="InvalidOperationException">The source was read before, or another stream runs with the same tracker or smoother.</exception>
    /// <exception cref="ObjectDisposedException">The source, detector or classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">A model's run failed.</exception>
    public IAsyncEnumerable<StreamResult> AnalyzeAsync(IFrameSource source, StreamOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        options = (options ?? new StreamOptions()).Clone();
        IReadOnlyList<string> faults = options.Validate();
        return faults.Count > 0
            ? throw new ArgumentException(string.Join(" ", faults), nameof(options))
            : AnalysisStream.RunAsync(this, source, options, Math.Min(options.MaxFaces ?? int.MaxValue, _options.MaxFaces), cancellationToken);
    }

    /// <summary>Disposes detector and classifier where the analyzer owns them.</summary>
    public void Dispose()
    {
        if (_ownsModels)
        {
            Detector.Dispose();
            Classifier.Dispose();
        }
    }

    /// <summary>Reads the expressions of faces whose places are known, as <see cref="Analyze(in FrameView, Span{FaceEmotion}, CancellationToken)"/> does once it has detected them.</summary>
    /// <param name="frame">The picture, borrowed.</param>
    /// <param name="faces">The faces; each touches the picture.</param>
    /// <param name="scores">Room for as many scores; overwritten.</param>
    /// <param name="destination">Receives as many readings.</param>
    /// <param name="cancellationToken">Checked by the classifier.</param>
    internal void Read(in FrameView frame, ReadOnlySpan<FaceDetection> faces, Span<EmotionScores> scores, Span<FaceEmotion> destination, CancellationToken cancellationToken)
    {
        Classifier.Classify(frame, faces, scores, cancellationToken);
        FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
        for (int i = 0; i < faces.Length; i++)
        {
            FaceQuality quality = _quality.Measure(frame, faces[i].Box);
            OutcomeReasons reasons = Judge(quality);
            FaceOutcome outcome = reasons == OutcomeReasons.None ? FaceOutcome.Ok : FaceOutcome.LowQuality;
            if (scores[i].TopScore < _options.MinTopScore)
            {
                reasons |= OutcomeReasons.LowTopScore;
                outcome = outcome == FaceOutcome.Ok ? FaceOutcome.Uncertain : outcome;
            }

            destination[i] = new FaceEmotion(faces[i], scores[i], outcome, reasons, quality);
        }

        stages.End(FerSharpDiagnostics.Quality);
    }

    private int Analyze(in FrameView frame, Span<FaceDetection> faces, Span<EmotionScores> scores, Span<FaceEmotion> destination, CancellationToken cancellationToken)
    {
        int count = Detector.Detect(frame, faces, cancellationToken);
        Read(frame, faces[..count], scores, destination, cancellationToken);
        return count;
    }

    private OutcomeReasons Judge(in FaceQuality quality) =>
        (quality.Size < _options.MinFaceSize ? OutcomeReasons.TooSmall : OutcomeReasons.None)
        | (quality.Brightness < _options.MinBrightness ? OutcomeReasons.TooDark : OutcomeReasons.None)
        | (quality.Sharpness < _options.MinSharpness ? OutcomeReasons.TooBlurred : OutcomeReasons.None);
}
