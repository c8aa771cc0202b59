using FerSharp.Graphs;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

/// <summary>Graphs that do not fit their manifests: each is refused with a message that says what to change.</summary>
public sealed class GraphMismatchTests
{
    [Fact]
    public void Load_OtherInputName_NamesTheGraphsInputs() =>
        Assert.Equal("input.name: the graph has no input 'picture'; it has input.", OneFaultOf(ToyModels.Classifier().WithInput(input => input with { Name = "picture" })));

    [Fact]
    public void Load_OtherInputSize_ShowsBothShapes() =>
        Assert.Equal("input: the manifest says [N, 1, 16, 32] (Nchw), the graph says [N, 1, 16, 16].", OneFaultOf(ToyModels.Classifier().WithInput(input => input with { Width = 32 })));

    [Fact]
    public void Load_OtherChannels_ShowsBothShapes() =>
        Assert.Contains("[N, 3, 16, 16]", OneFaultOf(ToyModels.Classifier().WithInput(input => input with { Channels = 3, Order = ChannelOrder.Rgb })), StringComparison.Ordinal);

    [Fact]
    public void Load_OtherLayout_ShowsBothShapes() =>
        Assert.Contains("[N, 16, 16, 1] (Nhwc)", OneFaultOf(ToyModels.Classifier().WithInput(input => input with { Layout = TensorLayout.Nhwc })), StringComparison.Ordinal);

    [Theory]
    [InlineData(OnnxElementType.Float16)]
    [InlineData(OnnxElementType.UInt8)]
    public void Load_InputOfOtherType_SaysThatFloatsAreNeeded(OnnxElementType type)
    {
        ModelPackage model = TestModels.Classifier(graph =>
        {
            string pixels = graph.Node("Cast", [graph.Input("input", type, "N", 1, 16, 16)], OnnxAttribute.Int("to", 1));
            graph.Output("logits", Head(graph, pixels), OnnxElementType.Float32, "N", 7);
        });
        Assert.Contains("only 32-bit floats are supported", OneFaultOf(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OutputOfOtherType_SaysThatFloatsAreNeeded()
    {
        ModelPackage model = TestModels.Classifier(graph =>
        {
            string logits = Head(graph, graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16));
            graph.Output("logits", graph.Node("Cast", [logits], OnnxAttribute.Int("to", 7)), OnnxElementType.Int64, "N", 7);
        });
        Assert.Contains("the graph's output 'logits' holds Int64", OneFaultOf(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OutputThatIsNoTensor_SaysSo()
    {
        // input [N, 1, 16, 16] -> SequenceConstruct -> logits: a sequence of tensors, which OnnxWriter cannot declare.
        const string Graph = "CAhCBAoAEBE6XQoiCgVpbnB1dBIGbG9naXRzIhFTZXF1ZW5jZUNvbnN0cnVjdBIBZ1ogCgVpbnB1dBIXChUIARIRCgMSAU4KAggBCgIIEAoCCBBiEgoGbG9naXRzEggiBgoECgIIAQ==";
        Assert.Equal("'logits' of the graph is no tensor but ONNX_TYPE_SEQUENCE; only tensors are supported.", OneFaultOf(ToyModels.Classifier() with { Content = Convert.FromBase64String(Graph) }));
    }

    [Fact]
    public void Load_GraphWithTwoInputs_NamesThem()
    {
        ModelPackage model = TestModels.Classifier(graph =>
        {
            string first = graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16);
            string second = graph.Input("mask", OnnxElementType.Float32, "N", 1, 16, 16);
            graph.Output("logits", Head(graph, graph.Node("Mul", [first, second])), OnnxElementType.Float32, "N", 7);
        });
        Assert.Equal("input: the graph has 2 inputs (input, mask); only one is supported.", OneFaultOf(model));
    }

    [Fact]
    public void Load_OtherOutputName_NamesTheGraphsOutputs() =>
        Assert.Equal(
            "output: the graph has no output 'probabilities'; it has embedding, logits.",
            OneFaultOf(ToyModels.Classifier().With(manifest => manifest with { Classifier = manifest.Classifier! with { Name = "probabilities" } })));

    [Fact]
    public void Load_FewerLabelsThanOutputs_SaysBothNumbers()
    {
        string fault = OneFaultOf(WithLabels(6));
        Assert.Contains("there are 6 labels", fault, StringComparison.Ordinal);
        Assert.Contains("'logits' has 7 values", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OutputOfUnknownWidth_IsCheckedByARun()
    {
        ModelPackage model = TestModels.Classifier(graph =>
            graph.Output("logits", Head(graph, graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16), outputs: 9), OnnxElementType.Float32, "N", "classes"));
        Assert.Contains("'logits' has 9 values", OneFaultOf(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FixedBatchAboveOne_SaysHowToExport()
    {
        string fault = OneFaultOf(TestModels.FixedBatchClassifier(4));
        Assert.Contains("batch size", fault, StringComparison.Ordinal);
        Assert.Contains("4", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BatchIsNotTheFirstAxisOfTheOutput_IsRefused()
    {
        ModelPackage model = TestModels.Classifier(graph =>
        {
            string logits = Head(graph, graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16));
            graph.Output("logits", graph.Transpose(logits, 1, 0), OnnxElementType.Float32, 7, "N");
        });
        Assert.Contains("batch must be the first axis", OneFaultOf(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralFaults_ListsThemAll()
    {
        ModelPackage model = WithLabels(6).WithInput(input => input with { Name = "picture" });
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(model));
        Assert.Equal(2, exception.Faults.Count);
        Assert.All(exception.Faults, fault => Assert.Contains(fault, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_DetectorWithManyFaults_ListsThemAll()
    {
        ModelPackage model = ToyModels.Detector()
            .WithInput(input => input with { Width = 128 })
            .With(manifest => manifest with { Detector = manifest.Detector! with { Strides = [8] } });
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(model));
        Assert.Equal(2, exception.Faults.Count);
        Assert.Contains("[N, 3, 64, 128]", exception.Faults[0], StringComparison.Ordinal);
        Assert.Contains("'cells' expects 1920 values in 'pred'; the graph gives 1200", exception.Faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FewerAnchorsThanTheDecoderExpects_SaysBothNumbers()
    {
        ModelPackage model = ToyModels.Detector().With(manifest => manifest with { Detector = manifest.Detector! with { Strides = [8, 16, 32] } });
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(model));
        Assert.Contains("expects 1260 values in 'pred'; the graph gives 1200. Check decoder, strides", Assert.Single(exception.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DetectorOutputsInAnotherOrder_SaysWhichDoNotFit()
    {
        var spec = new DetectorOutputSpec { Decoder = "cornerBoxes", Names = ["scores", "boxes"], Strides = [32], AnchorSizes = [[10f]] };
        ModelPackage model = TestModels.ConstantDetector(64, 64, spec, new float[2 * 4], new float[4 * 4]).With(manifest => manifest with { Detector = spec with { Names = ["boxes", "scores"] } });
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(model));
        Assert.Equal(2, exception.Faults.Count);
    }

    private static ModelPackage WithLabels(int count) =>
        ToyModels.Classifier().With(manifest => manifest with { Classifier = manifest.Classifier! with { Labels = [.. manifest.Classifier!.Labels.Take(count)] } });

    private static string Head(OnnxWriter graph, string pixels, int outputs = 7) =>
        graph.Gemm(graph.Flatten(pixels), graph.Initializer("weights", new float[outputs * 256], outputs, 256));

    private static string OneFaultOf(ModelPackage model)
    {
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(model));
        Assert.Equal(model.Manifest.Id, exception.ModelId);
        return Assert.Single(exception.Faults);
    }
}
