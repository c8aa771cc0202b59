using FerSharp.Evaluation;
using FerSharp.Onnx;

namespace FerSharp.Cli.Evaluation;

/// <summary>What <c>evaluate</c> is to do.</summary>
internal sealed record EvaluateSettings
{
    /// <summary>Paths or ids; null for the embedded classifier.</summary>
    public required IReadOnlyList<string?> Models { get; init; }

    public required bool UsesDetector { get; init; }

    /// <summary>Path or id; null for the embedded detector.</summary>
    public string? Detector { get; init; }

    /// <summary>Where models' files are that do not lie beside their manifests.</summary>
    public string? Weights { get; init; }

    public EmotionSet? AnswersWithin { get; init; }

    public string? OutputFolder { get; init; }

    public bool Pictures { get; init; }

    public required int BatchSize { get; init; }

    public required int Threads { get; init; }

    public required ReportOptions Report { get; init; }
}

/// <summary>Runs models over a data set, one after the other, and writes what they reach.</summary>
internal sealed class EvaluateRun(EvaluateSettings settings, FaceDataset dataset, Terminal terminal)
{
    public int Run(CancellationToken cancellationToken)
    {
        using OnnxFaceDetector? detector = settings.UsesDetector ? ModelLoader.Detector(settings.Detector, settings.Weights, settings.Threads) : null;
        var reports = new List<EvaluationReport>();
        foreach (string? model in settings.Models)
        {
            EvaluationReport report = Evaluate(model, detector, cancellationToken);
            reports.Add(report);
            if (settings.OutputFolder is { } folder)
            {
                string id = report.Predictions.Model.Id;
                int same = reports.Count(other => other.Predictions.Model.Id == id);
                EvaluationFiles.Write(folder, same > 1 ? $"{id}-{same}" : id, report.ToDocument(settings.Pictures ? dataset : null), report.ToJson());
            }
        }

        var tables = new EvaluationTables(terminal);
        if (reports.Count == 1)
        {
            tables.Write(reports[0]);
        }
        else
        {
            ModelComparison comparison = ModelComparison.Of(reports, cancellationToken);
            tables.Write(comparison);
            if (settings.OutputFolder is { } folder)
            {
                EvaluationFiles.Write(folder, "comparison", comparison.ToDocument());
            }
        }

        foreach (DatasetFault fault in reports[0].Predictions.Faults.Take(20))
        {
            terminal.Note($"error: {fault.Where}: {fault.Reason}");
        }

        if (reports[0].Predictions.Faults.Count > 20)
        {
            terminal.Note($"error: {reports[0].Predictions.Faults.Count} rows or files in all could not be used; the reports of --out name them.");
        }

        return reports[0].Predictions.Faults.Count > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
    }

    private EvaluationReport Evaluate(string? model, IFaceDetector? detector, CancellationToken cancellationToken)
    {
        using OnnxEmotionClassifier classifier = ModelLoader.Classifier(model, settings.Weights, settings.Threads, settings.BatchSize);
        var options = new EvaluationOptions { BatchSize = settings.BatchSize, Threads = settings.Threads, Detector = detector };
        PredictionSet predictions = terminal.WithProgress(
            $"pictures read by {classifier.Model.Id}",
            dataset.Samples.Count(sample => sample.Label.HasValue),
            terminal.IsErrorInteractive,
            progress => EvaluationRunner.Run(classifier, dataset, options, progress, cancellationToken));
        predictions = settings.AnswersWithin is { } classes ? predictions.Within(classes) : predictions;
        if (!predictions.Read.Any())
        {
            throw new CliException(ExitCode.SomeFailed, $"None of the {predictions.Predictions.Count} pictures was read: {predictions.Predictions.Count(p => p.Status == PredictionStatus.FaceMissed)} faces were not found, the others could not be loaded. Face crops are read without --detector.");
        }

        return EvaluationReport.Create(predictions, settings.Report);
    }
}
