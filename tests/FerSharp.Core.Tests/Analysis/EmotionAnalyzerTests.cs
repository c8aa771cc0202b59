using FerSharp.Testing;

namespace FerSharp.Core.Tests.Analysis;

public sealed class EmotionAnalyzerTests
{
    private static readonly EmotionScores Happy = new([0.1f, 0.9f, 0, 0, 0, 0, 0, 0]);

    [Fact]
    public void Analyze_NoFace_IsAnEmptyResult()
    {
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(), new FakeEmotionClassifier());
        FrameAnalysis analysis = analyzer.Analyze(SyntheticFrames.Blank(64, 48));
        Assert.Empty(analysis.Faces);
        Assert.Equal((64, 48), (analysis.Width, analysis.Height));
    }

    [Fact]
    public void Analyze_Scene_ReadsEachFace()
    {
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(), new FakeEmotionClassifier());
        FrameView scene = SyntheticFrames.FaceScene();
        IReadOnlyList<FaceEmotion> faces = analyzer.Analyze(scene).Faces;
        Assert.Equal(SyntheticFrames.SceneFaces.Count, faces.Count);
        Assert.Equal(analyzer.Detector.Detect(scene), faces.Select(face => face.Face));
        Assert.All(faces, face => Assert.Equal(analyzer.Classifier.Classify(new FaceRegion(scene, face.Face)), face.Scores));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Analyze_MaxFaces_TakesTheBest(int maxFaces)
    {
        FaceDetection[] many = [.. Enumerable.Range(0, 60).Select(i => new FaceDetection(new RectF(i, 0, 30, 30), 1 - (i / 100f)))];
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(many), new FakeEmotionClassifier(Happy), new EmotionAnalyzerOptions { MaxFaces = maxFaces });
        Assert.Equal(many[..maxFaces], analyzer.Analyze(SyntheticFrames.Noise(100, 100)).Faces.Select(face => face.Face));
    }

    [Fact]
    public void Analyze_ShortDestination_WritesNoMore()
    {
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(), new FakeEmotionClassifier());
        var results = new FaceEmotion[2];
        Assert.Equal(1, analyzer.Analyze(SyntheticFrames.FaceScene(), results.AsSpan(0, 1)));
        Assert.Equal(default, results[1]);
    }

    [Fact]
    public void Analyze_GoodFace_IsOk() => Assert.Equal((FaceOutcome.Ok, OutcomeReasons.None), Judge(SyntheticFrames.Noise(100, 100), new RectF(10, 10, 60, 60), Happy));

    [Fact]
    public void Analyze_SmallFace_IsLowQuality() =>
        Assert.Equal((FaceOutcome.LowQuality, OutcomeReasons.TooSmall), Judge(SyntheticFrames.Noise(100, 100), new RectF(10, 10, 60, 23), Happy));

    [Fact]
    public void Analyze_DarkFace_IsLowQuality()
    {
        byte[] dark = [.. SyntheticFrames.Noise(100, 100, format: PixelFormat.Gray8).Pixels.ToArray().Select(value => (byte)(value / 32))];
        (FaceOutcome outcome, OutcomeReasons reasons) = Judge(new FrameView(dark, 100, 100, PixelFormat.Gray8), new RectF(10, 10, 60, 60), Happy);
        Assert.Equal(FaceOutcome.LowQuality, outcome);
        Assert.True(reasons.HasFlag(OutcomeReasons.TooDark));
    }

    [Fact]
    public void Analyze_SmoothFace_IsLowQuality() =>
        Assert.Equal((FaceOutcome.LowQuality, OutcomeReasons.TooBlurred), Judge(SyntheticFrames.Gradient(100, 100), new RectF(10, 10, 60, 60), Happy));

    [Fact]
    public void Analyze_LowTopScore_IsUncertain() =>
        Assert.Equal((FaceOutcome.Uncertain, OutcomeReasons.LowTopScore), Judge(SyntheticFrames.Noise(100, 100), new RectF(10, 10, 60, 60), new EmotionScores([0.3f, 0.3f, 0.4f, 0, 0, 0, 0, 0])));

    [Fact]
    public void Analyze_SmallAndUnsure_GivesBothReasons() => Assert.Equal(
        (FaceOutcome.LowQuality, OutcomeReasons.TooSmall | OutcomeReasons.LowTopScore),
        Judge(SyntheticFrames.Noise(100, 100), new RectF(10, 10, 20, 20), new EmotionScores([0.3f, 0.3f, 0.4f, 0, 0, 0, 0, 0])));

    [Fact]
    public void Analyze_ChecksSwitchedOff_EverythingIsOk()
    {
        var options = new EmotionAnalyzerOptions { MinFaceSize = 0, MinBrightness = 0, MinSharpness = 0, MinTopScore = 0 };
        Assert.Equal((FaceOutcome.Ok, OutcomeReasons.None), Judge(SyntheticFrames.Blank(100, 100), new RectF(10, 10, 4, 4), new EmotionScores([0.3f, 0.3f, 0.4f, 0, 0, 0, 0, 0]), options));
    }

    [Fact]
    public void Options_ChangedLater_HaveNoEffect()
    {
        var options = new EmotionAnalyzerOptions();
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(new FaceDetection(new RectF(10, 10, 60, 60), 1)), new FakeEmotionClassifier(Happy), options);
        options.MinFaceSize = 1000;
        Assert.Equal(FaceOutcome.Ok, analyzer.Analyze(SyntheticFrames.Noise(100, 100)).Faces[0].Outcome);
    }

    [Fact]
    public void Options_OutOfRange_AreAllListed()
    {
        var options = new EmotionAnalyzerOptions { MaxFaces = 0, MinFaceSize = -1, MinBrightness = 300, MinSharpness = float.NaN, MinTopScore = 2 };
        ArgumentException e = Assert.Throws<ArgumentException>("options", () => new EmotionAnalyzer(new FakeFaceDetector(), new FakeEmotionClassifier(), options));
        Assert.All(
            [nameof(options.MaxFaces), nameof(options.MinFaceSize), nameof(options.MinBrightness), nameof(options.MinSharpness), nameof(options.MinTopScore)],
            name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_OwnedModels_AreDisposed(bool owns)
    {
        var detector = new FakeFaceDetector();
        var classifier = new FakeEmotionClassifier();
        new EmotionAnalyzer(detector, classifier, ownsModels: owns).Dispose();
        Assert.Equal((owns, owns), (detector.IsDisposed, classifier.IsDisposed));
    }

    [Fact]
    public void Analyze_CancelledOrEmpty_Throws()
    {
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(), new FakeEmotionClassifier());
        Assert.ThrowsAny<OperationCanceledException>(() => analyzer.Analyze(SyntheticFrames.FaceScene(), new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>(() => analyzer.Analyze(default(FrameView)));
    }

    [Fact]
    public void Analyze_SteadyState_AllocatesNothing()
    {
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(new FaceDetection(new RectF(1, 1, 30, 30), 1), new FaceDetection(new RectF(50, 50, 30, 30), 0.9f)), new FakeEmotionClassifier(Happy));
        FrameView scene = SyntheticFrames.Noise(640, 480);
        var results = new FaceEmotion[64];
        for (int i = 0; i < 100; i++)
        {
            analyzer.Analyze(scene, results);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            analyzer.Analyze(scene, results);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (FaceOutcome Outcome, OutcomeReasons Reasons) Judge(FrameView frame, RectF box, EmotionScores scores, EmotionAnalyzerOptions? options = null)
    {
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(new FaceDetection(box, 1)), new FakeEmotionClassifier(scores), options);
        FaceEmotion face = Assert.Single(analyzer.Analyze(frame).Faces);
        return (face.Outcome, face.Reasons);
    }
}
