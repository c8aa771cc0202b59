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

    /// <summary>Whether to measure on pictures that were made worse, too.</summary>
    public bool Robustness { get; init; }

    /// <summary>The tags whose groups are compared; null for no comparison of groups.</summary>
    public IReadOnlyCollection<string>? Groups { get; init; }

    /// <summary>Those of them that are guesses.</summary>
    public IReadOnlyCollection<string> GuessedGroups { get; init; } = [];

    public required int BatchSize { get; init; }

    public required int Threads { get; init; }

    public required ReportOptions Report { get; init; }
}

/// <summary>Runs models over a data set, one after the other, and writes what they reach.</summary>
internal sealed class EvaluateRun(EvaluateSettings settings, FaceDataset dataset, Terminal terminal)
{
    private readonly EvaluationTables _tables = new(terminal);

    public int Run(CancellationToken cancellationToken)
    {
        EvaluationFiles.Prepare(settings.OutputFolder);
        using OnnxFaceDetector? detector = settings.UsesDetector ? ModelLoader.Detector(settings.Detector, settings.Weights, settings.Threads) : null;
        var reports = new List<EvaluationReport>();
        foreach (string? model in settings.Models)
        {
            using IEmotionClassifier classifier = ModelLoader.Classifier(model, settings.Weights, settings.Threads, settings.BatchSize);
            EvaluationReport report = Evaluate(classifier, detector, cancellationToken);
            reports.Add(report);
            string name = EvaluationFiles.NameOf(classifier.Model, reports.Select(other => other.Predictions.Model));
            if (settings.OutputFolder is { } folder)
            {
                EvaluationFiles.Write(folder, name, report.ToDocument(settings.Pictures ? dataset : null), report.ToJson());
            }

            More(classifier, detector, report, name, cancellationToken);
        }

        if (reports.Count == 1)
        {
            _tables.Write(reports[0]);
        }
        else
        {
            ModelComparison comparison = ModelComparison.Of(reports, cancellationToken);
            _tables.Write(comparison);
            if (settings.OutputFolder is { } folder)
            {
                EvaluationFiles.Write(folder, "comparison", comparison.ToDocument());
            }
        }

        return _tables.Write(reports[0].Predictions.Faults);
    }

    /// <summary>Robustness and groups, where they are asked for.</summary>
    private void More(IEmotionClassifier classifier, IFaceDetector? detector, EvaluationReport report, string name, CancellationToken cancellationToken)
    {
        if (settings.Robustness)
        {
            var options = new RobustnessOptions { Seed = settings.Report.Seed, Evaluation = Options(detector), AnswersWithin = settings.AnswersWithin, Bootstrap = Resampling };
            RobustnessReport robustness = terminal.WithProgress(
                "pictures made worse",
                report.Predictions.Predictions.Count * (options.Perturbations.Count + 1),
                terminal.IsErrorInteractive,
                progress => RobustnessRunner.Run(classifier, dataset, options, progress, cancellationToken));
            _tables.Write(robustness);
            Keep($"{name}-robustness", robustness.ToDocument(), robustness.ToJson());
        }

        if (settings.Groups is { } groups)
        {
            FairnessReport fairness;
            try
            {
                fairness = FairnessReport.Of(
                    report.Predictions,
                    dataset,
                    new FairnessOptions { Tags = groups.Count > 0 ? groups : null, PseudoLabelTags = settings.GuessedGroups, Bootstrap = Resampling },
                    cancellationToken);
            }
            catch (ArgumentException e)
            {
                throw CliException.WrongUse(e);
            }

            _tables.Write(fairness);
            Keep($"{name}-groups", fairness.ToDocument(), fairness.ToJson());
        }
    }

    private void Keep(string name, ReportDocument document, byte[] json)
    {
        if (settings.OutputFolder is { } folder)
        {
            EvaluationFiles.Write(folder, name, document, json);
        }
    }

    private EvaluationOptions Options(IFaceDetector? detector) => new() { BatchSize = settings.BatchSize, Threads = settings.Threads, Detector = detector };

    private BootstrapOptions Resampling => new() { Resamples = settings.Report.Resamples, Seed = settings.Report.Seed };

    private EvaluationReport Evaluate(IEmotionClassifier classifier, IFaceDetector? detector, CancellationToken cancellationToken)
    {
        EvaluationOptions options = Options(detector);
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
