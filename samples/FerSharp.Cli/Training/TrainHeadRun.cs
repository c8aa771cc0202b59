using System.Diagnostics;
using FerSharp.Cli.Evaluation;
using FerSharp.Cli.Inspection;
using FerSharp.Evaluation;
using FerSharp.MLNet;
using FerSharp.Onnx;

namespace FerSharp.Cli.Training;

/// <summary>Describes faces, trains a head on them, writes it, and measures what was written against the embedded classifier.</summary>
internal sealed class TrainHeadRun(TrainHeadSettings settings, FaceDataset training, FaceDataset test, Terminal terminal)
{
    public int Run(CancellationToken cancellationToken)
    {
        using OnnxFaceDetector? detector = settings.UsesDetector ? ModelLoader.Detector(settings.Detector, weights: null, settings.Threads) : null;
        var faces = new TrainingFaces(training, detector, cancellationToken);
        var tables = new TrainHeadTables(terminal);
        long start = Stopwatch.GetTimestamp();
        using (EmotionHead head = Train(faces, cancellationToken))
        {
            Save(head);
            tables.Write(head, Stopwatch.GetElapsedTime(start));
        }

        if (faces.Missed > 0)
        {
            terminal.Note($"no face was found in {faces.Missed} of {training.Samples.Count} pictures; they were not trained on");
        }

        // What is served is measured: the folder, not the head in memory.
        using IEmotionClassifier served = HeadSource.Load(settings.OutputFolder, settings.Threads, intraOpThreads: 1);
        using IEmotionClassifier embedded = ModelLoader.Classifier(null, null, settings.Threads, batchSize: 32);
        EvaluationReport[] reports = [Measure(embedded, detector, cancellationToken), Measure(served, detector, cancellationToken)];
        tables.Write(ModelComparison.Of(reports, cancellationToken));
        return new EvaluationTables(terminal).Write([.. faces.Faults, .. reports[0].Predictions.Faults]);
    }

    private EmotionHead Train(TrainingFaces faces, CancellationToken cancellationToken)
    {
        try
        {
            ModelLicense license = new HeadTrainingOptions().License;
            FeatureTable table;
            if (settings.Features is { } specs)
            {
                table = Stages<FeatureTable>("pictures described", training.Samples.Count, progress => FeatureTable.Extract(faces, specs, progress, cancellationToken));
            }
            else
            {
                ModelPackage backbone = ModelLoader.Package(settings.Backbone, weights: null, EmbeddedModels.EmotionClassifier);
                license = license with { Commercial = backbone.Manifest.License.Commercial == CommercialUse.Forbidden ? CommercialUse.Forbidden : license.Commercial };
                using MLNetFaceEmbedder embedder = MLNetFaceEmbedder.Load(backbone);
                table = Stages<FeatureTable>("pictures described", training.Samples.Count, progress => FeatureTable.Extract(faces, embedder, progress, cancellationToken));
            }

            HeadTrainingOptions options = settings.ToOptions($"{training.Info.Name} {training.Info.Split}".TrimEnd(), license);
            return Stages("% of the trainings", 100, progress => EmotionHeadTrainer.Train(table, options, progress, cancellationToken));
        }
        catch (ArgumentException e)
        {
            throw CliException.WrongUse(e);
        }
    }

    private T Stages<T>(string noun, int total, Func<IProgress<HeadTrainingProgress>, T> work) =>
        terminal.WithProgress(noun, total, terminal.IsErrorInteractive, progress => work(new ScaledProgress(progress, total)));

    private void Save(EmotionHead head)
    {
        try
        {
            head.Save(settings.OutputFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.SomeFailed, $"The head could not be written into '{settings.OutputFolder}': {e.Message}");
        }
    }

    private EvaluationReport Measure(IEmotionClassifier classifier, IFaceDetector? detector, CancellationToken cancellationToken)
    {
        var options = new EvaluationOptions { Threads = settings.Threads, Detector = detector };
        PredictionSet predictions = terminal.WithProgress(
            $"pictures read by {classifier.Model.Id}", test.Samples.Count, terminal.IsErrorInteractive, progress => EvaluationRunner.Run(classifier, test, options, progress, cancellationToken));
        predictions = settings.AnswersWithin is { } classes ? predictions.Within(classes) : predictions;
        return predictions.Read.Any()
            ? EvaluationReport.Create(predictions)
            : throw new CliException(ExitCode.SomeFailed, $"None of the {predictions.Predictions.Count} test pictures was read, so the head, which is written, was not measured.");
    }

    /// <summary>Steps of a stage as a share of a bar.</summary>
    private sealed class ScaledProgress(IProgress<int> bar, int total) : IProgress<HeadTrainingProgress>
    {
        public void Report(HeadTrainingProgress value) => bar.Report(value.Total is { } steps and > 0 ? (int)((long)value.Done * total / steps) : Math.Min(value.Done, total));
    }
}
