using FerSharp.Graphs;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

public sealed class InferenceFaultTests
{
    private static readonly FrameView Picture = SyntheticFrames.Noise(40, 40);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Classify_NetworkGivesNoNumbers_SaysSo(float value)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(TestModels.ConstantClassifier([.. Enumerable.Repeat(value, TestModels.LabelCount)]));
        FerInferenceException exception = Assert.Throws<FerInferenceException>(() => classifier.Classify(FaceRegion.Whole(Picture)));
        Assert.Contains("NaN or infinite", exception.Message, StringComparison.Ordinal);
        Assert.Equal("toy-classifier-7", exception.ModelId);
    }

    [Fact]
    public void Classify_OneOutputIsNaN_IsNoReading()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(TestModels.ConstantClassifier(1, 2, float.NaN, 0, 0, 0, 0));
        Assert.Throws<FerInferenceException>(() => classifier.Classify(FaceRegion.Whole(Picture)));
    }

    [Fact]
    public void Classify_AfterAFault_ReturnsItsContext()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = TestModels.ConstantClassifier([.. Enumerable.Repeat(float.NaN, 7)]), MaxConcurrency = 1 });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<FerInferenceException>(() => classifier.Classify(FaceRegion.Whole(Picture), patience.Token));
        }
    }

    [Fact]
    public void Detect_NetworkGivesNaN_IsNoEmptyPicture()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(TestModels.UniformDetector(float.NaN));
        FerInferenceException exception = Assert.Throws<FerInferenceException>(() => detector.Detect(Picture));
        Assert.Contains("NaN", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detect_NetworkGivesNaNInOneCell_KeepsTheOthers()
    {
        float[] cells = new float[80 * 15];
        (cells[0], cells[15]) = (float.NaN, 0.9f);
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(TestModels.ConstantDetector(64, 64, ToyModels.Detector().Manifest.Detector!, cells));
        Assert.Equal(0.9f, Assert.Single(detector.Detect(Picture)).Score);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Detect_LandmarksThatAreNoNumbers_AreNoLandmarks(float value)
    {
        float[] cells = new float[80 * 15];
        (cells[0], cells[9]) = (0.9f, value);
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(TestModels.ConstantDetector(64, 64, ToyModels.Detector().Manifest.Detector!, cells));
        Assert.True(Assert.Single(detector.Detect(Picture)).Landmarks.IsEmpty);
    }

    [Fact]
    public void Detect_BoxesThatAreNoNumbers_AreNoFaces()
    {
        // A score of 1 and a box whose size overflows.
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(TestModels.UniformDetector(1000));
        Assert.Empty(detector.Detect(Picture));
    }

    [Fact]
    public void Classify_GraphWithABatchOfOneInside_ReadsFacesOneByOne()
    {
        ModelPackage model = TestModels.Classifier(graph =>
        {
            string pixels = graph.Reshape(graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16), 1, 256);
            graph.Output("logits", graph.Gemm(pixels, graph.Initializer("weights", new float[7 * 256], 7, 256)), OnnxElementType.Float32, "N", 7);
        });
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(model);
        FaceRegion face = FaceRegion.Whole(Picture);
        Assert.False(classifier.Classify(face).IsEmpty);
        var scores = new EmotionScores[3];
        classifier.Classify([face, face, face], scores);
        Assert.All(scores, reading => Assert.Equal(classifier.Classify(face), reading));
    }
}
