using System.Globalization;
using FerSharp.Evaluation;
using FerSharp.Training;

if (args.Length < 3)
{
    Console.Error.WriteLine("fersharp-train RECIPE.json DATA-FOLDER RUN-FOLDER [threads]");
    return 2;
}

string data = args[1];
TrainingRecipe recipe = TrainingRecipe.FromJson(File.ReadAllText(args[0]));
using var stop = new CancellationTokenSource();
using var interrupted = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, context => { context.Cancel = true; stop.Cancel(); });
using var ended = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context => { context.Cancel = true; stop.Cancel(); });
TorchRuntime.Threads = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1;
TrainingSet training = Read("Training", new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest", "PrivateTest"], LeaveOutNotAFace = true, LeaveOutFlat = true });
TrainingSet validation = Read("PublicTest", new FaceDatasetOptions());
Console.WriteLine(FormattableString.Invariant($"{DateTimeOffset.Now:HH:mm:ss} {recipe.Name}: {training.Count} pictures to learn from, {validation.Count} to validate"));
int lines = 0;
try
{
    new Trainer(recipe, training, validation, args[2]).Run(new Reporter(Report), stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    Console.WriteLine("stopped; the same command goes on from the last epoch");
    return 130;
}

TrainingSet Read(string usage, FaceDatasetOptions options)
{
    string pictures = Path.Combine(data, "fer2013_train_val.bin.gz"), labels = Path.Combine(data, "fer2013_train_val_labels.csv.gz");
    FaceDataset own = FaceDatasets.Packed(pictures, labels, usage, LabelSet.Fer2013, options, stop.Token);
    FaceDataset agreed = FaceDatasets.Packed(pictures, labels, usage, LabelSet.FerPlusMajority, options, stop.Token);
    foreach ((string rule, int count) in own.LeftOut)
    {
        Console.WriteLine($"{usage}: left out {count}: {rule}");
    }

    return TrainingSet.From(own, agreed, stop.Token);
}

void Report(TrainingProgress p)
{
    if (p.Finished is { } e)
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{DateTimeOffset.Now:HH:mm:ss} epoch {e.Epoch}/{p.Epochs} size {e.Size} rate {e.LearningRate:f5} loss {e.Loss:f4} | validation loss {e.ValidationLoss:f4} FER-2013 {e.Fer2013:f4} FER+ 8 {e.Consensus8:f4} FER+ 7 {e.Consensus7:f4} | {e.Seconds:f0} s, {p.ImagesPerSecond:f0} images/s, left {p.Remaining:d\\.hh\\:mm\\:ss}"));
    }
    else if (lines++ % 20 == 0)
    {
        Console.WriteLine(FormattableString.Invariant($"  {p.Step}/{p.Steps} loss {p.Loss:f4} {p.ImagesPerSecond:f0} images/s, left {p.Remaining:d\\.hh\\:mm\\:ss}"));
    }
}

/// <summary>Reports on the trainer's own thread, in order.</summary>
internal sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value);
}
