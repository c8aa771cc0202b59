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
                Text(report.Predictions.Model.Id),
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

    public void Write(RobustnessReport report)
    {
        terminal.Output.WriteLine("made worse: a missed face is a wrong answer; abstained: «low quality» or «uncertain» in the place of an answer");
        Table table = Columns("pictures", "accuracy", "drop", "macro F1", "abstained", "right if answered");
        foreach (RobustnessRow row in report.Rows.Prepend(report.Clean))
        {
            table.AddRow(
                row.Name,
                Number(row.Accuracy.Estimate),
                row.Perturbation is null ? "" : Number(row.AccuracyDrop.Estimate, "+0.000;-0.000;0.000"),
                Number(row.MacroF1.Estimate),
                row.Abstention.Abstained is { } abstained ? Number(abstained.Estimate) : "",
                row.Abstention.AccuracyOnAnswered is { } right ? Number(right.Estimate) : "");
        }

        _console.Write(table);
    }

    public void Write(FairnessReport report)
    {
        foreach (string note in report.Notes)
        {
            terminal.Output.WriteLine(Terminal.Printable(note));
        }

        foreach (TagFairness tag in report.Tags)
        {
            terminal.Output.WriteLine(Terminal.Printable($"{tag.Tag}: {tag.Statement}"));
            Table table = Columns(tag.Tag, "pictures", "accuracy", "95 % interval", "macro recall", "compared");
            foreach (GroupMetrics group in tag.Groups)
            {
                table.AddRow(
                    Text(group.Group),
                    Number(group.Count, "0"),
                    Number(group.WilsonAccuracy.Estimate),
                    Range(group.Accuracy ?? group.WilsonAccuracy),
                    group.MacroRecall is { } recall ? Number(recall.Estimate) : "",
                    group.IsCompared ? "yes" : "no");
            }

            _console.Write(table);
        }
    }

    public void Write(IReadOnlyList<DetectionReport> reports)
    {
        terminal.Output.WriteLine(Terminal.Printable($"{reports[0].Dataset.Name}: {reports[0].Pictures} pictures"));
        if (reports.Any(report => report.Boxes is not null))
        {
            Table table = Columns("detector", "AP", "recall", "precision", "recall*", "recall**");
            foreach (DetectionReport report in reports.Where(report => report.Boxes is not null))
            {
                table.AddRow(
                    Text(report.Model.Id),
                    Number(report.Boxes!.AveragePrecision),
                    Number(report.Boxes.Recall),
                    Number(report.Boxes.Precision),
                    Number(report.AtPrecision?.Recall ?? 0),
                    Number(report.AtFalseBoxes?.Recall ?? 0));
            }

            _console.Write(table);
            terminal.Output.WriteLine("recall and precision at each detector's threshold; * at precision 0.9, ** at one false box a picture");
        }

        if (reports.Any(report => report.Landmarks is not null || report.Counts is not null))
        {
            Table table = Columns("detector", "landmarks", "counted", "found", "surplus");
            foreach (DetectionReport report in reports)
            {
                table.AddRow(
                    Text(report.Model.Id),
                    report.Landmarks is { } points ? Number(points.Mean) : "",
                    report.Counts is { } counts ? Number(counts.Faces, "0") : "",
                    report.Counts is { } found ? Number(found.Found, "0") : "",
                    report.Counts is { } surplus ? Number(surplus.Surplus, "0") : "");
            }

            _console.Write(table);
            terminal.Output.WriteLine("landmarks: mean error over the eyes' distance; counted: faces of pictures without boxes, of them found at most, surplus at least");
        }
    }

    public void Write(DatasetReport report)
    {
        Table table = Columns(["class", .. report.Parts.Select(part => part.Name), "share", "balanced weight"]);
        foreach (Emotion emotion in report.Classes.Present.ToArray())
        {
            table.AddRow(
            [
                Name(emotion),
                .. report.Parts.Select(part => Number(part.Classes[emotion], "0")),
                Number(report.Classes.ShareOf(emotion)),
                Number(report.Classes.BalancedWeights[(int)emotion], "0.00"),
            ]);
        }

        table.AddRow(["no label", .. report.Parts.Select(part => Number(part.Unlabelled, "0")), "", ""]);
        _console.Write(table);
        if (report.Classes is { Rarest: { } rarest, Largest: { } largest })
        {
            terminal.Output.WriteLine($"rarest {Name(rarest)}, largest {Name(largest)}: {Number(report.Classes.Ratio, "0.0")} times as many");
        }

        foreach (DatasetPart part in report.Parts)
        {
            terminal.Output.WriteLine(Terminal.Printable(
                $"{part.Name}: {part.Pictures} pictures, width {part.Widths.Minimum} to {part.Widths.Maximum}, height {part.Heights.Minimum} to {part.Heights.Maximum}, pixel mean {Number(part.Pixels.Gray.UnitMean, "0.0000")}, deviation {Number(part.Pixels.Gray.UnitStandardDeviation, "0.0000")} of 1; SHA-256 {part.Info.Sha256}"));
        }

        foreach (DuplicateSearch search in report.Duplicates)
        {
            string where = search.IsWithin ? $"within {report.Parts[search.FirstPart].Name}" : $"between {report.Parts[search.FirstPart].Name} and {report.Parts[search.SecondPart].Name}";
            terminal.Output.WriteLine(Terminal.Printable(
                $"{where}: {search.Leaks.Pairs.Count(pair => pair.Identical)} identical pairs ({search.IdenticalWithOtherLabel} with different labels), {search.Leaks.Pairs.Count(pair => !pair.Identical)} nearly identical"));
        }
    }

    public void Write(CalibrationResult result)
    {
        terminal.Output.WriteLine(Terminal.Printable(
            $"{result.Model.Id}: temperature {Number(result.Temperature, "0.####")} (fitted on {result.Fit.FittedOn.Name} {result.Fit.FittedOn.Split}: {Number(result.Fit.Temperature, "0.####")} times the one of the manifest)"));
        terminal.Output.WriteLine(Terminal.Printable($"on {result.Report.Part.Name} {result.Report.Part.Split}, which the fit has not seen:"));
        Table table = Columns("figure", "before", "after");
        table.AddRow("log-loss", Number(result.Report.LogLossBefore), Number(result.Report.LogLossAfter));
        table.AddRow("calibration error, equal width", Number(result.Report.Before.EqualWidthError), Number(result.Report.After.EqualWidthError));
        table.AddRow("calibration error, equal mass", Number(result.Report.Before.EqualMassError), Number(result.Report.After.EqualMassError));
        _console.Write(table);
    }

    private static string Text(string name) => Markup.Escape(Terminal.Printable(name));

    private static Table Columns(params ReadOnlySpan<string> names)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < names.Length; i++)
        {
            var column = new TableColumn(Text(names[i])) { NoWrap = true };
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        return table;
    }

    private static string Name(Emotion emotion) => emotion.ToString().ToLowerInvariant();

    private static string Range(Interval interval) => $"{Number(interval.Lower)} to {Number(interval.Upper)}";

    private static string Number(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}
