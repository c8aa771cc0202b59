namespace FerSharp.Evaluation;

/// <summary>Compares the groups of a tag.</summary>
internal sealed class GroupComparison
{
    // Pairs grow with the square: beyond this, a table of pairs helps nobody and their resamples fill the memory.
    private const int MostGroups = 32;

    private readonly Prediction[] _predictions;
    private readonly FaceSample[] _samples;
    private readonly FairnessOptions _options;
    private readonly bool _bySubject;
    private readonly Bootstrap _bootstrap;
    private readonly FairnessMetric[] _metrics;

    public GroupComparison(Prediction[] predictions, FaceSample[] samples, FairnessOptions options)
    {
        (_predictions, _samples, _options) = (predictions, samples, options);
        _bySubject = samples.Any(sample => sample.Subject is not null);
        _bootstrap = _bySubject
            ? Bootstrap.BySubject([.. samples.Select(sample => sample.Subject)], options.Bootstrap)
            : Bootstrap.Stratified([.. predictions.Select(prediction => prediction.Truth)], options.Bootstrap);
        bool missed = predictions.Any(prediction => prediction.Status == PredictionStatus.FaceMissed);
        _metrics = [FairnessMetric.Accuracy, FairnessMetric.MacroRecall, FairnessMetric.MacroF1, .. missed ? [FairnessMetric.Coverage] : Array.Empty<FairnessMetric>()];
    }

    public TagFairness Of(string tag, CancellationToken cancellationToken)
    {
        Group[] groups = [.. Enumerable.Range(0, _samples.Length).Where(i => _samples[i].Tags.ContainsKey(tag)).GroupBy(i => _samples[i].Tags[tag])
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Describe(group.Key, [.. group]))];
        Group[] compared = [.. groups.Where(group => group.IsLarge)];
        if (compared.Length is < 2 or > MostGroups)
        {
            compared = [];
        }

        EmotionSet occurring = groups.Aggregate(default(EmotionSet), (all, group) => all.Union(group.Tally.Truths));
        EmotionSet classes = compared.Length == 0 ? occurring : new([.. occurring.ToArray().Where(emotion => compared.All(group => group.Tally.Support(emotion) > 0))]);
        IReadOnlyList<BootstrapDistribution> figures = [];
        GroupPair[] pairs = [];
        GroupGap[] gaps = [];
        if (compared.Length > 0)
        {
            (figures, IReadOnlyList<BootstrapDistribution> differences) = Draw(compared, classes, cancellationToken);
            (pairs, gaps) = Test(compared, differences);
        }

        GroupMetrics[] rows = [.. groups.Select(group => Row(group, Array.IndexOf(compared, group), figures))];
        (FairnessConclusion conclusion, string statement) = compared.Length == 0
            ? (FairnessConclusion.NothingCanBeSaid, FairnessText.NothingCanBeSaid(tag, groups.Count(group => group.IsLarge), MostGroups, _bySubject, _options))
            : FairnessText.Conclude(tag, pairs, gaps, _options.Level);
        return new TagFairness
        {
            Tag = tag,
            IsPseudoLabel = _options.PseudoLabelTags.Contains(tag),
            Untagged = _samples.Length - groups.Sum(group => group.Indices.Length),
            Conclusion = conclusion,
            Statement = statement,
            Classes = classes,
            Groups = rows,
            Gaps = gaps,
            Pairs = pairs,
            Notes = FairnessText.Notes(tag, _options.PseudoLabelTags.Contains(tag), rows, occurring, classes),
        };
    }

    private Group Describe(string name, int[] indices)
    {
        int subjects = indices.Select(i => _samples[i].Subject).Where(subject => subject is not null).Distinct().Count() + indices.Count(i => _samples[i].Subject is null);
        return new Group(
            name, indices, AnswerTally.Of(_predictions, indices), subjects, indices.Length >= _options.MinimumCount && (!_bySubject || subjects >= _options.MinimumSubjects));
    }

    /// <summary>Draws each figure of each group, and each difference of two groups on the same resamples: one subject may be in several groups.</summary>
    private (IReadOnlyList<BootstrapDistribution> Figures, IReadOnlyList<BootstrapDistribution> Differences) Draw(Group[] groups, EmotionSet classes, CancellationToken cancellationToken)
    {
        int[] groupOf = new int[_samples.Length];
        Array.Fill(groupOf, -1);
        for (int g = 0; g < groups.Length; g++)
        {
            foreach (int i in groups[g].Indices)
            {
                groupOf[i] = g;
            }
        }

        (int First, int Second)[] pairs = PairsOf(groups.Length);
        int width = _metrics.Length, figures = groups.Length * width;
        IReadOnlyList<BootstrapDistribution> drawn = _bootstrap.Run(
            figures + (pairs.Length * width),
            (indices, values) =>
            {
                AnswerTally[] tallies = [.. groups.Select(_ => new AnswerTally())];
                foreach (int i in indices)
                {
                    if (groupOf[i] >= 0)
                    {
                        tallies[groupOf[i]].Add(_predictions[i].Truth, AnswerTally.AnswerTo(_predictions[i]));
                    }
                }

                for (int at = 0; at < figures; at++)
                {
                    values[at] = Value(tallies[at / width], _metrics[at % width], classes);
                }

                for (int at = 0; at < pairs.Length * width; at++)
                {
                    (int first, int second) = pairs[at / width];
                    values[figures + at] = values[(first * width) + (at % width)] - values[(second * width) + (at % width)];
                }
            },
            cancellationToken);
        return ([.. drawn.Take(figures)], [.. drawn.Skip(figures)]);
    }

    private (GroupPair[] Pairs, GroupGap[] Gaps) Test(Group[] groups, IReadOnlyList<BootstrapDistribution> differences)
    {
        (int First, int Second)[] pairs = PairsOf(groups.Length);
        int width = _metrics.Length;
        double[] p = [.. differences.Select(WaldP)];
        double[] adjusted = HolmCorrection.Adjust(p);
        GroupPair[] rows = [.. Enumerable.Range(0, differences.Count).Where(at => double.IsFinite(differences[at].Estimate)).OrderBy(at => at % width).Select(at => new GroupPair(
            _metrics[at % width], groups[pairs[at / width].First].Name, groups[pairs[at / width].Second].Name, differences[at].Interval(_options.Level), p[at], adjusted[at]))];
        double quantile = Interval.NormalQuantile(1 - ((1 - _options.Level) / 2 / differences.Count));
        GroupGap[] gaps =
        [
            .. Enumerable.Range(0, width).Where(metric => double.IsFinite(differences[metric].Estimate)).Select(metric =>
            {
                int widest = Enumerable.Range(0, pairs.Length).Select(pair => (pair * width) + metric).MaxBy(at => Math.Abs(differences[at].Estimate));
                (double gap, double half) = (Math.Abs(differences[widest].Estimate), quantile * differences[widest].StandardError);
                (int first, int second) = pairs[widest / width];
                (int best, int worst) = differences[widest].Estimate >= 0 ? (first, second) : (second, first);
                return new GroupGap(_metrics[metric], groups[best].Name, groups[worst].Name, new Interval(gap, Math.Max(-1, gap - half), Math.Min(1, gap + half), _options.Level), adjusted[widest]);
            }),
        ];
        return (rows, gaps);
    }

    private GroupMetrics Row(Group group, int place, IReadOnlyList<BootstrapDistribution> figures)
    {
        AnswerTally tally = group.Tally;
        Interval? Drawn(int metric) => place < 0 || !double.IsFinite(figures[(place * _metrics.Length) + metric].Estimate)
            ? null
            : figures[(place * _metrics.Length) + metric].Interval(_options.Level);
        return new GroupMetrics(
            group.Name,
            tally.Count,
            _bySubject ? group.Subjects : null,
            place >= 0,
            Interval.Wilson(tally.Right, tally.Count, _options.Level),
            Drawn(0),
            Drawn(1),
            Drawn(2),
            Interval.Wilson(tally.Found, tally.Count, _options.Level),
            [.. tally.Truths.ToArray().Select(emotion => new GroupRecall(emotion, tally.Support(emotion), Interval.Wilson(tally.Hits(emotion), tally.Support(emotion), _options.Level)))]);
    }

    private static double Value(AnswerTally tally, FairnessMetric metric, EmotionSet classes) => metric switch
    {
        FairnessMetric.Accuracy => tally.Accuracy,
        FairnessMetric.MacroRecall => tally.MacroRecall(classes),
        FairnessMetric.MacroF1 => tally.MacroF1(classes),
        _ => tally.Coverage,
    };

    /// <summary>Two-sided p of a difference by its bootstrap standard error; 1 where the difference is 0 or not defined.</summary>
    private static double WaldP(BootstrapDistribution difference) =>
        difference.Estimate == 0 || !double.IsFinite(difference.Estimate) || !double.IsFinite(difference.StandardError)
            ? 1
            : Math.Min(1, 2 * Interval.UpperTail(Math.Min(Math.Abs(difference.Estimate) / difference.StandardError, 30)));

    private static (int First, int Second)[] PairsOf(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(first => Enumerable.Range(first + 1, count - first - 1).Select(second => (first, second)))];

    private sealed record Group(string Name, int[] Indices, AnswerTally Tally, int Subjects, bool IsLarge);
}
