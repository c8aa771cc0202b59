using FerSharp.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Testing.Tests;

public sealed class OnnxWriterTests
{
    private static readonly float[] Four = [1, -2, 3, 4];

    [Fact]
    public void Conv_WithStrideAndPadding_SumsTheWindow()
    {
        float[] y = OnnxSession.Run((w, x) => w.Conv(x, w.Initializer("k", [1f, 1, 1, 1, 1, 1, 1, 1, 1], 1, 1, 3, 3), w.Initializer("b", [0.5f], 1), stride: 2, padding: 1),
            [1, 2, 3, 4, 5, 6, 7, 8, 9], 1, 3, 3, "N", 1, 2, 2);
        Assert.Equal([12.5f, 16.5f, 24.5f, 28.5f], y);
    }

    [Fact]
    public void Conv_WithGroups_KeepsChannelsApart() =>
        Assert.Equal([2f, -4, 9, 12], OnnxSession.Run((w, x) => w.Conv(x, w.Initializer("k", [2f, 3], 2, 1, 1, 1), groups: 2), Four, 2, 1, 2, "N", 2, 1, 2));

    [Fact]
    public void Relu_NegativeValues_AreZero() => Assert.Equal([1f, 0, 3, 4], OnnxSession.Run((w, x) => w.Relu(x), Four, 1, 2, 2, "N", 1, 2, 2));

    [Fact]
    public void Sigmoid_Zero_IsOneHalf() => Assert.Equal([0.5f], OnnxSession.Run((w, x) => w.Sigmoid(x), [0], 1, 1, 1, "N", 1, 1, 1));

    [Fact]
    public void MaxPool_TwoByTwo_TakesTheMaximum() => Assert.Equal([4f], OnnxSession.Run((w, x) => w.MaxPool(x, 2, 2), Four, 1, 2, 2, "N", 1, 1, 1));

    [Fact]
    public void AveragePool_TwoByTwo_TakesTheMean() => Assert.Equal([1.5f], OnnxSession.Run((w, x) => w.AveragePool(x, 2, 2), Four, 1, 2, 2, "N", 1, 1, 1));

    [Fact]
    public void GlobalAveragePool_TwoChannels_TakesTheMeanOfEach() => Assert.Equal([-0.5f, 3.5f], OnnxSession.Run((w, x) => w.GlobalAveragePool(x), Four, 2, 1, 2, "N", 2, 1, 1));

    [Fact]
    public void Gemm_OnFlattened_MultipliesByTheTransposedWeights() =>
        Assert.Equal([11f, 9], OnnxSession.Run((w, x) => w.Gemm(w.Flatten(x), w.Initializer("w", [1f, 1, 1, 2, 0, 0, 3, 0], 2, 4), w.Initializer("b", [1f, 0], 2)), Four, 1, 2, 2, "N", 2));

    [Fact]
    public void Softmax_EqualValues_ShareEvenly() => Assert.Equal([0.5f, 0.5f], OnnxSession.Run((w, x) => w.Softmax(w.Flatten(x)), [7, 7], 2, 1, 1, "N", 2));

    [Fact]
    public void Transpose_ThenReshape_ReordersTheValues() =>
        Assert.Equal([1f, 3, -2, 4], OnnxSession.Run((w, x) => w.Reshape(w.Transpose(x, 0, 2, 3, 1), 1, -1), Four, 2, 1, 2, 1, 4));

    [Fact]
    public void Concat_AlongChannels_JoinsThem() => Assert.Equal([5f, 5], OnnxSession.Run((w, x) => w.Concat(1, x, x), [5], 1, 1, 1, "N", 2, 1, 1));

    [Fact]
    public void QuantizeThenDequantize_RoundsToTheScale() =>
        Assert.Equal([0.5f, -0.5f], OnnxSession.Run((w, x) =>
        {
            string scale = w.Initializer("scale", [0.5f]);
            string zero = w.Initializer<sbyte>("zero", [0]);
            return w.DequantizeLinear(w.QuantizeLinear(x, scale, zero), scale, zero);
        }, [0.6f, -0.4f], 1, 1, 2, "N", 1, 1, 2));

    [Fact]
    public void Node_WithSeveralOutputs_NamesThemAll() => Assert.Equal([3f, 4], OnnxSession.Run((w, x) =>
        w.Node("Split", [x, w.Initializer<long>("sizes", [1, 1], 2)], 2, OnnxAttribute.Int("axis", 1))[1], Four, 2, 1, 2, "N", 1, 1, 2));

    [Fact]
    public void Node_WithOptionalInputLeftOut_Loads() =>
        Assert.Equal([1f, -2, 2, 2], OnnxSession.Run((w, x) => w.Node("Clip", [x, "", w.Initializer("max", [2f])]), Four, 1, 2, 2, "N", 1, 2, 2));

    [Fact]
    public void Attributes_OfEveryKind_ReachTheOperator() => Assert.Equal([1f, -1, 3, 4], OnnxSession.Run((w, x) =>
        w.Node("LeakyRelu", [x], OnnxAttribute.Float("alpha", 0.5f)), Four, 1, 2, 2, "N", 1, 2, 2));

    [Fact]
    public void Metadata_TravelsWithTheModel()
    {
        var writer = new OnnxWriter("test") { Metadata = { ["trained-on"] = "nothing" } };
        writer.Output("y", writer.Relu(writer.Input("x", OnnxElementType.Float32, 1)), OnnxElementType.Float32, 1);
        using var session = new OnnxSession(writer.ToArray());
        Assert.Equal("nothing", session.Session.ModelMetadata.CustomMetadataMap["trained-on"]);
    }

    [Fact]
    public void Input_WithANamedDimension_IsDynamic()
    {
        var writer = new OnnxWriter("test");
        writer.Output("y", writer.Relu(writer.Input("x", OnnxElementType.Float32, "N", 3)), OnnxElementType.Float32, "N", 3);
        using var session = new OnnxSession(writer.ToArray());
        NodeMetadata input = session.Session.InputMetadata["x"];
        Assert.Equal([-1, 3], input.Dimensions);
        Assert.Equal("N", input.SymbolicDimensions[0]);
    }

    [Fact]
    public void Node_WithAnUnknownInput_IsRefused() => Assert.Throws<ArgumentException>(() => new OnnxWriter("test").Relu("nothing"));

    [Fact]
    public void Input_WithATakenName_IsRefused()
    {
        var writer = new OnnxWriter("test");
        writer.Input("x", OnnxElementType.Float32, 1);
        Assert.Throws<ArgumentException>(() => writer.Input("x", OnnxElementType.Float32, 1));
    }

    [Fact]
    public void Initializer_WithTheWrongShape_IsRefused() => Assert.Throws<ArgumentException>(() => new OnnxWriter("test").Initializer("w", Four, 3));

    [Fact]
    public void Initializer_WithATypeUnknownToOnnx_IsRefused() => Assert.Throws<ArgumentException>(() => new OnnxWriter("test").Initializer<char>("w", ['a'], 1));

    [Fact]
    public void ToArray_WithoutAnOutput_IsRefused() => Assert.Throws<InvalidOperationException>(() => new OnnxWriter("test").ToArray());
}
