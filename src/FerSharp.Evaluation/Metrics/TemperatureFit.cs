namespace FerSharp.Evaluation;

/// <summary>The temperature that makes a model's probabilities honest, and what it was fitted on. Immutable.</summary>
/// <remarks>
/// Temperature scaling (Guo et al. 2017) on probabilities: <c>p^(1/T)</c>, scaled to sum 1, is the softmax of logits divided by T. T is where the log-loss is least.
/// A figure on the part that T was fitted on says nothing about new pictures, so <see cref="Report"/> refuses that part.
/// </remarks>
public sealed class TemperatureFit
{
    /// <summary>The lowest temperature that is tried: 0.05.</summary>
    public const double Lowest = 0.05;

    /// <summary>The highest temperature that is tried: 20.</summary>
    public const double Highest = 20;

    // ln of double's machine epsilon: no probability is taken for less than the log-loss takes it for.
    private const double FloorLog = -36.04365338911715;

    private readonly string _fingerprint;

    private TemperatureFit(double temperature, ScoredSamples samples, DatasetInfo part)
    {
        Temperature = temperature;
        FittedOn = part;
        OnFittingPart = new TemperatureReport(part, temperature, samples);
        _fingerprint = samples.Fingerprint();
    }

    /// <summary>T, <see cref="Lowest"/> to <see cref="Highest"/>; above 1 the model was too sure.</summary>
    public double Temperature { get; }

    /// <summary>Whether T lies at the end of the range: the log-loss has no minimum inside it, as where every answer is right but not fully sure.</summary>
    public bool IsAtLimit => Temperature is <= Lowest or >= Highest;

    /// <summary>The part that T was fitted on.</summary>
    public DatasetInfo FittedOn { get; }

    /// <summary>Figures on the fitting part: they show whether the fit worked. Not to be published as results.</summary>
    public TemperatureReport OnFittingPart { get; }

    /// <summary>Fits T by bisection on the slope of the mean log-loss over 1/T, in which it is convex.</summary>
    /// <param name="samples">Readings of the fitting part, made with temperature 1 or with the temperature that T is to be multiplied onto.</param>
    /// <param name="part">The fitting part; never the one that results are reported on.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The part has no hash.</exception>
    public static TemperatureFit Fit(ScoredSamples samples, DatasetInfo part)
    {
        ArgumentNullException.ThrowIfNull(samples);
        CheckPart(part);
        (double low, double high) = (1 / Highest, 1 / Lowest);
        (double atLow, double atHigh) = (Slope(samples, low), Slope(samples, high));
        double sharpness = 1;
        if (atLow >= 0 || atHigh <= 0)
        {
            // No minimum inside the range; where the slope is 0 throughout no temperature changes anything, and 1 stays.
            sharpness = atLow > 0 ? low : atHigh < 0 ? high : 1;
        }
        else
        {
            // Halving in the logarithm: 60 steps end at the precision of double.
            for (int step = 0; step < 60; step++)
            {
                double middle = Math.Sqrt(low * high);
                (low, high) = Slope(samples, middle) < 0 ? (middle, high) : (low, middle);
            }

            sharpness = Math.Sqrt(low * high);
        }

        return new TemperatureFit(Math.Clamp(1 / sharpness, Lowest, Highest), samples, part);
    }

    /// <summary>What T does to the figures of another part.</summary>
    /// <param name="samples">Readings of the part, made with the same temperature as those of the fit.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The part has no hash.</exception>
    /// <exception cref="InvalidOperationException">It is the part that T was fitted on, by its hash or by its content.</exception>
    public TemperatureReport Report(ScoredSamples samples, DatasetInfo part)
    {
        ArgumentNullException.ThrowIfNull(samples);
        CheckPart(part);
        if (string.Equals(part.Sha256, FittedOn.Sha256, StringComparison.OrdinalIgnoreCase) || samples.Fingerprint() == _fingerprint)
        {
            throw new InvalidOperationException(
                $"The temperature was fitted on {FittedOn.Name} {FittedOn.Split}, and these are the same samples. Report on a part that the fit has not seen, such as PrivateTest.");
        }

        return new TemperatureReport(part, Temperature, samples);
    }

    private static void CheckPart(DatasetInfo part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (string.IsNullOrWhiteSpace(part.Sha256))
        {
            throw new ArgumentException("The part has no hash. Without one nothing keeps fitting and reporting apart.", nameof(part));
        }
    }

    // d(log-loss)/d(1/T) = mean of (expected ln p under the tempered distribution - ln p of the truth).
    private static double Slope(ScoredSamples samples, double sharpness)
    {
        double slope = 0;
        Span<double> logs = stackalloc double[EmotionScores.Count];
        for (int i = 0; i < samples.Count; i++)
        {
            ReadOnlySpan<double> row = samples.Probabilities(i);
            int truth = (int)samples.Truth[i];
            if (row[truth] == 0)
            {
                // No temperature changes a probability of 0, so the sample's loss is constant.
                continue;
            }

            double top = Math.Log(samples.Confidence[i]);
            double sum = 0, mean = 0;
            for (int c = 0; c < row.Length; c++)
            {
                if (row[c] > 0)
                {
                    logs[c] = Math.Max(Math.Log(row[c]), FloorLog) - top;
                    double weight = Math.Exp(sharpness * logs[c]);
                    sum += weight;
                    mean += weight * logs[c];
                }
            }

            slope += (mean / sum) - logs[truth];
        }

        return slope;
    }
}

/// <summary>Figures of a part before and after a temperature. Immutable.</summary>
public sealed record TemperatureReport
{
    internal TemperatureReport(DatasetInfo part, double temperature, ScoredSamples samples)
    {
        Part = part;
        Temperature = temperature;
        ScoredSamples tempered = samples.WithTemperature(temperature);
        (LogLossBefore, LogLossAfter) = (ClassificationMetrics.Of(samples).LogLoss, ClassificationMetrics.Of(tempered).LogLoss);
        (Before, After) = (CalibrationMetrics.Of(samples), CalibrationMetrics.Of(tempered));
    }

    /// <summary>The part that the figures are of.</summary>
    public DatasetInfo Part { get; }

    /// <summary>The temperature.</summary>
    public double Temperature { get; }

    /// <summary>Mean log-loss of the readings as they came, in nats.</summary>
    public double LogLossBefore { get; }

    /// <summary>Mean log-loss after tempering, in nats.</summary>
    public double LogLossAfter { get; }

    /// <summary>Calibration of the readings as they came.</summary>
    public CalibrationMetrics Before { get; }

    /// <summary>Calibration after tempering.</summary>
    public CalibrationMetrics After { get; }
}
