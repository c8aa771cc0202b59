using FerSharp.Graphs;
using FerSharp.Onnx;
using FerSharp.Testing;

namespace FerSharp.MLNet.Tests;

/// <summary>Two runtimes that share only the pixels' way and the decoders must agree on every number.</summary>
public sealed class ParityTests
{
    private const float Tolerance = 1e-4f;

    [Fact]
    public void Classify_EmbeddedModelOnGeneratedFaces_EqualsOnnxRuntime()
    {
        FaceRegion[] faces =
        [
            .. Enumerable.Range(0, 100).Select(i => FaceRegion.Whole(SyntheticFrames.Noise(20 + i, 120 - i, i))),
            .. SyntheticFrames.SceneFaces.Select(face => new FaceRegion(SyntheticFrames.FaceScene(), new FaceDetection(face.Box, 1, SyntheticFace.Landmarks(face.Box)))),
        ];
        ExpectSame(EmbeddedModels.EmotionClassifier, faces);
    }

    [Fact]
    public void Classify_EmbeddedModelOnThousandFacesOfFer2013_EqualsOnnxRuntime() =>
        ExpectSame(EmbeddedModels.EmotionClassifier, [.. Fer2013.PublicTest.Take(1000).Select(sample => FaceRegion.Whole(sample.Picture))]);

    [Theory]
    [InlineData(ChannelOrder.Rgb)]
    [InlineData(ChannelOrder.Bgr)]
    [InlineData(ChannelOrder.Gray)]
    public void Classify_ToyModelOfEachOrder_EqualsOnnxRuntime(ChannelOrder order) =>
        ExpectSame(ToyModels.Classifier(order, withContempt: true), [.. Enumerable.Range(0, 20).Select(i => FaceRegion.Whole(SyntheticFrames.Noise(30, 30, i)))]);

    [Fact]
    public void Classify_ChannelsLast_EqualsOnnxRuntime()
    {
        var graph = new OnnxWriter("channels-last");
        string pixels = graph.Flatten(graph.Input("input", OnnxElementType.Float32, "N", 16, 16, 3));
        float[] weights = [.. Enumerable.Range(0, 7 * 768).Select(i => MathF.Sin(i * 0.7f) * 0.1f)];
        graph.Output("logits", graph.Gemm(pixels, graph.Initializer("weights", weights, 7, 768)), OnnxElementType.Float32, "N", 7);
        ModelPackage toy = ToyModels.Classifier(ChannelOrder.Rgb);
        ModelManifest manifest = toy.Manifest with { Input = toy.Manifest.Input with { Layout = TensorLayout.Nhwc }, Classifier = toy.Manifest.Classifier! with { Embedding = null } };
        ExpectSame(new ModelPackage(manifest, graph.ToArray()), [.. Enumerable.Range(0, 20).Select(i => FaceRegion.Whole(SyntheticFrames.Noise(30, 30, i)))]);
    }

    [Fact]
    public void Embed_EmbeddedModel_EqualsOnnxRuntime()
    {
        using OnnxEmotionClassifier onnx = OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        using MLNetFaceEmbedder mlnet = MLNetFaceEmbedder.Load(EmbeddedModels.EmotionClassifier);
        FaceRegion[] faces = [.. Enumerable.Range(0, 20).Select(i => FaceRegion.Whole(SyntheticFrames.Noise(48, 48, i)))];
        float[] expected = new float[faces.Length * onnx.EmbeddingLength], actual = new float[faces.Length * mlnet.Length];
        onnx.Embed(faces, expected);
        mlnet.Extract(faces, actual);
        Assert.Equal(onnx.EmbeddingLength, mlnet.Length);
        Assert.All(actual, (value, i) => Assert.Equal(expected[i], value, 1e-4f * MathF.Max(1, MathF.Abs(expected[i]))));
    }

    [Theory]
    [InlineData(DetectorSize.Small)]
    [InlineData(DetectorSize.Large)]
    public void Detect_EmbeddedModel_EqualsOnnxRuntime(DetectorSize size)
    {
        using OnnxFaceDetector onnx = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = EmbeddedModels.FaceDetector(size), ScoreThreshold = 0.05f });
        using MLNetFaceDetector mlnet = MLNetFaceDetector.Load(new MLNetFaceDetectorOptions { Model = EmbeddedModels.FaceDetector(size), ScoreThreshold = 0.05f });
        FrameView picture = AverageFaces.Picture;
        FaceDetection[] expected = onnx.Detect(picture), actual = mlnet.Detect(picture);
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Score, actual[i].Score, Tolerance);
            Assert.Equal(expected[i].Box.X, actual[i].Box.X, 0.05f);
            Assert.Equal(expected[i].Box.Bottom, actual[i].Box.Bottom, 0.05f);
        }
    }

    private static void ExpectSame(ModelPackage model, FaceRegion[] faces)
    {
        using OnnxEmotionClassifier onnx = OnnxEmotionClassifier.Load(model);
        using MLNetEmotionClassifier mlnet = MLNetEmotionClassifier.Load(model);
        EmotionScores[] expected = new EmotionScores[faces.Length], actual = new EmotionScores[faces.Length];
        onnx.Classify(faces, expected);
        mlnet.Classify(faces, actual);
        float worst = 0;
        for (int i = 0; i < faces.Length; i++)
        {
            foreach (Emotion emotion in Enum.GetValues<Emotion>())
            {
                worst = MathF.Max(worst, MathF.Abs(expected[i][emotion] - actual[i][emotion]));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{faces.Length} faces, largest difference {worst}");
        Assert.InRange(worst, 0, Tolerance);
    }
}
