using System.Globalization;
using FerSharp.Evaluation;
using FerSharp.MLNet;
using Spectre.Console;

namespace FerSharp.Cli.Training;

/// <summary>Shows what <c>train-head</c> did on standard output.</summary>
internal sealed class TrainHeadTables(Terminal terminal)
{
    private readonly IAnsiConsole _console = terminal.CreateConsole(terminal.Output);

    /// <summary>What was tried, and what was taken.</summary>
    public void Write(EmotionHead head, TimeSpan elapsed)
    {
        Table table = Columns("tried on the folds", "accuracy", "macro F1", "log-loss", "");
        foreach (HeadCandidate candidate in head.Candidates)
        {
            table.AddRow(Name(candidate), Number(candidate.Accuracy), Number(candidate.MacroF1), Number(candidate.LogLoss), candidate == head.Chosen ? "taken" : "");
        }

        _console.Write(table);
        terminal.Output.WriteLine(Terminal.Printable(string.Create(
            CultureInfo.InvariantCulture, $"{head.Model.Id}: {Name(head.Chosen)} over {head.FeaturesId}, {head.FileSize / 1024.0:0.0} KB, trained in {elapsed.TotalSeconds:0.0} s")));
    }

    /// <summary>The head on pictures that it has not seen, against the embedded classifier and the largest class.</summary>
    public void Write(ModelComparison comparison)
    {
        EvaluationReport first = comparison.Reports[0];
        DatasetInfo data = first.Predictions.Dataset;
        bool detected = first.Predictions.Detector is not null;
        terminal.Output.WriteLine(Terminal.Printable(
            $"on {data.Name} {data.Split}: {first.Predictions.Predictions.Count} pictures that the head has not seen; sadness: its F1; p: exact McNemar test against the embedded classifier{(detected ? "; a missed face is an error in the accuracy" : "")}"));
        Table table = Columns("classifier", "accuracy", "macro F1", "sadness", "p");
        foreach (ModelComparisonRow row in comparison.Rows)
        {
            Interval accuracy = row.Report.FigureIntervals[detected ? "accuracyOnAll" : "accuracy"];
            table.AddRow(
                Markup.Escape(Terminal.Printable(row.Report.Predictions.Model.Id)),
                Number(accuracy.Estimate),
                Number(row.Report.Metrics.MacroF1),
                row.Report.Metrics.Classes.FirstOrDefault(one => one.Emotion == Emotion.Sadness) is { } sadness ? Number(sadness.F1) : "",
                row.McNemarP is { } p ? p < 0.0001 ? "< 0.0001" : Number(p, "0.0000") : "");
        }

        Baselines baselines = first.Metrics.Baselines;
        table.AddRow($"always {baselines.MajorityClass.ToString().ToLowerInvariant()}", Number(baselines.MajorityAccuracy), Number(baselines.MajorityMacroF1), "", "");
        _console.Write(table);
    }

    private static string Name(HeadCandidate candidate) => $"{candidate.Algorithm} {candidate.Settings}";

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

    private static string Number(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}
