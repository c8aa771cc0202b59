using System.CommandLine;
using FerSharp.Cli.Inspection;
using FerSharp.Cli.Output;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp models list</c> and <c>fersharp models inspect</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create(Terminal terminal) => new("models", "Lists models and looks into them.") { CreateList(terminal), CreateInspect(terminal) };

    private static Command CreateList(Terminal terminal)
    {
        var folders = new Argument<string[]>("FOLDER") { Description = "Folders to look into, with all below them, for model.json files.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<bool>("--json") { Description = "Write one JSON document." };
        var command = new Command("list", "Lists the embedded models, and those in folders.") { folders, json };
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                ModelSummary[] models = [.. ModelCatalog.List(result.GetValue(folders) ?? [])];
                if (result.GetValue(json))
                {
                    terminal.Output.Write(CliJson.Document(new ModelListReport(RunReport.CurrentSchema, models)) + "\n");
                }
                else
                {
                    new ModelText(terminal).WriteList(models);
                }

                foreach (ModelSummary model in models)
                {
                    NoteFaults(terminal, model.Location, model.Faults);
                }

                return models.Any(model => model.Faults.Count > 0) ? ExitCode.SomeFailed : ExitCode.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command CreateInspect(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A folder with model.json, a manifest, or the id of an embedded model." };
        var json = new Option<bool>("--json") { Description = "Write one JSON document." };
        var command = new Command("inspect", "Shows a model's manifest, graph, size, hash and licence, and whether they fit together.") { model, json };
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                ModelReport report = ModelInspector.Inspect(result.GetRequiredValue(model));
                if (result.GetValue(json))
                {
                    terminal.Output.Write(CliJson.Document(report) + "\n");
                }
                else
                {
                    new ModelText(terminal).WriteModel(report);
                }

                NoteFaults(terminal, report.Location, report.Faults);
                return report.Faults.Count > 0 ? ExitCode.ModelOrRuntime : ExitCode.Ok;
            },
            cancellationToken));
        return command;
    }

    private static void NoteFaults(Terminal terminal, string location, IReadOnlyList<string> faults)
    {
        foreach (string fault in faults)
        {
            terminal.Note($"error: {location}: {fault}");
        }
    }
}
