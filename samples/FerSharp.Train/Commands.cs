using System.Globalization;
using FerSharp.Media;
using FerSharp.Onnx;
using FerSharp.Training;

namespace FerSharp.Train;

/// <summary>What the program does, from a shell's arguments.</summary>
internal static class Commands
{
    public static int Train(string recipePath, string data, string folder, string[] options, CancellationToken cancellationToken)
    {
        TrainingRecipe recipe = TrainingRecipe.FromJson(File.ReadAllText(recipePath));
        TorchRuntime.Threads = int.Parse(Option(options, "threads") ?? "1", CultureInfo.InvariantCulture);
        var pictures = new DataFolder(data, cancellationToken);
        TrainingSet training = pictures.Learning(recipe.Network.InputSize), validation = pictures.Validation(recipe.Network.InputSize);
        if (Option(options, "teacher") is { } labels)
        {
            training = training.WithTeacher(SoftLabels.FromCsv(File.ReadAllText(labels)));
        }

        var trainer = new Trainer(recipe, training, validation, folder)
        {
            Start = Option(options, "start") is { } start ? PretrainedWeights.Load(start) : Option(options, "whole") is { } whole ? PretrainedWeights.LoadWhole(whole) : null,
        };
        Say($"{recipe.Name}: {training.Count} pictures to learn from, {validation.Count} to validate");
        trainer.Run(new Reporter(), cancellationToken);
        return 0;
    }

    public static int Export(string weights, string data, string folder, string id, string[] options, CancellationToken cancellationToken)
    {
        TorchRuntime.Threads = 1;
        var pictures = new DataFolder(data, cancellationToken);
        int side = int.Parse(Option(options, "side") ?? "48", CultureInfo.InvariantCulture);
        ExportReport report = ModelExporter.Export(weights, folder, pictures.Validation(side), new ExportOptions
        {
            Id = id,
            TrainedOn = Option(options, "trained-on"),
            Calibration = options.Contains("int8") ? pictures.Learning(side) : null,
        }, cancellationToken);
        Console.WriteLine(FormattableString.Invariant($"{report.ModelPath}: {report.Bytes} bytes"));
        Console.WriteLine(FormattableString.Invariant(
            $"largest difference to torch: consensus {report.ConsensusDifference:g3}, FER-2013 {report.Fer2013Difference:g3}, embedding {report.EmbeddingDifference:g3}"));
        Console.WriteLine($"torch:        {Figures(report.Torch)}");
        Console.WriteLine($"ONNX Runtime: {Figures(report.Exported)}");
        Console.WriteLine(FormattableString.Invariant($"temperatures: consensus {report.ConsensusTemperature:f3}, FER-2013 {report.Fer2013Temperature:f3}"));
        return 0;
    }

    public static int Teach(string data, string file, string[] folders, CancellationToken cancellationToken)
    {
        List<OnnxEmotionClassifier> consensus = [.. folders.Select(folder => OnnxEmotionClassifier.Load(folder))];
        List<OnnxEmotionClassifier> fer2013 = [.. folders.Select(folder => OnnxEmotionClassifier.Load(Path.Combine(folder, "fer2013")))];
        SoftLabels labels = SoftLabels.Ask(new DataFolder(data, cancellationToken).Learning(side: 48), consensus, fer2013, mirror: true, cancellationToken);
        File.WriteAllText(file, labels.ToCsv());
        consensus.ForEach(teacher => teacher.Dispose());
        fer2013.ForEach(teacher => teacher.Dispose());
        Console.WriteLine($"{labels.Count} pictures, {labels.Sha256}");
        return 0;
    }

    public static int Preview(string recipePath, string data, string file, CancellationToken cancellationToken)
    {
        TrainingRecipe recipe = TrainingRecipe.FromJson(File.ReadAllText(recipePath));
        using Frame sheet = AugmentationPreview.Draw(recipe, new DataFolder(data, cancellationToken).Learning(recipe.Network.InputSize));
        ImageFile.Save(file, sheet.View);
        return 0;
    }

    public static string? Option(string[] options, string name) =>
        options.FirstOrDefault(option => option.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static string Figures(ValidationFigures f) =>
        FormattableString.Invariant($"FER-2013 {f.Fer2013:f4} FER+ 8 {f.Consensus8:f4} FER+ 7 {f.Consensus7:f4} loss {f.Loss:f4}");

    public static void Say(string text) => Console.WriteLine(FormattableString.Invariant($"{DateTimeOffset.Now:HH:mm:ss} {text}"));

    /// <summary>Reports on the trainer's own thread, in order.</summary>
    private sealed class Reporter : IProgress<TrainingProgress>
    {
        private int _reports;

        public void Report(TrainingProgress value)
        {
            if (value.Finished is { } e)
            {
                Say(FormattableString.Invariant(
                    $"epoch {e.Epoch}/{value.Epochs} size {e.Size} rate {e.LearningRate:f5} loss {e.Loss:f4} | validation {Figures(e.Validation)} | {e.Seconds:f0} s, {value.ImagesPerSecond:f0} images/s, left {value.Remaining:d\\.hh\\:mm\\:ss}"));
            }
            else if (_reports++ % 20 == 0)
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"  {value.Step}/{value.Steps} loss {value.Loss:f4} {value.ImagesPerSecond:f0} images/s, left {value.Remaining:d\\.hh\\:mm\\:ss}"));
            }
        }
    }
}
