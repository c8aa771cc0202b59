namespace FerSharp.Evaluation.Tests.Metrics;

/// <summary>Metrics and tests against figures that others printed; each names its source. See also <see cref="IntervalTests"/>.</summary>
public sealed class PublishedExampleTests
{
    // PyCM (Haghighi et al. 2018, Journal of Open Source Software 3(25):729), its manual's first example, to the five digits that it prints.
    private static readonly int[] PyCmTruth = [2, 0, 2, 2, 0, 1, 1, 2, 2, 0, 1, 2];
    private static readonly int[] PyCmAnswer = [0, 0, 2, 1, 0, 2, 1, 0, 2, 0, 2, 2];

    [Fact]
    public void ClassificationMetrics_PyCmsExample_GivesItsOverallStatistics()
    {
        ClassificationMetrics metrics = PyCm();
        Printed(0.58333, metrics.Accuracy);
        Printed(0.61111, metrics.BalancedAccuracy);
        Printed(0.56515, metrics.MacroF1);
        Printed(0.56667, metrics.MacroPrecision);
        Printed(0.61111, metrics.MacroRecall);
        Printed(0.35484, metrics.CohenKappa);
        Printed(0.36667, metrics.MatthewsCorrelation);
        Printed(0.5, metrics.Baselines.MajorityAccuracy);
    }

    [Fact]
    public void ClassMetrics_PyCmsExample_GivesItsClassStatistics()
    {
        IReadOnlyList<ClassMetrics> classes = PyCm().Classes;
        Printed([0.6, 0.5, 0.6], classes.Take(3).Select(one => one.Precision));
        Printed([1, 0.33333, 0.5], classes.Take(3).Select(one => one.Recall));
        Printed([0.75, 0.4, 0.54545], classes.Take(3).Select(one => one.F1));
        Assert.Equal([3, 3, 6], classes.Take(3).Select(one => one.Support));
    }

    [Fact]
    public void InformednessAndMarkedness_PyCmsExample_AreItsClassValuesWeightedAsDocumented()
    {
        // PyCM prints one value for each class; the shares of answers (5, 2, 5 of 12) and of truths (3, 3, 6 of 12) are the documented weights.
        ClassificationMetrics metrics = PyCm();
        Printed(((5 * 0.77778) + (2 * 0.22222) + (5 * 0.16667)) / 12, metrics.Informedness);
        Printed(((3 * 0.6) + (3 * 0.3) + (6 * 0.17143)) / 12, metrics.Markedness);
    }

    // pingouin's manual, pingouin.holm.
    [Fact]
    public void HolmCorrection_PingouinsExample_GivesItsValues() =>
        Equal([0.64, 0.012, 0.64, 0.162, 0.0015], HolmCorrection.Adjust([0.50, 0.003, 0.32, 0.054, 0.0003]), 1e-12);

    // stdlib's manual, @stdlib/stats/padjust, which follows R's p.adjust; it prints three digits.
    [Fact]
    public void HolmCorrection_StdlibsExample_GivesItsValues()
    {
        double[] adjusted = HolmCorrection.Adjust([0.319, 0.201, 0.4, 0.374, 0.113]);
        Equal([0.957, 0.804, 0.957, 0.565], [adjusted[0], adjusted[1], adjusted[3], adjusted[4]], 1e-12);
    }

    // Efron and Tibshirani 1993, the law school data. MATLAB's manual ("Resampling Statistics") prints the correlation; the percentile interval is the one that
    // pingouin's tests hold against MATLAB's bootci, to the two digits that they give.
    [Fact]
    public void Bootstrap_LawSchoolData_GivesThePrintedCorrelationAndPercentileInterval()
    {
        double[] lsat = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594];
        double[] gpa = [3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96];
        var bootstrap = Bootstrap.Stratified(new Emotion[15], new BootstrapOptions { Resamples = 20000, Seed = 11 });
        Interval interval = bootstrap.Run(indices => Correlation(lsat, gpa, indices)).Interval();
        Assert.Equal(0.7764, interval.Estimate, 5e-5);
        Assert.Equal(0.45, interval.Lower, 0.02);
        Assert.Equal(0.96, interval.Upper, 0.01);
    }

    private static ClassificationMetrics PyCm() => ClassificationMetrics.Of(MetricSamples.Answers([.. PyCmTruth.Select(i => (Emotion)i)], [.. PyCmAnswer.Select(i => (Emotion)i)]));

    private static void Printed(double expected, double actual) => Assert.Equal(expected, actual, 1e-5);

    private static void Printed(double[] expected, IEnumerable<double> actual) => Equal(expected, [.. actual], 1e-5);

    private static void Equal(double[] expected, double[] actual, double tolerance) => Assert.All(expected.Zip(actual, (e, a) => (e, a)), pair => Assert.Equal(pair.e, pair.a, tolerance));

    private static double Correlation(double[] x, double[] y, ReadOnlySpan<int> indices)
    {
        double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
        foreach (int i in indices)
        {
            (mx, my) = (mx + (x[i] / indices.Length), my + (y[i] / indices.Length));
        }

        foreach (int i in indices)
        {
            (xx, yy, xy) = (xx + ((x[i] - mx) * (x[i] - mx)), yy + ((y[i] - my) * (y[i] - my)), xy + ((x[i] - mx) * (y[i] - my)));
        }

        return xy / Math.Sqrt(xx * yy);
    }
}
