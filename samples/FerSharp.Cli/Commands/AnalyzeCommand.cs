using System.CommandLine;
using FerSharp.Cli.Analysis;
using FerSharp.Cli.Output;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp analyze</c>: its options, and what they may be.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Pictures, and folders of pictures.", Arity = ArgumentArity.OneOrMore };
        var recursive = new Option<bool>("--recursive", "-r") { Description = "Look into the folders below the given ones too." };
        var json = new Option<bool>("--json") { Description = "Write one JSON document." };
        var jsonLines = new Option<bool>("--jsonl") { Description = "Write one line of JSON for each picture, as soon as it is done." };
        var csv = new Option<bool>("--csv") { Description = "Write one line for each face, as soon as its picture is done." };
        var output = Text("--out", "FILE", "Write the results to this file, not to standard output.");
        var draw = Text("--draw", "DIR", "Write copies of the pictures with the results drawn on them into this folder.");
        var models = new ModelOptions("picture");
        var timings = new Option<bool>("--timings") { Description = "Write to standard error how long each stage took." };
        Option<int?> repeat = Number<int>("--repeat", "N", "With --timings: analyse each picture so many times; the first of them is not counted.", n => n is >= 2 and <= 1_000_000, "from 2 to 1000000");

        var command = new Command("analyze", "Finds the faces in pictures and reads their expressions.")
        {
            paths, recursive, json, jsonLines, csv, output, draw,
        };
        models.AddTo(command);
        command.Add(timings);
        command.Add(repeat);
        command.Validators.Add(result =>
        {
            if (new[] { json, jsonLines, csv }.Count(option => result.GetValue(option)) > 1)
            {
                result.AddError("Use only one of --json, --jsonl and --csv.");
            }

            if (result.GetResult(repeat) is not null && !result.GetValue(timings))
            {
                result.AddError("--repeat is for measuring; use it with --timings.");
            }

            foreach (string path in result.GetResult(paths)?.Tokens.Select(token => token.Value) ?? [])
            {
                if (string.IsNullOrWhiteSpace(path))
                {
                    result.AddError("A path is empty.");
                }
                else if (path.StartsWith('-') && !Path.Exists(path))
                {
                    result.AddError($"There is no option '{path}'.");
                }
            }
        });
        command.SetAction((result, cancellationToken) =>
        {
            var settings = new AnalyzeSettings
            {
                Paths = result.GetRequiredValue(paths),
                Recursive = result.GetValue(recursive),
                Format = result.GetValue(json) ? ReportFormat.Json : result.GetValue(jsonLines) ? ReportFormat.JsonLines : result.GetValue(csv) ? ReportFormat.Csv : ReportFormat.Table,
                OutputFile = result.GetValue(output),
                DrawFolder = result.GetValue(draw),
                Models = models.Read(result),
                Timings = result.GetValue(timings),
                Repeat = result.GetValue(repeat) ?? 1,
            };
            return terminal.RunAsync(() => new AnalyzeRun(settings, terminal).Run(cancellationToken), cancellationToken);
        });
        return command;
    }
}
