using System.Buffers.Binary;
using System.Text;
using CsCheck;
using FerSharp.Graphs;

namespace FerSharp.Training.Tests;

public sealed class WeightFileTests
{
    [Fact]
    public void SafeTensors_OfOneTensor_IsRead()
    {
        SafeTensorFile file = SafeTensorFile.Parse(SafeTensor("""{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", 8));
        Assert.Equal("b", file.Texts["a"]);
        Assert.Equal([1L, 2], file.Entries["x"].Shape);
        Assert.Equal(8, file.BytesOf(file.Entries["x"]).Length);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,9]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[8,0]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":"no","data_offsets":[0,8]}}""")]
    [InlineData("""{"x":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":3}""")]
    public void SafeTensors_WithDamagedHeader_AreRefused(string header) =>
        Assert.Throws<InvalidDataException>(() => SafeTensorFile.Parse(SafeTensor(header, 8)));

    [Fact]
    public void SafeTensors_OfAnyBytes_AreReadOrRefused() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            SafeTensorFile.Parse(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
        {
        }
    });

    [Fact]
    public void OnnxTensors_OfOurWriter_ReadBack()
    {
        var writer = new OnnxWriter("graph");
        string x = writer.Input("x", OnnxElementType.Float32, "N", 1, 4, 4);
        string y = writer.Conv(x, writer.Initializer("kernel", [1f, 2, 3, 4], 1, 1, 2, 2), writer.Initializer("bias", [5f], 1));
        writer.Output("y", writer.Reshape(y, 0, -1), OnnxElementType.Float32, "N", 9);
        List<NamedWeights> tensors = OnnxTensors.Read(writer.ToArray());

        Assert.Equal(["kernel", "bias"], tensors.Select(tensor => tensor.Name));
        Assert.Equal([1f, 2, 3, 4], tensors[0].Values);
        Assert.Equal([1L, 1, 2, 2], tensors[0].Shape);
    }

    [Fact]
    public void OnnxTensors_OfAnyBytes_AreReadOrRefused() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            OnnxTensors.Read(bytes);
        }
        catch (InvalidDataException)
        {
        }
    });

    [Fact]
    public void PretrainedWeights_OfEarlierRun_StartTheNetwork_AndFrozenOnesStay()
    {
        Torch.Require();
        using var folder = new TestFolder();
        TrainingSet learning = DrawnFaces.Set(32, 24), validation = DrawnFaces.Set(14, 24, seed: 2);
        TrainingRecipe recipe = ModelExporterTests.Shaped("colour");
        new Trainer(recipe, learning, validation, folder["first"]).Run(cancellationToken: TestContext.Current.CancellationToken);
        PretrainedWeights start = PretrainedWeights.Load(Path.Combine(folder["first"], "best.safetensors"));
        TrainingRecipe frozen = recipe with { Name = "second", Network = (PlainNetworkSpec)recipe.Network with { FrozenConvolutions = 2 }, AverageDecay = 0 };
        new Trainer(frozen, learning, validation, folder["second"]) { Start = start }.Run(cancellationToken: TestContext.Current.CancellationToken);
        SafeTensorFile first = SafeTensorFile.Open(Path.Combine(folder["first"], "best.safetensors")), second = SafeTensorFile.Open(Path.Combine(folder["second"], "best.safetensors"));
        string[] kernels = [.. first.Entries.Where(entry => entry.Value.Shape.Length == 4).Select(entry => entry.Key)];

        Assert.Equal(3, start.Count);
        Assert.Equal([true, true, false], kernels.Select(name => first.BytesOf(first.Entries[name]).SequenceEqual(second.BytesOf(second.Entries[name]))));
    }

    [Fact]
    public void PretrainedWeights_Whole_GoOnWhereTheEarlierRunEnded()
    {
        Torch.Require();
        using var folder = new TestFolder();
        TrainingSet learning = DrawnFaces.Set(32, 24), validation = DrawnFaces.Set(14, 24, seed: 2);
        TrainingRecipe recipe = ModelExporterTests.Shaped("plain"), still = recipe with { Name = "still", Epochs = 1, Optimizer = new OptimizerSpec { LearningRate = 1e-30f, WeightDecay = 0 }, AverageDecay = 0 };
        EpochRecord last = new Trainer(recipe, learning, validation, folder["first"]).Run(cancellationToken: TestContext.Current.CancellationToken)[^1];
        string weights = Directory.GetFiles(folder["first"], "best.safetensors").Single();
        EpochRecord first = new Trainer(still, learning, validation, folder["second"]) { Start = PretrainedWeights.LoadWhole(weights) }.Run(cancellationToken: TestContext.Current.CancellationToken)[^1];
        var other = new Trainer(ModelExporterTests.Shaped("residual"), learning, validation, folder["third"]) { Start = PretrainedWeights.LoadWhole(weights) };

        // The statistics of the normalisation move a little even where no weight does.
        Assert.Equal(last.Validation.Loss, first.Validation.Loss, 0.1);
        Assert.Contains("the network's is", Assert.Throws<InvalidDataException>(() => other.Run(cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PretrainedWeights_OfAnotherShape_AreRefused()
    {
        Torch.Require();
        using var folder = new TestFolder();
        var writer = new OnnxWriter("graph");
        string x = writer.Input("x", OnnxElementType.Float32, "N", 1, 4, 4);
        writer.Output("y", writer.Conv(x, writer.Initializer("kernel", [1f, 2, 3, 4], 1, 1, 2, 2)), OnnxElementType.Float32, "N", 1, 3, 3);
        File.WriteAllBytes(folder["other.onnx"], writer.ToArray());
        PretrainedWeights start = PretrainedWeights.Load(folder["other.onnx"]);
        var trainer = new Trainer(ModelExporterTests.Shaped("plain"), DrawnFaces.Set(32, 24), DrawnFaces.Set(14, 24), folder["run"]) { Start = start };

        Assert.Throws<InvalidDataException>(() => trainer.Run(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<InvalidDataException>(() => PretrainedWeights.Load("base.h5"));
    }

    private static byte[] SafeTensor(string header, int data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }
}
