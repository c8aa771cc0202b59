using System.CommandLine;
using FerSharp.Cli.Evaluation;
using FerSharp.Cli.Inspection;
using FerSharp.Evaluation;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp calibrate</c>: fits a temperature on one part of the data, reports on another, writes it into the manifest.</summary>
internal static class CalibrateCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataOptions();
        Option<string?> model = Text("--model", "MODEL", "A folder with model.json, a manifest, or the id of an embedded model. Default: the embedded classifier.");
        Option<string?> weights = Text("--weights", "DIR", "Look for the model's file in this folder too.");
        Option<string?> reportPart = Text("--report-part", "PART", "Report on this part of DATA; --usage names the part to fit on, another one. Default: DATA is divided in two, with all pictures of a person and all copies on one side.");
        Option<double?> fraction = Number<double>("--fit-fraction", "0..1", "Share that is fitted on where DATA is divided. Default: 0.5.", f => f is > 0 and < 1, "above 0, below 1");
        Option<int?> seed = Number<int>("--seed", "N", "Seed of the division. Default: 1.", n => n >= 0, "of at least 0");
        Option<int?> threads = Threads("Batches at once. Default: one for each processor.");
        var write = new Option<bool>("--write") { Description = "Write the temperature and its provenance into the manifest." };
        var command = new Command("calibrate", "Fits the temperature that makes a classifier's scores honest. Use validation data, never the test set.");
        data.AddTo(command);
        foreach (Option option in new Option[] { model, weights, reportPart, fraction, seed, threads, write })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(reportPart) is not null && (result.GetResult(fraction) is not null || result.GetResult(seed) is not null))
            {
                result.AddError("--fit-fraction and --seed divide DATA; they cannot be used with --report-part.");
            }
        });
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                string? manifest = result.GetValue(write) ? ManifestOf(result.GetValue(model)) : null;
                int parallel = result.GetValue(threads) ?? Environment.ProcessorCount;
                using IEmotionClassifier classifier = ModelLoader.Classifier(result.GetValue(model), result.GetValue(weights), parallel, 32);
                var tables = new EvaluationTables(terminal);
                CalibrationResult calibration;
                try
                {
                    FaceDataset fitting = data.Open(result, cancellationToken);
                    FaceDataset? reporting = result.GetValue(reportPart) is { } part ? data.Open(result, part, keepUnlabelled: false, cancellationToken) : null;
                    var options = new EvaluationOptions { Threads = parallel };
                    calibration = terminal.WithProgress(
                        "pictures",
                        fitting.Samples.Count + (reporting?.Samples.Count ?? 0),
                        terminal.IsErrorInteractive,
                        progress => reporting is null
                            ? TemperatureCalibration.Run(classifier, fitting, new CalibrationSplit { FittingFraction = result.GetValue(fraction) ?? 0.5, Seed = result.GetValue(seed) ?? 1 }, options, progress, cancellationToken)
                            : TemperatureCalibration.Run(classifier, fitting, reporting, options, progress, cancellationToken));
                    tables.Write(calibration);
                    if (manifest is not null)
                    {
                        calibration.WriteTo(manifest);
                        terminal.Note($"{manifest}: written");
                    }
                }
                catch (Exception e) when (e is InvalidOperationException or ArgumentException or UnauthorizedAccessException)
                {
                    throw CliException.WrongUse(e);
                }

                return tables.Write(calibration.Faults);
            },
            cancellationToken));
        return command;
    }

    private static string ManifestOf(string? model)
    {
        if (HeadSource.Find(model) is not null)
        {
            throw new CliException(ExitCode.Usage, "--write: a trained head was calibrated when it was trained, on its folds; it has no temperature to replace.");
        }

        string? path = model is null || ModelSource.EmbeddedOnes.Any(source => source.Manifest.Id == model) ? null : Directory.Exists(model) ? Path.Combine(model, ModelPackage.ManifestFileName) : model;
        return path ?? throw new CliException(ExitCode.Usage, "--write: an embedded model has no manifest to write to; copy the model and name it with --model.");
    }
}
