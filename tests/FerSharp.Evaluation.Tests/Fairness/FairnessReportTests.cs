using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

public sealed class FairnessReportTests
{
    [Fact]
    public void Of_TwoGroups_GivesTheFiguresByHand()
    {
        // Group a: 30 of 40 right, group b: 20 of 40; all look happy, wrong answers are sad.
        FairnessReport report = Report([.. Group("a", 40, 30), .. Group("b", 40, 20)]);

        TagFairness tag = Assert.Single(report.Tags);
        Assert.Equal(("group", 0, false), (tag.Tag, tag.Untagged, tag.IsPseudoLabel));
        Assert.Equal(["a", "b"], tag.Groups.Select(group => group.Group));
        GroupMetrics a = tag.Groups[0];
        Assert.Equal((40, null, true), (a.Count, a.Subjects, a.IsCompared));
        Assert.Equal(Interval.Wilson(30, 40), a.WilsonAccuracy);
        Assert.Equal(Interval.Wilson(40, 40), a.Found);
        Assert.Equal((0.75, 0.75), (a.Accuracy!.Value.Estimate, a.MacroRecall!.Value.Estimate));

        // Happiness alone is a truth in both groups: F1 is 2 * 30 / (40 + 30).
        Assert.Equal(6.0 / 7, a.MacroF1!.Value.Estimate, 1e-12);
        Assert.Equal(new GroupRecall(Emotion.Happiness, 40, Interval.Wilson(30, 40)), Assert.Single(a.Recalls));
        GroupPair pair = tag.Pairs.Single(one => one.Metric == FairnessMetric.Accuracy);
        Assert.Equal(("a", "b", 0.25), (pair.First, pair.Second, pair.Difference.Estimate));

        // Standard error by hand: sqrt(.75 * .25 / 40 + .5 * .5 / 40) = .1046; z = 2.390, p = .0168. Three figures: Holm gives at most three times that.
        Assert.Equal(0.0168, pair.P, 0.006);
        Assert.InRange(pair.AdjustedP, pair.P, 3 * pair.P);
        GroupGap gap = tag.Gaps.Single(one => one.Metric == FairnessMetric.Accuracy);
        Assert.Equal(("a", "b", 0.25, pair.AdjustedP), (gap.Best, gap.Worst, gap.Difference.Estimate, gap.AdjustedP));

        // Bonferroni over three: the normal quantile of 1 - .05 / 6 is 2.394.
        Assert.Equal(0.25 - (2.394 * 0.1046), gap.Difference.Lower, 0.02);
        Assert.Equal(0.25 + (2.394 * 0.1046), gap.Difference.Upper, 0.02);
    }

    [Fact]
    public void Of_FairClassifier_HasGapsThatHoldZero()
    {
        // The same chance of 0.7 in four groups. At a level of 0.95 one report in twenty may be wrong; of 40, more than 6 would be one in 200.
        int alarms = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            TagFairness tag = Report([.. Enumerable.Range(0, 240).Select(i => Row($"g{i % 4}", (Emotion)(i / 4 % 3), random.NextDouble() < 0.7))], new FairnessOptions { Bootstrap = new BootstrapOptions { Resamples = 300 } }).Tags[0];
            Assert.Equal(tag.Conclusion == FairnessConclusion.NoDifferenceFound, tag.Pairs.All(pair => pair.AdjustedP >= 0.05));
            alarms += tag.Gaps.Any(gap => gap.Difference.Lower > 0) ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 6);
    }

    [Fact]
    public void Of_FairClassifier_SaysThatNothingFoundIsNoProof()
    {
        TagFairness tag = Report([.. Group("a", 50, 35), .. Group("b", 50, 36)]).Tags[0];
        Assert.Equal(FairnessConclusion.NoDifferenceFound, tag.Conclusion);
        Assert.Contains("no proof", tag.Statement, StringComparison.Ordinal);
        Assert.All(tag.Gaps, gap => Assert.InRange(0, gap.Difference.Lower, gap.Difference.Upper));
        Assert.All(tag.Gaps, gap => Assert.Equal(("b", "a"), (gap.Best, gap.Worst)));
    }

    [Fact]
    public void Of_UnfairClassifier_IsFoundOut()
    {
        TagFairness tag = Report([.. Group("old", 100, 50), .. Group("mid", 100, 88), .. Group("young", 100, 90)]).Tags[0];
        Assert.Equal(FairnessConclusion.DifferenceFound, tag.Conclusion);
        Assert.Contains("accuracy is higher for 'young' than for 'old' by 0.400", tag.Statement, StringComparison.Ordinal);
        GroupGap gap = tag.Gaps.Single(one => one.Metric == FairnessMetric.Accuracy);
        Assert.Equal(("young", "old"), (gap.Best, gap.Worst));
        Assert.True(gap.Difference.Lower > 0.1 && gap.AdjustedP < 1e-4);
        Assert.True(tag.Pairs.Single(pair => pair is { Metric: FairnessMetric.Accuracy, First: "mid", Second: "young" }).AdjustedP > 0.5);
        Assert.Equal(9, tag.Pairs.Count);
    }

    [Fact]
    public void Of_SmallGroup_IsListedAndNotCompared()
    {
        TagFairness tag = Report([.. Group("a", 40, 30), .. Group("b", 40, 30), .. Group("few", 29, 0)]).Tags[0];
        GroupMetrics few = tag.Groups.Single(group => group.Group == "few");
        Assert.Equal((29, false, null, null, null), (few.Count, few.IsCompared, few.Accuracy, few.MacroRecall, few.MacroF1));
        Assert.Equal(Interval.Wilson(0, 29), few.WilsonAccuracy);
        Assert.DoesNotContain(tag.Pairs, pair => pair.First == "few" || pair.Second == "few");
        Assert.Contains(tag.Notes, note => note.Contains("'few'", StringComparison.Ordinal));
        Assert.Equal(FairnessConclusion.NoDifferenceFound, tag.Conclusion);
    }

    [Theory]
    [InlineData(20, 20, "no group has 30")]
    [InlineData(50, 20, "only one group has 30")]
    public void Of_TooFewGroups_SaysThatNothingCanBeSaid(int first, int second, string why)
    {
        TagFairness tag = Report([.. Group("a", first, 10), .. Group("b", second, 10)]).Tags[0];
        Assert.Equal(FairnessConclusion.NothingCanBeSaid, tag.Conclusion);
        Assert.Contains(why, tag.Statement, StringComparison.Ordinal);
        Assert.Empty(tag.Gaps);
        Assert.Empty(tag.Pairs);
        Assert.Equal(2, tag.Groups.Count);
        Assert.All(tag.Groups, group => Assert.False(group.IsCompared));
    }

    [Fact]
    public void Of_TooManyGroups_SaysThatNothingCanBeSaid()
    {
        TagFairness tag = Report([.. Enumerable.Range(0, 99).Select(i => Row($"g{i % 33}", Emotion.Fear, true))], new FairnessOptions { MinimumCount = 2 }).Tags[0];
        Assert.Equal(FairnessConclusion.NothingCanBeSaid, tag.Conclusion);
        Assert.Contains("too many", tag.Statement, StringComparison.Ordinal);
        Assert.Equal(33, tag.Groups.Count);
    }

    [Fact]
    public void Of_NoTags_SaysThatNothingCanBeSaid()
    {
        FairnessReport report = Report([Row(null, Emotion.Fear, true), Row(null, Emotion.Fear, false)]);
        Assert.Empty(report.Tags);
        Assert.StartsWith("Nothing can be said", report.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OtherExpressionsInAGroup_MovesAccuracyAndNotMacroRecall()
    {
        // Happiness is read in 9 of 10, fear in 5 of 10, in both groups; group a has more happiness.
        Sample[] Make(string group, int happy, int afraid) =>
        [
            .. Enumerable.Range(0, happy).Select(i => Row(group, Emotion.Happiness, i % 10 != 0)), .. Enumerable.Range(0, afraid).Select(i => Row(group, Emotion.Fear, i % 2 == 0)),
        ];
        TagFairness tag = Report([.. Make("a", 90, 10), .. Make("b", 10, 90)]).Tags[0];
        Assert.Equal(0.32, tag.Pairs.Single(pair => pair.Metric == FairnessMetric.Accuracy).Difference.Estimate, 1e-12);
        Assert.Equal(0, tag.Pairs.Single(pair => pair.Metric == FairnessMetric.MacroRecall).Difference.Estimate, 1e-12);
        Assert.Contains(tag.Notes, note => note.Contains("same weight", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ExpressionsThatOneGroupLacks_AreLeftOutOfMacros()
    {
        TagFairness tag = Report([.. Group("a", 40, 20), .. Group("b", 40, 20), .. Enumerable.Range(0, 10).Select(_ => Row("b", Emotion.Fear, true))]).Tags[0];
        Assert.Equal(new EmotionSet(Emotion.Happiness), tag.Classes);
        Assert.Equal(0.5, tag.Groups[1].MacroRecall!.Value.Estimate, 1e-12);
        Assert.Contains(tag.Notes, note => note.Contains("do not occur in every group", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_NoExpressionInCommon_ComparesAccuracyAlone()
    {
        TagFairness tag = Report([.. Group("a", 40, 20), .. Enumerable.Range(0, 40).Select(i => Row("b", Emotion.Fear, i % 2 == 0))]).Tags[0];
        Assert.Equal([FairnessMetric.Accuracy], tag.Gaps.Select(gap => gap.Metric));
        Assert.Equal([FairnessMetric.Accuracy], tag.Pairs.Select(pair => pair.Metric));
        Assert.All(tag.Groups, group => Assert.Equal((true, null), (group.Accuracy.HasValue, group.MacroF1)));
    }

    [Fact]
    public void Of_MissedFaces_ComparesCoverage()
    {
        TagFairness tag = Report([.. Group("a", 60, 60), .. Group("b", 30, 30), .. Enumerable.Range(0, 30).Select(_ => Row("b", Emotion.Happiness, null))]).Tags[0];
        GroupMetrics b = tag.Groups[1];
        Assert.Equal((Interval.Wilson(30, 60), Interval.Wilson(30, 60)), (b.Found, b.WilsonAccuracy));
        GroupGap gap = tag.Gaps.Single(one => one.Metric == FairnessMetric.Coverage);
        Assert.Equal(("a", "b", 0.5), (gap.Best, gap.Worst, gap.Difference.Estimate));
        Assert.Contains("share of found faces", tag.Statement, StringComparison.Ordinal);

        // Recall counts them, F1 counts them as misses only: 2 * 30 / (60 + 30).
        Assert.Equal((0.5, 2.0 / 3), (b.MacroRecall!.Value.Estimate, b.MacroF1!.Value.Estimate));
    }

    [Fact]
    public void Of_SubjectsKnown_CountsPeopleAndWidens()
    {
        // Twelve people a group with ten pictures each, all right or all wrong; group few has only three people.
        Sample[] People(string group, int people, int right) =>
            [.. Enumerable.Range(0, people * 10).Select(i => Row(group, Emotion.Happiness, i / 10 < right) with { Subject = $"{group}{i / 10}" })];
        Sample[] rows = [.. People("a", 12, 9), .. People("b", 12, 5), .. People("few", 3, 0)];
        TagFairness clustered = Report(rows).Tags[0];
        TagFairness plain = Report([.. rows.Select(row => row with { Subject = null })]).Tags[0];
        Assert.Equal([12, 12, 3], clustered.Groups.Select(group => group.Subjects));
        Assert.False(clustered.Groups[2].IsCompared);
        Assert.True(plain.Groups[2].IsCompared);
        Interval Width(TagFairness tag) => tag.Pairs.Single(pair => pair is { Metric: FairnessMetric.Accuracy, First: "a", Second: "b" }).Difference;
        Assert.True(Width(clustered).Upper - Width(clustered).Lower > 2 * (Width(plain).Upper - Width(plain).Lower));
        Assert.Equal((FairnessConclusion.NoDifferenceFound, FairnessConclusion.DifferenceFound), (clustered.Conclusion, plain.Conclusion));
    }

    [Fact]
    public void Of_PseudoLabels_AreNamedAsSuch()
    {
        TagFairness tag = Report([.. Group("a", 40, 20), .. Group("b", 40, 20)], new FairnessOptions { PseudoLabelTags = ["group"] }).Tags[0];
        Assert.True(tag.IsPseudoLabel);
        Assert.Contains("guesses", tag.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SamplesWithoutTagOrPicture_AreCounted()
    {
        FairnessReport report = Report([.. Group("a", 40, 20), .. Group("b", 40, 20), Row(null, Emotion.Fear, true), Row("a", Emotion.Happiness, true) with { Unreadable = true }]);
        Assert.Equal((1, 1, 40), (report.Unreadable, report.Tags[0].Untagged, report.Tags[0].Groups[0].Count));
    }

    [Fact]
    public void Of_SameSeed_GivesTheSameReport()
    {
        FairnessReport Run(ulong seed) => Report([.. Group("a", 40, 30), .. Group("b", 40, 20)], new FairnessOptions { Bootstrap = new BootstrapOptions { Resamples = 100, Seed = seed } });
        Assert.Equal(Run(5).Tags[0].Pairs, Run(5).Tags[0].Pairs);
        Assert.NotEqual(Run(5).Tags[0].Pairs, Run(6).Tags[0].Pairs);
    }

    [Fact]
    public void Of_BadInput_IsRefused()
    {
        Sample[] rows = [.. Group("a", 3, 1)];
        (PredictionSet predictions, FaceDataset dataset) = Make(rows);
        Assert.Contains("'age'", Assert.Throws<ArgumentException>("options", () => FairnessReport.Of(predictions, dataset, new FairnessOptions { Tags = ["age"] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("options", () => FairnessReport.Of(predictions, dataset, new FairnessOptions { PseudoLabelTags = ["age"] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FairnessReport.Of(predictions, dataset, new FairnessOptions { MinimumCount = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FairnessReport.Of(predictions, dataset, new FairnessOptions { MinimumSubjects = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FairnessReport.Of(predictions, dataset, new FairnessOptions { Level = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FairnessReport.Of(predictions, dataset, new FairnessOptions { Bootstrap = new BootstrapOptions { Resamples = 1 } }));
        Assert.Throws<ArgumentException>("dataset", () => FairnessReport.Of(predictions, Make([rows[0]]).Dataset));
        Assert.Throws<ArgumentException>("dataset", () => FairnessReport.Of(predictions, Make([.. rows.Select(row => row with { Truth = Emotion.Fear })]).Dataset));
        Assert.Throws<ArgumentException>("predictions", () => FairnessReport.Of(predictions with { Predictions = [] }, dataset));
        Assert.Throws<ArgumentException>("predictions", () => FairnessReport.Of(Make([.. rows.Select(row => row with { Unreadable = true })]).Predictions, dataset));
        Assert.Throws<ArgumentNullException>("predictions", () => FairnessReport.Of(null!, dataset));
        Assert.ThrowsAny<OperationCanceledException>(() => FairnessReport.Of(Make([.. Group("a", 40, 3), .. Group("b", 40, 3)]).Predictions, Make([.. Group("a", 40, 3), .. Group("b", 40, 3)]).Dataset, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static FairnessReport Report(Sample[] rows, FairnessOptions? options = null)
    {
        (PredictionSet predictions, FaceDataset dataset) = Make(rows);
        return FairnessReport.Of(predictions, dataset, options, TestContext.Current.CancellationToken);
    }

    private static (PredictionSet Predictions, FaceDataset Dataset) Make(Sample[] rows)
    {
        FaceSample[] samples = [.. rows.Select((row, i) => new FaceSample($"{i}", row.Truth) { Subject = row.Subject, Tags = row.Group is null ? new Dictionary<string, string>() : new() { ["group"] = row.Group } })];
        Prediction[] predictions = [.. rows.Select((row, i) => new Prediction(
            $"{i}",
            row.Truth,
            row.Unreadable ? PredictionStatus.Unreadable : row.Right is null ? PredictionStatus.FaceMissed : PredictionStatus.Read,
            row.Unreadable || row.Right is null ? default : Answer(row.Right.Value ? row.Truth : Emotion.Sadness)))];
        using var classifier = new FakeEmotionClassifier();
        var dataset = new GeneratedPictures(samples, _ => null);
        return (new PredictionSet(classifier.Model, dataset.Info, predictions, [], TimeSpan.Zero), dataset);
    }

    private static IEnumerable<Sample> Group(string name, int count, int right) => Enumerable.Range(0, count).Select(i => Row(name, Emotion.Happiness, i < right));

    private static Sample Row(string? group, Emotion truth, bool? right) => new(group, truth, right);

    private static EmotionScores Answer(Emotion emotion)
    {
        float[] scores = new float[8];
        scores[(int)emotion] = 1;
        return new EmotionScores(scores);
    }

    private sealed record Sample(string? Group, Emotion Truth, bool? Right)
    {
        public string? Subject { get; init; }

        public bool Unreadable { get; init; }
    }
}
