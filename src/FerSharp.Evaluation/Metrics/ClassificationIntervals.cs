namespace FerSharp.Evaluation;

/// <summary>Intervals of the headline metrics. Immutable.</summary>
public sealed record ClassificationIntervals
{
    private ClassificationIntervals(IReadOnlyList<BootstrapDistribution> runs, ScoredSamples samples, ClassificationMetrics metrics, double level)
    {
        WilsonAccuracy = Interval.Wilson(metrics.Confusion.Correct, samples.Count, level);
        Interval[] all = [.. runs.Select(run => run.Interval(level))];
        (Accuracy, BalancedAccuracy, MacroF1, WeightedF1, MatthewsCorrelation) = (all[0], all[1], all[2], all[3], all[4]);
        (CohenKappa, TopTwoAccuracy, LogLoss, Brier, CalibrationError) = (all[5], all[6], all[7], all[8], all[9]);
    }

    /// <summary>Accuracy with Wilson's interval, which takes samples for independent.</summary>
    public Interval WilsonAccuracy { get; }

    /// <summary>Accuracy, by bootstrap.</summary>
    public Interval Accuracy { get; }

    /// <summary>Balanced accuracy, by bootstrap.</summary>
    public Interval BalancedAccuracy { get; }

    /// <summary>Macro F1, by bootstrap.</summary>
    public Interval MacroF1 { get; }

    /// <summary>Weighted F1, by bootstrap.</summary>
    public Interval WeightedF1 { get; }

    /// <summary>Multi-class Matthews correlation, by bootstrap.</summary>
    public Interval MatthewsCorrelation { get; }

    /// <summary>Cohen's kappa, by bootstrap.</summary>
    public Interval CohenKappa { get; }

    /// <summary>Top-2 accuracy, by bootstrap.</summary>
    public Interval TopTwoAccuracy { get; }

    /// <summary>Log-loss in nats, by bootstrap.</summary>
    public Interval LogLoss { get; }

    /// <summary>Brier score, by bootstrap.</summary>
    public Interval Brier { get; }

    /// <summary>Expected calibration error with 15 bins of equal width, by bootstrap. The error is biased upwards in resamples: the interval may lie above the estimate.</summary>
    public Interval CalibrationError { get; }

    /// <summary>Computes the intervals.</summary>
    /// <param name="samples">Truths and probabilities.</param>
    /// <param name="bootstrap">How to draw: stratified by class, or by subject; over as many samples.</param>
    /// <param name="level">Confidence level, above 0 and below 1.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The bootstrap is for another number of samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside its range.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static ClassificationIntervals Of(ScoredSamples samples, Bootstrap bootstrap, double level = 0.95, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(bootstrap);
        MetricInput.SameLength(samples.Count, bootstrap.Count, nameof(bootstrap));
        MetricInput.Level(level, nameof(level));
        IReadOnlyList<BootstrapDistribution> runs = bootstrap.Run(
            10,
            (indices, values) =>
            {
                ClassificationMetrics m = ClassificationMetrics.Of(samples, indices);
                (values[0], values[1], values[2], values[3], values[4]) = (m.Accuracy, m.BalancedAccuracy, m.MacroF1, m.WeightedF1, m.MatthewsCorrelation);
                (values[5], values[6], values[7], values[8]) = (m.CohenKappa, m.TopTwoAccuracy, m.LogLoss, m.Brier);
                values[9] = CalibrationMetrics.Of(samples, indices).EqualWidthError;
            },
            cancellationToken);
        return new ClassificationIntervals(runs, samples, ClassificationMetrics.Of(samples), level);
    }
}
