using static FerSharp.Evaluation.Charts;

namespace FerSharp.Evaluation;

/// <summary>Writes a <see cref="FairnessReport"/> for people.</summary>
internal static class FairnessDocument
{
    public static ReportDocument Of(FairnessReport report)
    {
        var document = new ReportDocument("Groups");
        document.Text($"{report.Model.Id} on {report.Dataset.Name} {report.Dataset.Split}. Groups of fewer than {report.MinimumCount} pictures are listed and not compared. Intervals at {Text(100 * report.Level, "0.#")} %.");
        foreach (string note in report.Notes)
        {
            document.Text(note);
        }

        foreach (TagFairness tag in report.Tags)
        {
            Write(document, tag);
        }

        return document;
    }

    private static void Write(ReportDocument document, TagFairness tag)
    {
        document.Section($"Groups by {tag.Tag}");
        if (tag.Conclusion == FairnessConclusion.NoDifferenceFound)
        {
            document.Text(tag.Statement);
        }
        else
        {
            document.Warning(tag.Statement);
        }

        if (tag.IsPseudoLabel)
        {
            document.Warning($"The groups of {tag.Tag} are guesses, not what people say of themselves: errors of the guessing mix with those of the model.");
        }

        foreach (string note in tag.Notes)
        {
            document.Text(note);
        }

        document.Table(
            tag.Untagged > 0 ? $"{tag.Untagged} pictures are in no group." : "",
            ["group", "n", "people", "accuracy", "interval", "macro recall", "interval", "macro F1", "faces found", "compared"],
            tag.Groups.Select(group => (IReadOnlyList<string>)
            [
                group.Group,
                Text(group.Count, "0"),
                group.Subjects is { } people ? Text(people, "0") : "unknown",
                Text(group.WilsonAccuracy.Estimate, "0.000"),
                EvaluationDocument.Range(group.Accuracy ?? group.WilsonAccuracy),
                group.MacroRecall is { } recall ? Text(recall.Estimate, "0.000") : "",
                group.MacroRecall is { } range ? EvaluationDocument.Range(range) : "",
                group.MacroF1 is { } f1 ? Text(f1.Estimate, "0.000") : "",
                Text(group.Found.Estimate, "0.000"),
                group.IsCompared ? "yes" : "no",
            ]));
        if (tag.Gaps.Count > 0)
        {
            document.Table(
                "Largest gaps; p with Holm's correction over all pairs of groups",
                ["figure", "best", "worst", "difference", "interval", "p"],
                tag.Gaps.Select(gap => (IReadOnlyList<string>)
                    [gap.Metric.ToString(), gap.Best, gap.Worst, Text(gap.Difference.Estimate, "0.000"), EvaluationDocument.Range(gap.Difference), Text(gap.AdjustedP, "0.0000")]));
        }

        WriteRecalls(document, tag);
    }

    private static void WriteRecalls(ReportDocument document, TagFairness tag)
    {
        Emotion[] classes = [.. tag.Groups.SelectMany(group => group.Recalls.Select(recall => recall.Emotion)).Distinct().Order()];
        document.Table(
            "Recall of each expression, with the number of its pictures",
            ["group", .. classes.Select(EmotionName.Of)],
            tag.Groups.Select(group => (IReadOnlyList<string>)
            [
                group.Group,
                .. classes.Select(emotion => group.Recalls.Where(recall => recall.Emotion == emotion).Select(recall => $"{Text(recall.Recall.Estimate, "0.00")} ({recall.Support})").SingleOrDefault("")),
            ]));
    }
}
