using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

public sealed class AllocationTests
{
    private static readonly FrameView Scene = SyntheticFrames.FaceScene();

    [Fact]
    public void Detect_OnceWarm_AllocatesNothing()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
        var faces = new FaceDetection[16];
        Assert.Equal(3, detector.Detect(Scene, faces));
        Assert.Equal(0, Steady.BytesOf(() => detector.Detect(Scene, faces)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(20)]
    public void Classify_OnceWarm_AllocatesNothing(int count)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        FaceRegion[] faces = [.. Enumerable.Range(0, count).Select(i => new FaceRegion(Scene, new FaceDetection(SyntheticFrames.SceneFaces[i % 3].Box, 1)))];
        var scores = new EmotionScores[count];
        Assert.Equal(0, Steady.BytesOf(() => classifier.Classify(faces, scores)));
        Assert.All(scores, reading => Assert.False(reading.IsEmpty));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(100)]
    public void Analyze_OnceWarm_AllocatesNothing(int capacity)
    {
        using var analyzer = new EmotionAnalyzer(
            OnnxFaceDetector.Load(ToyModels.Detector()), OnnxEmotionClassifier.Load(ToyModels.Classifier()), new EmotionAnalyzerOptions { MaxFaces = 100 }, ownsModels: true);
        var faces = new FaceEmotion[capacity];
        Assert.Equal(3, analyzer.Analyze(Scene, faces));
        Assert.Equal(0, Steady.BytesOf(() => analyzer.Analyze(Scene, faces)));
    }

    [Fact]
    public void Calls_WithALiveToken_AllocateNothing()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        using var cancellation = new CancellationTokenSource();
        CancellationToken token = cancellation.Token;
        var faces = new FaceDetection[8];
        var scores = new EmotionScores[8];
        Assert.Equal(0, Steady.BytesOf(() => classifier.Classify(Scene, faces.AsSpan(0, detector.Detect(Scene, faces, token)), scores, token)));
    }
}
