using System.CommandLine;
using FerSharp.Media;
using FerSharp.Onnx;
using FerSharp.Training;
using static FerSharp.Train.Arguments;

namespace FerSharp.Train;

/// <summary>What the program does with expression classifiers.</summary>
internal static class ClassifierCommands
{
    public static IEnumerable<Command> Create() => [CreateTrain(), CreateExport(), CreateTeach(), CreatePreview()];

    private static Argument<string> Data() => Text(
        "DATA",
        "A folder: with fer2013.csv and, if at hand, fer2013new.csv (the votes of FER+); or their packed form; or folders train and validation with a folder for each class; or a folder for each class, a fifth of which validates.");

    private static Command CreateTrain()
    {
        Argument<string> recipe = Recipe(), data = Data(), folder = Text("FOLDER", "The run's files; a run that was stopped goes on.");
        Option<int> threads = Threads();
        Option<string[]> changes = Changes();
        Option<string?> start = Option("--start", "WEIGHTS", "Begin with the convolutions of a .safetensors, .onnx, .pth or .pt file.");
        Option<string?> whole = Option("--whole", "WEIGHTS", "Begin with all weights of an earlier run of the same network.");
        Option<string?> teacher = Option("--teacher", "LABELS", "Soft labels that teach made.");
        var command = new Command("train", "Trains an expression classifier by a recipe.") { recipe, data, folder, threads, changes, start, whole, teacher };
        command.Validators.Add(result =>
        {
            if (result.GetResult(start) is not null && result.GetResult(whole) is not null)
            {
                result.AddError("Use only one of --start and --whole.");
            }
        });
        command.Does((result, cancellationToken) =>
        {
            TrainingRecipe read = TrainingRecipe.FromJson(RecipeFile.Read(result.GetRequiredValue(recipe), result.GetRequiredValue(changes)));
            TorchRuntime.Threads = result.GetValue(threads);
            var pictures = new DataFolder(result.GetRequiredValue(data), cancellationToken);
            TrainingSet training = pictures.Learning(read.Network.InputSize), validation = pictures.Validation(read.Network.InputSize);
            if (result.GetValue(teacher) is { } labels)
            {
                training = training.WithTeacher(SoftLabels.FromCsv(File.ReadAllText(labels)));
            }
            else if (read.TeacherShare > 0)
            {
                throw new ArgumentException($"The recipe takes {read.TeacherShare:p0} of its targets from a teacher: give --teacher LABELS.");
            }

            var trainer = new Trainer(read, training, validation, result.GetRequiredValue(folder))
            {
                Start = result.GetValue(start) is { } some ? PretrainedWeights.Load(some) : result.GetValue(whole) is { } all ? PretrainedWeights.LoadWhole(all) : null,
            };
            Say($"{read.Name}: {training.Count} pictures to learn from, {validation.Count} to validate");
            trainer.Run(new Reporter(), cancellationToken);
        });
        return command;
    }

    private static Command CreateExport()
    {
        Argument<string> weights = Text("WEIGHTS", "A .safetensors file of a run."), data = Data(), folder = Text("FOLDER", "Where the model goes."), id = Text("ID", "The model's id.");
        var int8 = new Option<bool>("--int8") { Description = "Make an 8-bit graph, with ranges measured on training pictures." };
        Option<string?> trainedOn = Option("--trained-on", "TEXT", "What the manifest says about the training data.");
        Option<int> side = Number("--side", "PIXELS", "Side of the network's pictures.", 48, n => n is >= 8 and <= 1024, "from 8 to 1024");
        var command = new Command("export", "Makes a model of trained weights: an ONNX file and its manifests; checks it against torch.") { weights, data, folder, id, int8, trainedOn, side };
        command.Does((result, cancellationToken) =>
        {
            TorchRuntime.Threads = 1;
            var pictures = new DataFolder(result.GetRequiredValue(data), cancellationToken);
            ExportReport report = ModelExporter.Export(result.GetRequiredValue(weights), result.GetRequiredValue(folder), pictures.Validation(result.GetValue(side)), new ExportOptions
            {
                Id = result.GetRequiredValue(id),
                TrainedOn = result.GetValue(trainedOn),
                Calibration = result.GetValue(int8) ? pictures.Learning(result.GetValue(side)) : null,
            }, cancellationToken);
            Console.WriteLine(FormattableString.Invariant($"{report.ModelPath}: {report.Bytes} bytes"));
            Console.WriteLine(FormattableString.Invariant(
                $"largest difference to torch: consensus {report.ConsensusDifference:g3}, FER-2013 {report.Fer2013Difference:g3}, embedding {report.EmbeddingDifference:g3}"));
            Console.WriteLine($"torch:        {Figures(report.Torch)}");
            Console.WriteLine($"ONNX Runtime: {Figures(report.Exported)}");
            Console.WriteLine(FormattableString.Invariant($"temperatures: consensus {report.ConsensusTemperature:f3}, FER-2013 {report.Fer2013Temperature:f3}"));
        });
        return command;
    }

    private static Command CreateTeach()
    {
        Argument<string> data = Data(), file = Text("LABELS", "Where the soft labels go, a csv.");
        var models = new Argument<string[]>("MODEL") { Description = "Folders that export made; their two outputs teach the two label sets.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("teach", "Asks classifiers for soft labels of the training pictures, which a student learns from.") { data, file, models };
        command.Does((result, cancellationToken) =>
        {
            string[] folders = result.GetRequiredValue(models);
            List<OnnxEmotionClassifier> consensus = [.. folders.Select(folder => OnnxEmotionClassifier.Load(folder))];
            List<OnnxEmotionClassifier> fer2013 = [.. folders.Select(folder => OnnxEmotionClassifier.Load(Path.Combine(folder, "fer2013")))];
            SoftLabels labels = SoftLabels.Ask(new DataFolder(result.GetRequiredValue(data), cancellationToken).Learning(side: 48), consensus, fer2013, mirror: true, cancellationToken);
            File.WriteAllText(result.GetRequiredValue(file), labels.ToCsv());
            consensus.ForEach(teacher => teacher.Dispose());
            fer2013.ForEach(teacher => teacher.Dispose());
            Console.WriteLine($"{labels.Count} pictures, {labels.Sha256}");
        });
        return command;
    }

    private static Command CreatePreview()
    {
        Argument<string> recipe = Recipe(), data = Data(), file = Text("SHEET", "Where the drawing goes: .png, .jpg or .webp.");
        var command = new Command("preview", "Draws pictures and what training makes of them.") { recipe, data, file };
        command.Does((result, cancellationToken) =>
        {
            TrainingRecipe read = TrainingRecipe.FromJson(RecipeFile.Read(result.GetRequiredValue(recipe)));
            using Frame sheet = AugmentationPreview.Draw(read, new DataFolder(result.GetRequiredValue(data), cancellationToken).Learning(read.Network.InputSize));
            ImageFile.Save(result.GetRequiredValue(file), sheet.View);
        });
        return command;
    }

    private static string Figures(ValidationFigures f) =>
        FormattableString.Invariant($"FER-2013 {f.Fer2013:f4} FER+ 8 {f.Consensus8:f4} FER+ 7 {f.Consensus7:f4} loss {f.Loss:f4}");

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
