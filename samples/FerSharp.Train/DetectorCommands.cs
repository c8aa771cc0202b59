using System.Globalization;
using FerSharp.Media;
using FerSharp.Training;

namespace FerSharp.Train;

/// <summary>What the program does with detectors.</summary>
internal static class DetectorCommands
{
    public static int Train(string recipePath, string data, string folder, string[] options, CancellationToken cancellationToken)
    {
        DetectorRecipe recipe = DetectorRecipe.FromJson(File.ReadAllText(recipePath));
        TorchRuntime.Threads = int.Parse(Commands.Option(options, "threads") ?? "1", CultureInfo.InvariantCulture);
        DetectionPictures training = Load(data, "train", cancellationToken), validation = Load(data, "val", cancellationToken);
        Commands.Say($"{recipe.Name}: {recipe.Epochs} epochs of {recipe.PicturesPerEpoch} composed pictures");
        new DetectorTrainer(recipe, training, validation, folder).Run(new Reporter(), cancellationToken);
        return 0;
    }

    public static int Export(string weights, string data, string folder, string id, string[] options, CancellationToken cancellationToken)
    {
        TorchRuntime.Threads = 1;
        DetectorExportReport report = DetectorExporter.Export(weights, folder, Load(data, "val", cancellationToken), new DetectorExportOptions
        {
            Id = id,
            Size = Commands.Option(options, "side") is { } side ? int.Parse(side, CultureInfo.InvariantCulture) : null,
            ScoreThreshold = float.Parse(Commands.Option(options, "threshold") ?? "0.5", CultureInfo.InvariantCulture),
            TrainedOn = Commands.Option(options, "trained-on"),
        }, cancellationToken);
        Console.WriteLine(FormattableString.Invariant($"{report.ModelPath}: {report.Bytes} bytes, {report.Parameters} parameters"));
        Console.WriteLine(FormattableString.Invariant($"largest difference to torch: scores {report.ScoreDifference:g3}, boxes and points {report.BoxDifference:g3} cells"));
        Console.WriteLine(Figures(report.Figures));
        return 0;
    }

    public static int Preview(string recipePath, string data, string file, CancellationToken cancellationToken)
    {
        DetectorRecipe recipe = DetectorRecipe.FromJson(File.ReadAllText(recipePath));
        using Frame sheet = ScenePreview.Draw(recipe, Load(data, "val", cancellationToken));
        ImageFile.Save(file, sheet.View);
        return 0;
    }

    private static DetectionPictures Load(string data, string part, CancellationToken cancellationToken)
    {
        DetectionPictures pictures = DetectionPictures.Load(data, part, cancellationToken);
        Commands.Say(FormattableString.Invariant($"{part}: {pictures.Count} pictures, {pictures.FaceCount} faces, {pictures.Bytes / 1048576} MiB in memory, {pictures.Info.Sha256}"));
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
                Commands.Say(FormattableString.Invariant(
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
