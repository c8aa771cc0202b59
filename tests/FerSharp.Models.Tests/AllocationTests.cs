using FerSharp.Onnx;

namespace FerSharp.Models.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void Detect_EmbeddedModelOnceWarm_AllocatesNothing()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Small));
        var faces = new FaceDetection[16];
        FrameView picture = AverageFaces.Picture;
        Assert.NotEqual(0, detector.Detect(picture, faces));
        Assert.Equal(0, Steady.BytesOf(() => detector.Detect(picture, faces)));
    }

    [Theory]
    [InlineData(1, 250)]
    [InlineData(3, 80)]
    [InlineData(8, 30)]
    [InlineData(20, 20)]
    public void Classify_EmbeddedModelOnceWarm_AllocatesNothing(int count, int calls)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        FaceRegion[] faces = [.. Enumerable.Range(0, count).Select(i => new FaceRegion(AverageFaces.Picture, AverageFaces.Faces[i % AverageFaces.Faces.Count]))];
        var scores = new EmotionScores[count];
        Assert.Equal(0, Steady.BytesOf(() => classifier.Classify(faces, scores), calls));
    }

    [Fact]
    public void Analyze_EmbeddedModelsOnceWarm_AllocatesNothing()
    {
        using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer(detectorSize: DetectorSize.Small);
        var faces = new FaceEmotion[16];
        FrameView picture = AverageFaces.Picture;
        Assert.NotEqual(0, analyzer.Analyze(picture, faces));
        Assert.Equal(0, Steady.BytesOf(() => analyzer.Analyze(picture, faces), calls: 50));
    }
}
