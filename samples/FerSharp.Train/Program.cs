using System.CommandLine;
using FerSharp;
using FerSharp.Train;

var root = new RootCommand("Trains expression classifiers and face detectors. `fersharp train` and its like call this program.");
foreach (Command command in ClassifierCommands.Create().Concat(DetectorCommands.Create()))
{
    root.Add(command);
}

ParseResult line = root.Parse(args);
if (line.Errors.Count > 0 && line.Action is System.CommandLine.Invocation.ParseErrorAction)
{
    foreach (string message in line.Errors.Select(error => error.Message).Distinct())
    {
        Console.Error.WriteLine($"error: {message}");
    }

    Console.Error.WriteLine($"Try: fersharp-train {(line.CommandResult.Command is RootCommand ? "" : line.CommandResult.Command.Name + " ")}--help");
    return 2;
}

try
{
    // A step ends before the program does.
    return await line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) }).ConfigureAwait(false);
}
catch (OperationCanceledException)
{
    Console.WriteLine("stopped; the same command goes on from the last epoch");
    return 130;
}
catch (Exception e) when (e is FerModelException or FerInferenceException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 3;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
