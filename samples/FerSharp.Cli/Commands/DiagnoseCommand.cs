using System.CommandLine;
using FerSharp.Cli.Inspection;
using FerSharp.Cli.Output;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp diagnose</c>.</summary>
internal static class DiagnoseCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Write one JSON document." };
        var command = new Command("diagnose", "Checks what FerSharp needs of this machine, and runs the embedded models once.") { json };
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                DiagnosisReport report = MachineCheck.Run(cancellationToken);
                if (result.GetValue(json))
                {
                    terminal.Output.Write(CliJson.Document(report) + "\n");
                }
                else
                {
                    DiagnosisText.Write(report, terminal);
                }

                return report.Healthy ? ExitCode.Ok : ExitCode.ModelOrRuntime;
            },
            cancellationToken));
        return command;
    }
}
