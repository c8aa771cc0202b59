using FerSharp.Cli.Output;
using FerSharp.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Cli.Inspection;

/// <summary>Looks into one model: manifest, file, graph, and whether they fit together.</summary>
internal static class ModelInspector
{
    /// <exception cref="FerModelException">There is no such model, or its manifest cannot be read.</exception>
    public static ModelReport Inspect(string pathOrId)
    {
        ModelSource source = ModelSource.Find(pathOrId);
        ModelManifest manifest = source.Manifest;
        var report = new ModelReport
        {
            Location = source.Location,
            Id = manifest.Id,
            Version = manifest.Version,
            Task = Words.Of(manifest.Task),
            License = manifest.License.Name,
            CommercialUse = Words.Of(manifest.License.Commercial),
            Manifest = source.ManifestJson(),
        };
        if (source.ReadContent() is not { } content)
        {
            return report with { Faults = [$"The model file '{source.FilePath}' is missing."] };
        }

        string hash = ModelPackage.ComputeSha256(content.Span);
        report = report with { Bytes = content.Length, Sha256 = hash, Sha256Matches = manifest.Sha256 is { } expected ? hash == expected : null };
        var faults = new List<string>();
        if (report.Sha256Matches == false)
        {
            faults.Add($"The file's SHA-256 is not the manifest's, {manifest.Sha256}.");
        }

        if (source.IsHead)
        {
            return DescribeHead(report, manifest, faults);
        }

        if (OnnxRuntimeInfo.Current.Fault is { } fault)
        {
            return report with { Faults = [.. faults, fault] };
        }

        try
        {
            report = Describe(report, content.ToArray());
            report = report with { Provider = Load(new ModelPackage(manifest, content)) };
        }
        catch (FerModelException e)
        {
            faults.AddRange(e.Faults);
        }
        catch (OnnxRuntimeException e)
        {
            faults.Add($"The file is no ONNX model that ONNX Runtime {OnnxRuntimeInfo.Current.NativeVersion} can load: {e.Message}");
        }

        return report with { Faults = faults };
    }

    /// <summary>A head has no graph: a row of features goes in, and probabilities come out.</summary>
    private static ModelReport DescribeHead(ModelReport report, ModelManifest manifest, List<string> faults)
    {
        report = report with
        {
            Inputs = [new TensorReport(manifest.Input.Name, "float", [1, manifest.Input.Width])],
            Outputs = [new TensorReport(manifest.Classifier!.Name, "float", [1, manifest.Classifier.Labels.Count])],
        };
        try
        {
            using IEmotionClassifier classifier = HeadSource.Load(report.Location, maxConcurrency: 1, intraOpThreads: 1);
            return report with { Provider = classifier.Model.Backend, Faults = faults };
        }
        catch (FerModelException e)
        {
            return report with { Faults = faults.Count > 0 ? faults : e.Faults };
        }
    }

    private static ModelReport Describe(ModelReport report, byte[] content)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(content, options);
        OnnxHeader? header = OnnxHeader.Read(content);
        ModelMetadata metadata = session.ModelMetadata;
        return report with
        {
            Inputs = Tensors(session.InputMetadata),
            Outputs = Tensors(session.OutputMetadata),
            Graph = new GraphReport(metadata.GraphName, metadata.ProducerName, header?.ProducerVersion ?? "", header?.IrVersion ?? 0, header?.Opsets ?? new Dictionary<string, long>()),
        };
    }

    private static TensorReport[] Tensors(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        [.. nodes.Select(node => node.Value.IsTensor
            ? new TensorReport(node.Key, Words.Of(node.Value.ElementDataType), node.Value.Dimensions)
            : new TensorReport(node.Key, Words.Of(node.Value.OnnxValueType), []))];

    /// <summary>Loads the model as an analyzer would, which checks graph and manifest against each other.</summary>
    private static string Load(ModelPackage package)
    {
        if (package.Manifest.Task == ModelTask.FaceDetection)
        {
            using OnnxFaceDetector detector = OnnxFaceDetector.Load(package);
            return detector.ExecutionProvider;
        }

        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(package);
        return classifier.ExecutionProvider;
    }
}
