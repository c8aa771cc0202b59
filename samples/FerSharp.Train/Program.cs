using System.Runtime.InteropServices;
using FerSharp.Train;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return args switch
    {
        ["train", var recipe, var data, var folder, .. var rest] => Commands.Train(recipe, data, folder, rest, stop.Token),
        ["export", var weights, var data, var folder, var id, .. var rest] => Commands.Export(weights, data, folder, id, rest, stop.Token),
        ["teach", var data, var file, .. var teachers] => Commands.Teach(data, file, teachers, stop.Token),
        _ => Usage(),
    };
}
catch (OperationCanceledException)
{
    Console.WriteLine("stopped; the same command goes on from the last epoch");
    return 130;
}
catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or FerSharp.FerModelException or FerSharp.FerInferenceException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("""
        fersharp-train train RECIPE.json DATA FOLDER [threads=1] [start=WEIGHTS] [teacher=LABELS.csv]
        fersharp-train export WEIGHTS.safetensors DATA FOLDER ID [int8]
        fersharp-train teach DATA LABELS.csv MODEL-FOLDER...
        DATA holds fer2013_train_val.bin.gz and fer2013_train_val_labels.csv.gz, or fer2013.csv and fer2013new.csv.
        MODEL-FOLDER is what export made; its two outputs teach the two label sets.
        """);
    return 2;
}
