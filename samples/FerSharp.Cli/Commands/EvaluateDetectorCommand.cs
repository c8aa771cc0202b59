using System.CommandLine;
using FerSharp.Cli.Evaluation;
using FerSharp.Evaluation;
using FerSharp.Onnx;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp evaluate-detector</c>: detectors against true boxes.</summary>
internal static class EvaluateDetectorCommand
{
    // The curve goes below the threshold that a detector is used with.
    private const float CurveThreshold = 0.02f;

    public static Command Create(Terminal terminal)
    {
        var boxes = new Argument<string>("BOXES") { Description = "A csv with a row for each true face: file,left,top,right,bottom (or width,height)." };
        Option<string?> root = Text("--root", "DIR", "Where the csv's files start. Default: its own folder.");
        Option<string?> counts = Text("--counts", "FILE", "A csv with file,faces: pictures of which only the number of faces is known.");
        Option<string?> ignored = Text("--ignored", "COLUMN", "The column that marks faces which count neither way. Default: ignored, where there is one.");
        var models = new Option<string[]>("--model") { Description = "A folder with model.json, a manifest, or the id of an embedded model. Repeatable. Default: the embedded detector.", HelpName = "MODEL" };
        Option<string?> weights = Text("--weights", "DIR", "Look for models' files in this folder too.");
        Option<double?> size = Number<double>("--min-size", "PIXELS", "Faces that are smaller (square root of the box's area) count neither way. Default: 0.", s => s >= 0 && double.IsFinite(s), "of at least 0");
        Option<double?> overlap = Number<double>("--overlap", "0..1", "Least intersection over union of a hit. Default: 0.5.", o => o is > 0 and <= 1, "above 0, at most 1");
        Option<int?> resamples = Number<int>("--resamples", "N", "Resamples of the bootstrap. Default: 2000.", n => n is >= 1 and <= 1_000_000, "from 1 to 1000000");
        Option<int?> threads = Threads("Pictures at once. Default: one for each processor.");
        Option<string?> output = Text("--out", "DIR", "Write the report into this folder as JSON, Markdown and a page.");
        var command = new Command("evaluate-detector", "Measures face detectors on pictures with true boxes.") { boxes, root, counts, ignored, models, weights, size, overlap, resamples, threads, output };
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                DetectionDataset dataset = Open(result.GetRequiredValue(boxes), result.GetValue(root), new DetectionDatasetOptions { CountsPath = result.GetValue(counts), IgnoredColumn = result.GetValue(ignored) }, cancellationToken);
                int parallel = result.GetValue(threads) ?? Environment.ProcessorCount;
                var reports = new List<DetectionReport>();
                foreach (string? model in result.GetValue(models) is { Length: > 0 } named ? named : new string?[] { null })
                {
                    float own;
                    using (OnnxFaceDetector probe = ModelLoader.Detector(model, result.GetValue(weights), threads: 1))
                    {
                        own = probe.Model.Manifest.Detector!.ScoreThreshold;
                    }

                    using OnnxFaceDetector detector = ModelLoader.Detector(model, result.GetValue(weights), parallel, Math.Min(own, CurveThreshold));
                    DetectionSet found = terminal.WithProgress(
                        $"pictures searched by {detector.Model.Id}",
                        dataset.Samples.Count,
                        terminal.IsErrorInteractive,
                        progress => DetectionRunner.Run(detector, dataset, new DetectionOptions { Threads = parallel }, progress, cancellationToken));
                    if (found.Pictures.All(picture => picture.Found is null))
                    {
                        throw new CliException(ExitCode.SomeFailed, $"None of the {found.Pictures.Count} pictures could be loaded; the first: {found.Faults[0].Where}: {found.Faults[0].Reason}");
                    }

                    reports.Add(DetectionReport.Of(
                        found,
                        new DetectionReportOptions
                        {
                            ScoreThreshold = own,
                            MinimumFaceSize = result.GetValue(size) ?? 0,
                            Overlap = result.GetValue(overlap) ?? 0.5,
                            Bootstrap = new BootstrapOptions { Resamples = result.GetValue(resamples) ?? 2000 },
                        },
                        cancellationToken));
                }

                new EvaluationTables(terminal).Write(reports);
                if (result.GetValue(output) is { } folder)
                {
                    EvaluationFiles.Write(folder, "detectors", DetectionReport.ToDocument(reports));
                    foreach (DetectionReport report in reports)
                    {
                        EvaluationFiles.Write(folder, $"{report.Model.Id}.json", report.ToJson());
                    }
                }

                foreach (DatasetFault fault in reports[0].Faults.Take(20))
                {
                    terminal.Note($"error: {fault.Where}: {fault.Reason}");
                }

                return reports[0].Faults.Count > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
            },
            cancellationToken));
        return command;
    }

    private static DetectionDataset Open(string path, string? root, DetectionDatasetOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return DetectionDatasets.Csv(path, root, options, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CliException(ExitCode.SomeFailed, $"{path}: {e.Message}");
        }
    }
}
