using FerSharp.Graphs;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

/// <summary>Small graphs with chosen outputs, and packages that differ from the toy models in one point.</summary>
internal static class TestModels
{
    public const int LabelCount = 7;

    public static ModelPackage With(this ModelPackage package, Func<ModelManifest, ModelManifest> change) => package with { Manifest = change(package.Manifest) };

    public static ModelPackage WithInput(this ModelPackage package, Func<PreprocessingSpec, PreprocessingSpec> change) =>
        package.With(manifest => manifest with { Input = change(manifest.Input) });

    /// <summary>A graph under the toy classifier's manifest, which then names no embedding.</summary>
    public static ModelPackage Classifier(Action<OnnxWriter> build) =>
        (ToyModels.Classifier() with { Content = Write(build) }).With(manifest => manifest with { Classifier = manifest.Classifier! with { Embedding = null } });

    /// <summary>A graph under the toy detector's manifest.</summary>
    public static ModelPackage Detector(Action<OnnxWriter> build) => ToyModels.Detector() with { Content = Write(build) };

    /// <summary>A classifier whose logits are the same for every face.</summary>
    public static ModelPackage ConstantClassifier(params float[] logits) => Classifier(graph =>
    {
        string pixels = graph.Flatten(graph.Input("input", OnnxElementType.Float32, "N", 1, 16, 16));
        string weights = graph.Initializer("weights", new float[logits.Length * 256], logits.Length, 256);
        string bias = graph.Initializer("bias", logits, logits.Length);
        graph.Output("logits", graph.Gemm(pixels, weights, bias), OnnxElementType.Float32, "N", logits.Length);
    });

    /// <summary>The toy classifier's kind of graph with real weights and a batch size that is fixed.</summary>
    public static ModelPackage FixedBatchClassifier(int batch) => Classifier(graph =>
    {
        string pixels = graph.Flatten(graph.Input("input", OnnxElementType.Float32, batch, 1, 16, 16));
        float[] values = [.. Enumerable.Range(0, LabelCount * 256).Select(i => MathF.Sin(i * 0.7f) * 0.1f)];
        graph.Output("logits", graph.Gemm(pixels, graph.Initializer("weights", values, LabelCount, 256)), OnnxElementType.Float32, batch, LabelCount);
    });

    /// <summary>A detector that gives the same outputs for every picture, under a manifest with the given decoder.</summary>
    public static ModelPackage ConstantDetector(int width, int height, DetectorOutputSpec spec, params float[][] outputs)
    {
        byte[] content = Write(graph =>
        {
            string input = graph.Input("input", OnnxElementType.Float32, 1, 3, height, width);
            string zero = graph.Node("Mul", [graph.Node("ReduceMean", [input], OnnxAttribute.Int("keepdims", 0)), graph.Initializer("zero", [0f])]);
            for (int i = 0; i < outputs.Length; i++)
            {
                string value = graph.Node("Add", [graph.Initializer("value", outputs[i], 1, outputs[i].Length), zero]);
                graph.Output(spec.Names[i], value, OnnxElementType.Float32, 1, outputs[i].Length);
            }
        });
        return (ToyModels.Detector() with { Content = content })
            .WithInput(input => input with { Width = width, Height = height })
            .With(manifest => manifest with { Detector = spec });
    }

    /// <summary>A detector whose toy graph is replaced by one that holds one number everywhere.</summary>
    public static ModelPackage UniformDetector(float value) =>
        ConstantDetector(64, 64, ToyModels.Detector().Manifest.Detector!, [.. Enumerable.Repeat(value, 80 * 15)]);

    private static byte[] Write(Action<OnnxWriter> build)
    {
        var graph = new OnnxWriter("test");
        build(graph);
        return graph.ToArray();
    }
}
