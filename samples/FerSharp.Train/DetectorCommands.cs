using System.CommandLine;
using FerSharp.Media;
using FerSharp.Training;
using static FerSharp.Train.Arguments;

namespace FerSharp.Train;

/// <summary>What the program does with face detectors.</summary>
internal static class DetectorCommands
{
    public static IEnumerable<Command> Create() => [CreateTrain(), CreateExport(), CreatePreview()];

    private static Argument<string> Pictures() => Text(
        "PICTURES", "A folder with labels.csv or labels.csv.gz (file, split, box, five points, ignore) and the pictures, as files or in .tar.gz archives.");

    private static Command CreateTrain()
    {
        Argument<string> recipe = Recipe(), data = Pictures(), folder = Text("FOLDER", "The run's files; a run that was stopped goes on.");
        Option<int> threads = Threads();
        Option<string[]> changes = Changes();
        Option<string?> whole = Option("--whole", "WEIGHTS", "Begin with all weights of an earlier run of the same network.");
        var also = new Option<string[]>("--also") { HelpName = "PICTURES", Description = "Learn from this folder too. Repeatable.", DefaultValueFactory = _ => [] };
        var command = new Command("train-detector", "Trains a face detector by a recipe.") { recipe, data, folder, also, whole, threads, changes };
        command.Does((result, cancellationToken) =>
        {
            DetectorRecipe read = DetectorRecipe.FromJson(RecipeFile.Read(result.GetRequiredValue(recipe), result.GetRequiredValue(changes)));
            TorchRuntime.Threads = result.GetValue(threads);
            string path = result.GetRequiredValue(data);
            DetectionPictures training = Load(path, "train", cancellationToken), validation = Load(path, "val", cancellationToken);
            Say($"{read.Name}: {read.Epochs} epochs of {read.PicturesPerEpoch} composed pictures");
            training = result.GetRequiredValue(also).Aggregate(training, (all, more) => all.And(Load(more, "train", cancellationToken)));
            PretrainedWeights? start = result.GetValue(whole) is { } weights ? PretrainedWeights.LoadWhole(weights) : null;
            new DetectorTrainer(read, training, validation, result.GetRequiredValue(folder), start).Run(new Reporter(), cancellationToken);
        });
        return command;
    }

    private static Command CreateExport()
    {
        Argument<string> weights = Text("WEIGHTS", "A .safetensors file of a run."), data = Pictures(), folder = Text("FOLDER", "Where the model goes."), id = Text("ID", "The model's id.");
        Option<int> side = Number("--side", "PIXELS", "Side of the network's input. 0: the recipe's.", 0, n => n is 0 or (>= 32 and <= 4096), "from 32 to 4096");
        Option<float> threshold = Number("--threshold", "0..1", "Score from which a box is a face.", 0.5f, t => t is > 0 and < 1, "above 0, below 1");
        Option<string?> trainedOn = Option("--trained-on", "TEXT", "What the manifest says about the training data.");
        var command = new Command("export-detector", "Makes a model of a trained face detector; checks it against torch.") { weights, data, folder, id, side, threshold, trainedOn };
        command.Does((result, cancellationToken) =>
        {
            TorchRuntime.Threads = 1;
            DetectorExportReport report = DetectorExporter.Export(
                result.GetRequiredValue(weights), result.GetRequiredValue(folder), Load(result.GetRequiredValue(data), "val", cancellationToken), new DetectorExportOptions
                {
                    Id = result.GetRequiredValue(id),
                    Size = result.GetValue(side) is > 0 and var pixels ? pixels : null,
                    ScoreThreshold = result.GetValue(threshold),
                    TrainedOn = result.GetValue(trainedOn),
                }, cancellationToken);
            Console.WriteLine(FormattableString.Invariant($"{report.ModelPath}: {report.Bytes} bytes, {report.Parameters} parameters"));
            Console.WriteLine(FormattableString.Invariant($"largest difference to torch: scores {report.ScoreDifference:g3}, boxes and points {report.BoxDifference:g3} cells"));
            Console.WriteLine(Figures(report.Figures));
        });
        return command;
    }

    private static Command CreatePreview()
    {
        Argument<string> recipe = Recipe(), data = Pictures(), file = Text("SHEET", "Where the drawing goes: .png, .jpg or .webp.");
        var command = new Command("preview-detector", "Draws composed pictures as training sees them.") { recipe, data, file };
        command.Does((result, cancellationToken) =>
        {
            DetectorRecipe read = DetectorRecipe.FromJson(RecipeFile.Read(result.GetRequiredValue(recipe)));
            using Frame sheet = ScenePreview.Draw(read, Load(result.GetRequiredValue(data), "val", cancellationToken));
            ImageFile.Save(result.GetRequiredValue(file), sheet.View);
        });
        return command;
    }

    private static DetectionPictures Load(string data, string part, CancellationToken cancellationToken)
    {
        DetectionPictures pictures = DetectionPictures.Load(data, part, cancellationToken);
        Say(FormattableString.Invariant($"{part}: {pictures.Count} pictures, {pictures.FaceCount} faces, {pictures.Bytes / 1048576} MiB in memory, {pictures.Info.Sha256}"));
        return pictures;
    }

    private static string Figures(DetectorFigures f) => FormattableString.Invariant(
        $"AP from 40 px {f.Precision40:f4} from 20 px {f.Precision20:f4}, at 0.5 recall {f.Recall:f4} false boxes {f.FalseBoxes:f3} a picture, points {f.PointError:f4}");

    private static string Losses(DetectorLoss loss) => FormattableString.Invariant($"loss scores {loss.Scores:f4} boxes {loss.Boxes:f4} points {loss.Points:f4}");

    /// <summary>Reports on the trainer's own thread, in order.</summary>
    private sealed class Reporter : IProgress<DetectorProgress>
    {
        private int _reports;

        public void Report(DetectorProgress value)
        {
            if (value.Finished is { } e)
            {
                Say(FormattableString.Invariant(
                    $"epoch {e.Epoch}/{value.Epochs} rate {e.LearningRate:f5} {Losses(e.Loss)} | validation {Figures(e.Validation)} | {e.Seconds:f0} s, {value.ImagesPerSecond:f0} images/s, left {value.Remaining:d\\.hh\\:mm\\:ss}"));
            }
            else if (_reports++ % 20 == 0)
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"  {value.Step}/{value.Steps} {Losses(value.Loss)} {value.ImagesPerSecond:f0} images/s, left {value.Remaining:d\\.hh\\:mm\\:ss}"));
            }
        }
    }
}
