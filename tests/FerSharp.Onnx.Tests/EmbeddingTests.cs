using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

public sealed class EmbeddingTests
{
    private static readonly FrameView[] Crops = [.. Enumerable.Range(0, 11).Select(i => SyntheticFrames.Noise(16 + i, 40 - i, seed: i))];

    private static readonly FaceRegion[] Faces = [.. Crops.Select(crop => FaceRegion.Whole(crop))];

    [Fact]
    public void Embed_SeveralFaces_EqualSinglesAndDiffer()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), MaxBatchSize = 4 });
        float[] all = new float[Faces.Length * classifier.EmbeddingLength];
        float[] one = new float[classifier.EmbeddingLength];

        classifier.Embed(Faces, all);

        Assert.Equal(32, classifier.EmbeddingLength);
        for (int i = 0; i < Faces.Length; i++)
        {
            classifier.Embed([Faces[i]], one);
            Assert.All(one, (value, k) => Assert.Equal(value, all[(i * one.Length) + k], 1e-5f));
        }

        Assert.Equal(Faces.Length, all.Chunk(one.Length).Select(row => row[0]).Distinct().Count());
    }

    [Fact]
    public void Embed_LongerDestination_LeavesTheRest()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        float[] values = new float[classifier.EmbeddingLength + 3];
        Array.Fill(values, -77);

        classifier.Embed([Faces[0]], values);

        Assert.Equal([-77, -77, -77], values.AsSpan()[^3..].ToArray());
        Assert.DoesNotContain(-77, values.AsSpan()[..^3].ToArray());
    }

    [Fact]
    public void Embed_WrongArguments_AreRefusedBeforeAnythingIsWritten()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        float[] values = new float[(2 * classifier.EmbeddingLength) - 1];

        Assert.Throws<ArgumentException>(() => classifier.Embed(Faces.AsSpan(0, 2), values));
        Assert.Throws<ArgumentException>(() => classifier.Embed([default], values));
        Assert.All(values, value => Assert.Equal(0, value));
        classifier.Embed([], []);
    }

    [Fact]
    public void Embed_ManifestWithoutEmbedding_SaysSo()
    {
        ModelPackage toy = ToyModels.Classifier();
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(toy with { Manifest = toy.Manifest with { Classifier = toy.Manifest.Classifier! with { Embedding = null } } });

        Assert.Equal(0, classifier.EmbeddingLength);
        Assert.Throws<InvalidOperationException>(() => classifier.Embed([Faces[0]], new float[64]));
    }

    [Fact]
    public void Load_EmbeddingThatTheGraphLacks_IsAFault()
    {
        ModelPackage toy = ToyModels.Classifier();
        var fault = Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(toy with { Manifest = toy.Manifest with { Classifier = toy.Manifest.Classifier! with { Embedding = "features" } } }));

        Assert.Contains("features", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embed_SteadyState_AllocatesNothing()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(ToyModels.Classifier());
        float[] values = new float[3 * classifier.EmbeddingLength];

        Assert.Equal(0, Steady.BytesOf(() => classifier.Embed(Faces.AsSpan(0, 3), values)));
    }
}
