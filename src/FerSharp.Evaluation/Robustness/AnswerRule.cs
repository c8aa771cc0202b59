namespace FerSharp.Evaluation;

/// <summary>Whether the library would answer for a face that was read already.</summary>
/// <remarks>
/// The rule is not written here a second time, nor taken from the inside of <see cref="EmotionAnalyzer"/>: the analyzer itself is run, with a
/// detector and a classifier that give back what is known. So the outcome is what users see, whatever becomes of the rule, and a picture is
/// read once. An analyzer of its own for each thread keeps the known face apart.
/// </remarks>
internal sealed class AnswerRule : IDisposable
{
    private readonly ThreadLocal<(Known Known, EmotionAnalyzer Analyzer)> _analyzers;

    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    public AnswerRule(ModelInfo model, EmotionAnalyzerOptions options)
    {
        _analyzers = new ThreadLocal<(Known, EmotionAnalyzer)>(() =>
        {
            var known = new Known(model);
            return (known, new EmotionAnalyzer(known, known, options));
        });
        _ = _analyzers.Value;
    }

    public OutcomeReasons Judge(in FaceRegion face, in EmotionScores scores)
    {
        (Known known, EmotionAnalyzer analyzer) = _analyzers.Value;
        known.Face = face.Face;
        known.Scores = scores;
        Span<FaceEmotion> judged = [default];
        analyzer.Analyze(face.Frame, judged);
        return judged[0].Reasons;
    }

    public void Dispose() => _analyzers.Dispose();

    private sealed class Known(ModelInfo model) : IFaceDetector, IEmotionClassifier
    {
        public ModelInfo Model { get; } = model;

        public FaceDetection Face { get; set; }

        public EmotionScores Scores { get; set; }

        public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
        {
            destination[0] = Face;
            return 1;
        }

        public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default) => destination[0] = Scores;

        public void Dispose()
        {
        }
    }
}
