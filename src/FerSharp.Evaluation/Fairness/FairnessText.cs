using System.Globalization;

namespace FerSharp.Evaluation;

/// <summary>What a comparison of groups says in words.</summary>
internal static class FairnessText
{
    public static string NothingCanBeSaid(string tag, int large, int mostGroups, bool bySubject, FairnessOptions options)
    {
        string subjects = bySubject ? $" of {options.MinimumSubjects} subjects" : "";
        return $"Nothing can be said about '{tag}': " + (large > mostGroups
            ? $"{large} groups are too many to compare. Merge them to {mostGroups} or fewer."
            : $"{(large == 0 ? "no group has" : "only one group has")} {options.MinimumCount} pictures{subjects} or more.");
    }

    public static (FairnessConclusion Conclusion, string Statement) Conclude(string tag, GroupPair[] pairs, GroupGap[] gaps, double level)
    {
        // For each figure the widest of the differences that were found; it need not be the widest of all.
        GroupPair[] found = [.. pairs.Where(pair => pair.AdjustedP < 1 - level).GroupBy(pair => pair.Metric).Select(group => group.MaxBy(pair => Math.Abs(pair.Difference.Estimate)))];
        if (found.Length > 0)
        {
            return (FairnessConclusion.DifferenceFound, $"The groups of '{tag}' differ: {string.Join("; ", found.Select(Sentence))}.");
        }

        double unseen = gaps.Max(gap => gap.Difference.Upper);
        return (FairnessConclusion.NoDifferenceFound, string.Create(CultureInfo.InvariantCulture, $"No difference between the groups of '{tag}' stands out from chance. That is no proof that there is none: differences of up to {unseen:0.000} fit these pictures as well."));
    }

    public static IReadOnlyList<string> Notes(string tag, bool isPseudoLabel, GroupMetrics[] rows, EmotionSet occurring, EmotionSet classes)
    {
        var notes = new List<string>();
        if (isPseudoLabel)
        {
            notes.Add($"The groups of '{tag}' are guesses (pseudo-labels), not what people say of themselves. Wrong guesses hide differences or feign them.");
        }

        string[] small = [.. rows.Where(row => !row.IsCompared).Select(row => $"'{row.Group}'")];
        if (small.Length > 0 && small.Length < rows.Length)
        {
            notes.Add($"Not compared, being too small: {string.Join(", ", small)}.");
        }

        if (classes != occurring)
        {
            notes.Add($"Macro recall and macro F1 are over {(classes.Count == 0 ? "no class, so they are left out" : classes)}: the other expressions do not occur in every group that is compared.");
        }

        if (rows.Any(row => row.IsCompared))
        {
            notes.Add("Accuracy differs, too, where groups show other expressions; macro recall gives each expression the same weight.");
        }

        return notes;
    }

    private static string Sentence(GroupPair pair)
    {
        (string better, string worse) = pair.Difference.Estimate > 0 ? (pair.First, pair.Second) : (pair.Second, pair.First);
        return string.Create(CultureInfo.InvariantCulture, $"{Words(pair.Metric)} is higher for '{better}' than for '{worse}' by {Math.Abs(pair.Difference.Estimate):0.000} (adjusted p {pair.AdjustedP:0.0000})");
    }

    private static string Words(FairnessMetric metric) => metric switch
    {
        FairnessMetric.Accuracy => "accuracy",
        FairnessMetric.MacroRecall => "macro recall",
        FairnessMetric.MacroF1 => "macro F1",
        _ => "the share of found faces",
    };
}
