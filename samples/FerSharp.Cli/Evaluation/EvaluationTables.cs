using System.Globalization;
using FerSharp.Evaluation;
using Spectre.Console;

namespace FerSharp.Cli.Evaluation;

/// <summary>Shows evaluations on standard output.</summary>
internal sealed class EvaluationTables(Terminal terminal)
{
    private static readonly string[] Short = ["macroF1", "balancedAccuracy", "accuracy", "matthewsCorrelation", "topTwoAccuracy", "logLoss", "calibrationErrorEqualMass", "riskCoverageArea"];

    private readonly IAnsiConsole _console = terminal.CreateConsole(terminal.Output);

    public void Write(EvaluationReport report)
    {
        PredictionSet run = report.Predictions;
        terminal.Output.WriteLine(Terminal.Printable(
            $"{run.Model.Id} {run.Model.Version} on {run.Dataset.Name} {run.Dataset.Split}: {report.Samples.Count} pictures, {Number(run.SamplesPerSecond, "0")} a second"));
        Table table = Columns("figure", "value", "95 % interval", "always " + Name(report.Metrics.Baselines.MajorityClass));
        IReadOnlyDictionary<string, Interval> intervals = report.FigureIntervals;
        foreach (ReportFigure figure in report.Figures.Where(figure => Short.Contains(figure.Name)))
        {
            table.AddRow(
                figure.Name,
                Number(figure.Value),
                intervals.TryGetValue(figure.Name, out Interval interval) ? Range(interval) : "",
                figure.Name switch
                {
                    "macroF1" => Number(report.Metrics.Baselines.MajorityMacroF1),
                    "accuracy" => Number(report.Metrics.Baselines.MajorityAccuracy),
                    _ => "",
                });
        }

        _console.Write(table);
        if (run.Detector is not null)
        {
            terminal.Output.WriteLine($"faces found {Number(report.Coverage.Found.Estimate)}; accuracy on all pictures, a missed face being an error, {Number(report.Coverage.OnAll.Estimate)} ({Range(report.Coverage.OnAll)})");
        }

        Table classes = Columns("class", "precision", "recall", "F1", "pictures");
        foreach (ClassMetrics one in report.Metrics.Classes)
        {
            classes.AddRow(Name(one.Emotion), Number(one.Precision), Number(one.Recall), Number(one.F1), Number(one.Support, "0"));
        }

        _console.Write(classes);
    }

    public void Write(ModelComparison comparison)
    {
        DatasetInfo data = comparison.Reports[0].Predictions.Dataset;
        terminal.Output.WriteLine(Terminal.Printable($"{data.Name} {data.Split}: {comparison.Reports[0].Predictions.Predictions.Count} pictures; p: exact McNemar test against the first model, with Holm's correction"));
        Table table = Columns("model", "macro F1", "accuracy", "95 % interval", "p");
        foreach (ModelComparisonRow row in comparison.Rows)
        {
            EvaluationReport report = row.Report;
            table.AddRow(
                Markup.Escape(Terminal.Printable(report.Predictions.Model.Id)),
                Number(report.Metrics.MacroF1),
                Number(report.Coverage.OnAll.Estimate),
                Range(report.Coverage.OnAll),
                row.HolmP is { } p ? p < 0.0001 ? "< 0.0001" : Number(p, "0.0000") : "");
        }

        Baselines baselines = comparison.Reports[0].Metrics.Baselines;
        table.AddRow("always " + Name(baselines.MajorityClass), Number(baselines.MajorityMacroF1), Number(baselines.MajorityAccuracy), "", "");
        _console.Write(table);
    }

    public void Write(ReportGate gate)
    {
        terminal.Output.WriteLine(Terminal.Printable($"{gate.Candidate.Predictions.Model.Id} {gate.Candidate.Predictions.Model.Version} against {gate.Baseline.Predictions.Model.Id} {gate.Baseline.Predictions.Model.Version}"));
        Table table = Columns("figure", "baseline", "candidate", "may lose", "");
        foreach (GateRow row in gate.Rows.Where(row => row.Tolerance is not null))
        {
            table.AddRow(row.Name, Number(row.Baseline), Number(row.Candidate), Number(row.Tolerance!.Value, "0.###"), row.Verdict switch { GateVerdict.Worse => "WORSE", GateVerdict.Better => "better", _ => "" });
        }

        _console.Write(table);
        if (gate.Paired is { } paired)
        {
            terminal.Output.WriteLine(
                $"accuracy {Number(paired.AccuracyDifference.Estimate, "+0.0000;-0.0000;0.0000")} ({Range(paired.AccuracyDifference)}); only the baseline is right on {paired.OnlyFirstRight} pictures, only the candidate on {paired.OnlySecondRight}; McNemar p = {Number(paired.McNemarP, "0.0000")}");
        }

        terminal.Output.WriteLine(gate.Passed ? "passed" : "failed");
    }

    private static Table Columns(params ReadOnlySpan<string> names)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < names.Length; i++)
        {
            var column = new TableColumn(names[i]) { NoWrap = true };
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        return table;
    }

    private static string Name(Emotion emotion) => emotion.ToString().ToLowerInvariant();

    private static string Range(Interval interval) => $"{Number(interval.Lower)} to {Number(interval.Upper)}";

    private static string Number(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}
