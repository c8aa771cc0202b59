using System.Text;
using CsCheck;

namespace FerSharp.Core.Tests.Models;

public sealed class ModelManifestWriterTests
{
    [Fact]
    public void Write_AnyValidManifest_IsReadAgainTheSame() => ManifestGen.Any.Sample(manifest =>
    {
        byte[] json = ModelManifestWriter.Write(manifest);
        ModelManifest again = ModelManifestReader.Read(json, "written");

        Assert.Equivalent(manifest, again, strict: true);
        Assert.Equal(json, ModelManifestWriter.Write(again));
    });

    [Fact]
    public void Write_SmallestClassifier_IsReadableText()
    {
        string json = Encoding.UTF8.GetString(ModelManifestWriter.Write(
            ManifestSamples.Classifier().With("trainedOn", "\"FER+ & Größe\"").Read()));

        Assert.StartsWith("{\n  \"schema\": 1,\n  \"id\": \"toy\",\n", json, StringComparison.Ordinal);
        Assert.EndsWith("\n}\n", json, StringComparison.Ordinal);
        Assert.Contains("\"FER+ & Größe\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", json, StringComparison.Ordinal);
        Assert.DoesNotContain("null", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MetricsInAnotherOrder_GivesTheSameBytes()
    {
        ModelManifest manifest = ManifestSamples.Classifier().Read();

        Assert.Equal(
            ModelManifestWriter.Write(manifest with { Metrics = new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 } }),
            ModelManifestWriter.Write(manifest with { Metrics = new Dictionary<string, double> { ["b"] = 2, ["a"] = 1 } }));
    }

    [Fact]
    public void Write_FaultyManifest_ListsAllFaults()
    {
        ModelManifest manifest = ManifestSamples.Classifier().Read();
        ModelManifest faulty = manifest with
        {
            File = "../toy.onnx",
            Metrics = new Dictionary<string, double> { ["accuracy"] = double.NaN },
            Input = manifest.Input with { Width = 0, Scale = float.PositiveInfinity, Resize = (ResizeMode)9 },
            Detector = ManifestSamples.Detector().Read().Detector,
        };

        var error = Assert.Throws<FerModelException>(() => ModelManifestWriter.Write(faulty));

        Assert.Equal("toy", error.ModelId);
        Assert.Equal(
            ["$.file", "$.input.resize", "$.input.scale", "$.input.width", "$.metrics.accuracy", "$.output.decoder", "$.output.names",
                "$.output.nmsThreshold", "$.output.scoreThreshold", "$.output.strides"],
            error.Faults.Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_NoOutput_IsRefused()
    {
        ModelManifest manifest = ManifestSamples.Classifier().Read() with { Classifier = null };

        Assert.StartsWith(
            "$.output is missing", Assert.Single(Assert.Throws<FerModelException>(() => ModelManifestWriter.Write(manifest)).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Null_IsAnArgumentFault() => Assert.Throws<ArgumentNullException>(() => ModelManifestWriter.Write(null!));
}
