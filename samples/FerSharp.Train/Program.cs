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
        ["preview", var recipe, var data, var file] => Commands.Preview(recipe, data, file, stop.Token),
        ["train-detector", var recipe, var data, var folder, .. var rest] => DetectorCommands.Train(recipe, data, folder, rest, stop.Token),
        ["export-detector", var weights, var data, var folder, var id, .. var rest] => DetectorCommands.Export(weights, data, folder, id, rest, stop.Token),
        ["preview-detector", var recipe, var data, var file] => DetectorCommands.Preview(recipe, data, file, stop.Token),
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
        fersharp-train train RECIPE.json DATA FOLDER [threads=1] [start=WEIGHTS | whole=WEIGHTS] [teacher=LABELS.csv]
        fersharp-train export WEIGHTS.safetensors DATA FOLDER ID [int8] [trained-on=TEXT]
        fersharp-train teach DATA LABELS.csv MODEL-FOLDER...
        fersharp-train preview RECIPE.json DATA SHEET.png
        DATA holds fer2013.csv and, if at hand, fer2013new.csv (the votes of FER+); or their packed form; or folders train and validation with a
        folder for each class; or a folder for each class, a fifth of which validates.
        MODEL-FOLDER is what export made; its two outputs teach the two label sets.

        fersharp-train train-detector RECIPE.json PICTURES FOLDER [threads=1]
        fersharp-train export-detector WEIGHTS.safetensors PICTURES FOLDER ID [side=320] [threshold=0.5] [trained-on=TEXT]
        fersharp-train preview-detector RECIPE.json PICTURES SHEET.png
        PICTURES holds labels.csv or labels.csv.gz (file, split, box, five points, ignore) and the pictures, as files or in .tar.gz archives.
        """);
    return 2;
}
