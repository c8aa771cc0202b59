using System.CommandLine;
using System.CommandLine.Invocation;
using FerSharp.Cli.Commands;
using FerSharp.Cli.Training;

namespace FerSharp.Cli;

/// <summary>The command line as a function: arguments in, text and an exit code out.</summary>
internal static class CliProgram
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="stdout">Receives results and nothing else.</param>
    /// <param name="stderr">Receives errors, notes, progress and timings.</param>
    /// <param name="cancellationToken">Ends the run with <see cref="ExitCode.Cancelled"/>, as Ctrl+C does.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter stdout, TextWriter stderr, CancellationToken cancellationToken = default)
    {
        var terminal = new Terminal(stdout, stderr);
        if (TrainingProgram.Handles(args))
        {
            return await TrainingProgram.RunAsync(args, terminal, cancellationToken).ConfigureAwait(false);
        }

        ParseResult result = CreateRoot(terminal).Parse(args);
        if (result.Action is ParseErrorAction)
        {
            foreach (string message in result.Errors.Select(error => error.Message).Distinct())
            {
                terminal.Note($"error: {message}");
            }

            terminal.Note($"Try: fersharp {CommandPath(result)}--help");
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = stdout,
            Error = stderr,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        };
        return await result.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }

    private static RootCommand CreateRoot(Terminal terminal)
    {
        var root = new RootCommand("Finds faces in pictures and reads their expressions. Scores say how a face looks to a model, not what a person feels.")
        {
            AnalyzeCommand.Create(terminal),
            VideoCommand.Create(terminal),
            LiveCommand.Create(terminal),
            DatasetCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            EvaluateDetectorCommand.Create(terminal),
            CompareCommand.Create(terminal),
            CalibrateCommand.Create(terminal),
            TrainHeadCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            DiagnoseCommand.Create(terminal),
        };
        foreach (Command command in TrainingProgram.Commands)
        {
            root.Add(command);
        }

        return root;
    }

    private static string CommandPath(ParseResult result)
    {
        string path = "";
        for (System.CommandLine.Parsing.SymbolResult? level = result.CommandResult; level is System.CommandLine.Parsing.CommandResult { Parent: not null } command; level = level.Parent)
        {
            path = $"{command.Command.Name} {path}";
        }

        return path;
    }
}
