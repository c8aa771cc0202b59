namespace FerSharp.Evaluation;

/// <summary>What can be said about the groups of a tag.</summary>
public enum FairnessConclusion
{
    /// <summary>Nothing: fewer than two groups are large enough, or there are too many to compare.</summary>
    NothingCanBeSaid = 0,

    /// <summary>No difference stands out from chance. That is no proof that there is none.</summary>
    NoDifferenceFound = 1,

    /// <summary>At least two groups differ by more than chance explains.</summary>
    DifferenceFound = 2,
}

/// <summary>A figure by which groups are compared.</summary>
public enum FairnessMetric
{
    /// <summary>Share of right answers. It differs, too, where groups show other expressions.</summary>
    Accuracy = 1,

    /// <summary>Mean recall over the classes: the same weight for each expression in every group.</summary>
    MacroRecall = 2,

    /// <summary>Mean F1 over the classes.</summary>
    MacroF1 = 3,

    /// <summary>Share of faces that the detector finds. Compared only where it misses any.</summary>
    Coverage = 4,
}

/// <summary>The groups of one tag. Immutable.</summary>
public sealed record TagFairness
{
    internal TagFairness()
    {
    }

    /// <summary>The tag, such as <c>age</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>Whether the groups are guesses; see <see cref="FairnessOptions.PseudoLabelTags"/>.</summary>
    public required bool IsPseudoLabel { get; init; }

    /// <summary>Pictures that do not have the tag; they are in no group.</summary>
    public required int Untagged { get; init; }

    /// <summary>What can be said.</summary>
    public required FairnessConclusion Conclusion { get; init; }

    /// <summary>The conclusion in a sentence.</summary>
    public required string Statement { get; init; }

    /// <summary>The classes of macro recall and macro F1: the expressions that occur in every group that is compared, so that all are measured alike; where none is compared, all that occur.</summary>
    public required EmotionSet Classes { get; init; }

    /// <summary>The groups, in the order of their names, small ones as well.</summary>
    public required IReadOnlyList<GroupMetrics> Groups { get; init; }

    /// <summary>The largest difference in each figure; empty where nothing is compared.</summary>
    public required IReadOnlyList<GroupGap> Gaps { get; init; }

    /// <summary>All pairs of compared groups, for each figure.</summary>
    public required IReadOnlyList<GroupPair> Pairs { get; init; }

    /// <summary>What to bear in mind, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>The figures of one group. A missed face counts as a wrong answer. Immutable.</summary>
/// <param name="Group">The group, such as <c>30-39</c>.</param>
/// <param name="Count">n: pictures that could be loaded.</param>
/// <param name="Subjects">People in them; null where no subject is known.</param>
/// <param name="IsCompared">Whether the group is large enough to be compared.</param>
/// <param name="WilsonAccuracy">Share of right answers with Wilson's interval, which takes pictures for independent.</param>
/// <param name="Accuracy">Share of right answers, by bootstrap; null where the group is not compared.</param>
/// <param name="MacroRecall">Mean recall over <see cref="TagFairness.Classes"/>, by bootstrap; null where the group is not compared.</param>
/// <param name="MacroF1">Mean F1 over <see cref="TagFairness.Classes"/>, by bootstrap; null where the group is not compared.</param>
/// <param name="Found">Share of pictures whose face was found, with Wilson's interval.</param>
/// <param name="Recalls">Recall of each expression that occurs in the group, in enum order.</param>
public sealed record GroupMetrics(
    string Group,
    int Count,
    int? Subjects,
    bool IsCompared,
    Interval WilsonAccuracy,
    Interval? Accuracy,
    Interval? MacroRecall,
    Interval? MacroF1,
    Interval Found,
    IReadOnlyList<GroupRecall> Recalls);

/// <summary>How many pictures of one expression are read rightly in a group.</summary>
/// <param name="Emotion">The expression.</param>
/// <param name="Support">Pictures of it in the group, at least 1.</param>
/// <param name="Recall">Share that is read rightly, with Wilson's interval.</param>
public readonly record struct GroupRecall(Emotion Emotion, int Support, Interval Recall);

/// <summary>Two groups, compared by one figure.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="First">One group.</param>
/// <param name="Second">The other.</param>
/// <param name="Difference">Figure of the first minus that of the second, with the bootstrap's percentile interval for this pair alone.</param>
/// <param name="P">Two-sided p that both are equal: the difference over its standard error by bootstrap, against the normal distribution (Wald's test).</param>
/// <param name="AdjustedP">P after Holm's correction over all pairs and figures of the tag.</param>
public readonly record struct GroupPair(FairnessMetric Metric, string First, string Second, Interval Difference, double P, double AdjustedP);

/// <summary>The largest difference between two groups in one figure.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Best">The group with the highest value.</param>
/// <param name="Worst">The group with the lowest value.</param>
/// <param name="Difference">
/// Best minus worst. The largest of several differences is large by chance alone, so the interval holds for all pairs and figures of the tag
/// together: standard error by bootstrap times the normal quantile of the level after Bonferroni's correction.
/// It may reach below 0: then chance explains the gap.
/// </param>
/// <param name="AdjustedP">As in <see cref="GroupPair"/>.</param>
public readonly record struct GroupGap(FairnessMetric Metric, string Best, string Worst, Interval Difference, double AdjustedP);
