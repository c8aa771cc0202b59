namespace FerSharp.Evaluation.Tests.Metrics;

/// <summary>Intervals, resampling and comparisons against published worked examples and their own laws.</summary>
public sealed class IntervalTests
{
    // Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_NewcombesExamples_GivesHisLimits(int successes, int trials, double lower, double upper)
    {
        var interval = Interval.Wilson(successes, trials);
        Assert.Equal(lower, interval.Lower, 5e-5);
        Assert.Equal(upper, interval.Upper, 5e-5);
    }

    // Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91: airway hyper-responsiveness and complete response, exact conditional test.
    [Theory]
    [InlineData(1, 7, 0.070)]
    [InlineData(6, 16, 0.052)]
    public void McNemarExact_PublishedExamples_GivesTheirP(int b, int c, double p) => Assert.Equal(p, PairedComparison.McNemarExact(b, c), 6e-4);

    [Fact]
    public void BySubject_OneLargeSubjectAmongMany_NeedsNoRoomForAllOfItsSize()
    {
        // Fifty thousand draws, each of which could be the subject of fifty thousand pictures.
        string?[] subjects = [.. Enumerable.Repeat("video", 50_000), .. Enumerable.Repeat<string?>(null, 50_000)];
        ReadOnlySpan<double> sizes = Bootstrap.BySubject(subjects, new BootstrapOptions { Resamples = 20 }).Run(indices => indices.Length, TestContext.Current.CancellationToken).Values;

        // A resample has every single picture or the video for each draw.
        Assert.All(sizes.ToArray(), size => Assert.Equal(0, (size - 50_001) % 49_999));
        Assert.True(sizes[0] < sizes[^1]);
    }

    [Fact]
    public void HolmCorrection_WorkedExample_StepsDownAndKeepsOrder()
    {
        // By hand: 0.01 * 3, max(0.03, 0.02 * 2), max(0.04, 0.03 * 1).
        double[] adjusted = HolmCorrection.Adjust([0.03, 0.01, 0.02]);
        Assert.Equal(0.04, adjusted[0], 1e-12);
        Assert.Equal(0.03, adjusted[1], 1e-12);
        Assert.Equal(0.04, adjusted[2], 1e-12);
    }

    [Fact]
    public void Bootstrap_MouseData_GivesThePublishedStandardError()
    {
        // Efron and Tibshirani 1993, table 2.1 and chapter 6: the standard error of the treatment group's mean is 23.36 for endless resamples.
        double[] mice = [94, 197, 16, 38, 99, 141, 23];
        var bootstrap = Bootstrap.Stratified(new Emotion[mice.Length], new BootstrapOptions { Resamples = 20000, Seed = 7 });
        BootstrapDistribution mean = bootstrap.Run(indices => Mean(mice, indices));
        Assert.Equal(86.857, mean.Estimate, 1e-3);
        Assert.Equal(23.36, mean.StandardError, 0.5);
        Interval interval = mean.Interval(0.9);
        Assert.InRange(interval.Estimate, interval.Lower, interval.Upper);
    }

    [Fact]
    public void Bootstrap_SameSeed_GivesSameValuesAndAnotherSeedOthers()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => (double)i * i)];
        double[] Run(ulong seed) => Bootstrap.Stratified(new Emotion[50], new BootstrapOptions { Resamples = 200, Seed = seed }).Run(indices => Mean(values, indices)).Values.ToArray();
        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(4));
    }

    [Fact]
    public void Bootstrap_Stratified_KeepsTheNumberOfEachClass()
    {
        Emotion[] truth = [.. Enumerable.Range(0, 40).Select(i => i < 30 ? Emotion.Happiness : Emotion.Fear)];
        BootstrapDistribution fears = Bootstrap.Stratified(truth).Run(indices => Count(indices, i => truth[i] == Emotion.Fear));
        Assert.All(fears.Values.ToArray(), count => Assert.Equal(10, count));
    }

    [Fact]
    public void Bootstrap_BySubject_TakesSubjectsWhole()
    {
        string?[] subjects = ["a", "a", "a", "b", "b", null, null];
        BootstrapDistribution broken = Bootstrap.BySubject(subjects).Run(indices =>
        {
            int[] times = new int[subjects.Length];
            foreach (int i in indices)
            {
                times[i]++;
            }

            return times[0] == times[1] && times[1] == times[2] && times[3] == times[4] ? 0 : 1;
        });
        BootstrapDistribution apart = Bootstrap.BySubject(subjects).Run(indices => Count(indices, i => i == 5) - Count(indices, i => i == 6));
        Assert.All(broken.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(apart.Values.ToArray(), difference => difference != 0);
    }

    [Fact]
    public void Bootstrap_SubjectsWithEqualFrames_WidensTheInterval()
    {
        // Ten frames of each subject are all right or all wrong: there are 20 observations, not 200.
        string[] subjects = [.. Enumerable.Range(0, 200).Select(i => $"s{i / 10}")];
        SampleMetric metric = indices => (double)Count(indices, i => i / 10 % 2 == 0) / indices.Length;
        Interval clustered = Bootstrap.BySubject(subjects).Run(metric).Interval();
        Interval plain = Bootstrap.Stratified(new Emotion[200]).Run(metric).Interval();
        Assert.True(clustered.Upper - clustered.Lower > 2 * (plain.Upper - plain.Lower));
    }

    [Fact]
    public void Bootstrap_MetricUndefinedInSomeResamples_CountsThem()
    {
        BootstrapDistribution run = Bootstrap.Stratified(new Emotion[3]).Run(indices => indices.Contains(0) ? 1 : double.NaN);
        Assert.InRange(run.Undefined, 1, 1999);
        Assert.Equal(2000 - run.Undefined, run.Values.Length);
    }

    [Fact]
    public void PairedComparison_SecondBetter_CountsAndSigns()
    {
        Emotion[] truth = [.. Enumerable.Range(0, 80).Select(i => (Emotion)(i % 8))];
        var first = MetricSamples.Answers(truth, [.. truth.Select((t, i) => i % 2 == 0 ? t : (Emotion)(((int)t + 1) % 8))]);
        var second = MetricSamples.Answers(truth, [.. truth.Select((t, i) => i < 2 ? (Emotion)(((int)t + 1) % 8) : t)]);
        var comparison = PairedComparison.Of(first, second, Bootstrap.Stratified(truth));
        Assert.Equal((1, 39), (comparison.OnlyFirstRight, comparison.OnlySecondRight));
        Assert.Equal(38.0 / 80, comparison.AccuracyDifference.Estimate, 1e-12);
        Assert.InRange(comparison.AccuracyDifference.Estimate, comparison.AccuracyDifference.Lower, comparison.AccuracyDifference.Upper);
        Assert.True(comparison.McNemarP < 1e-9);
    }

    [Fact]
    public void ClassificationIntervals_OfSamples_HoldTheirEstimates()
    {
        ScoredSamples samples = MetricSamples.Random(5, 300);
        var intervals = ClassificationIntervals.Of(samples, Bootstrap.Stratified(samples.Truth));
        Assert.All(
            new[] { intervals.WilsonAccuracy, intervals.Accuracy, intervals.MacroF1, intervals.MatthewsCorrelation, intervals.LogLoss, intervals.Brier },
            interval => Assert.InRange(interval.Estimate, interval.Lower, interval.Upper));
        Assert.Equal(ClassificationMetrics.Of(samples).MacroF1, intervals.MacroF1.Estimate, 1e-12);
    }

    [Fact]
    public void Comparisons_BadInput_SayWhatIsWrong()
    {
        ScoredSamples samples = MetricSamples.Random(1, 10);
        ScoredSamples others = MetricSamples.Random(2, 10);
        Assert.Contains("same samples", Assert.Throws<ArgumentException>(() => PairedComparison.Of(samples, others, Bootstrap.Stratified(samples.Truth))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PairedComparison.Of(samples, samples, Bootstrap.Stratified(new Emotion[9])));
        Assert.Throws<ArgumentException>(() => Bootstrap.Stratified([]));
        Assert.Throws<ArgumentException>(() => HolmCorrection.Adjust([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HolmCorrection.Adjust([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.Wilson(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.Wilson(1, 2, 1));
    }

    private static double Mean(double[] values, ReadOnlySpan<int> indices)
    {
        double sum = 0;
        foreach (int i in indices)
        {
            sum += values[i];
        }

        return sum / indices.Length;
    }

    private static int Count(ReadOnlySpan<int> indices, Func<int, bool> condition)
    {
        int count = 0;
        foreach (int i in indices)
        {
            count += condition(i) ? 1 : 0;
        }

        return count;
    }
}
