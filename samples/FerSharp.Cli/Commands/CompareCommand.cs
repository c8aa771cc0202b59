using System.CommandLine;
using System.Globalization;
using FerSharp.Cli.Evaluation;
using FerSharp.Evaluation;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp compare</c>: the regression gate over reports.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var baseline = new Argument<string>("BASELINE") { Description = "The report that sets the measure: a .json that evaluate wrote." };
        var candidates = new Argument<string[]>("REPORT") { Description = "Reports that are judged by it.", Arity = ArgumentArity.OneOrMore };
        var tolerances = new Option<string[]>("--tolerance")
        {
            Description = "How much a figure may lose, such as accuracy=0.01, recall=0.05 (every class), recall.fear=0.1; inf switches a check off. Repeatable.",
            HelpName = "FIGURE=VALUE",
        };
        var otherData = new Option<bool>("--allow-different-data") { Description = "Compare reports that are on different data." };
        Option<string?> output = CliOptions.Text("--out", "DIR", "Write the table of models into this folder, as Markdown and a page.");
        var command = new Command("compare", "Compares reports with a baseline. Exit code 4 when a figure lost more than it may.") { baseline, candidates, tolerances, otherData, output };
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                var options = new GateOptions { Tolerances = Parse(result.GetValue(tolerances) ?? []), AllowDifferentData = result.GetValue(otherData) };
                EvaluationReport first = Read(result.GetRequiredValue(baseline));
                EvaluationReport[] others = [.. result.GetRequiredValue(candidates).Select(Read)];
                var tables = new EvaluationTables(terminal);
                bool passed = true;
                try
                {
                    foreach (EvaluationReport candidate in others)
                    {
                        ReportGate gate = ReportGate.Compare(first, candidate, options, cancellationToken);
                        tables.Write(gate);
                        passed &= gate.Passed;
                    }

                    if (result.GetValue(output) is { } folder)
                    {
                        EvaluationFiles.Write(folder, "comparison", ModelComparison.Of([first, .. others], cancellationToken).ToDocument());
                    }
                }
                catch (ArgumentException e)
                {
                    throw new CliException(ExitCode.Usage, e.Message);
                }

                return passed ? ExitCode.Ok : ExitCode.GateFailed;
            },
            cancellationToken));
        return command;
    }

    private static EvaluationReport Read(string path)
    {
        try
        {
            return EvaluationReport.FromJson(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CliException(ExitCode.SomeFailed, $"{path}: {e.Message}");
        }
    }

    private static Dictionary<string, double> Parse(string[] texts)
    {
        var tolerances = new Dictionary<string, double>();
        foreach (string text in texts)
        {
            string[] parts = text.Split('=', 2);
            double value = double.NaN;
            bool good = parts.Length == 2 && (parts[1] == "inf" || double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out value));
            value = good && parts[1] == "inf" ? double.PositiveInfinity : value;
            if (!good || !(value >= 0))
            {
                throw new CliException(ExitCode.Usage, $"--tolerance: '{text}' is not FIGURE=VALUE with a value of at least 0.");
            }

            tolerances[parts[0]] = value;
        }

        return tolerances;
    }
}
