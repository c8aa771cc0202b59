namespace FerSharp.Evaluation;

/// <summary>A metric of some of the samples.</summary>
/// <param name="indices">Positions of the samples; one that occurs twice counts twice. Valid during the call only.</param>
/// <returns>The value; NaN where the metric is not defined.</returns>
public delegate double SampleMetric(ReadOnlySpan<int> indices);

/// <summary>Several metrics of some of the samples.</summary>
/// <param name="indices">Positions of the samples; one that occurs twice counts twice. Valid during the call only.</param>
/// <param name="values">Receives one value for each metric; NaN where it is not defined.</param>
public delegate void SampleMetrics(ReadOnlySpan<int> indices, Span<double> values);

/// <summary>How a bootstrap draws (Efron and Tibshirani 1993).</summary>
public sealed record BootstrapOptions
{
    /// <summary>Number of resamples, at least 1; 2,000 or more for limits at 95 %.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>Seed: the same seed gives the same resamples on every machine, with any number of cores.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Draws samples again, with replacement, to see how far a metric varies. Immutable, thread-safe.</summary>
/// <remarks>
/// Each resample has a generator of its own (SplitMix64, Steele et al. 2014), seeded from the seed and its number. So results do not depend on the number of threads,
/// and two metrics run on the same bootstrap see the same resamples.
/// </remarks>
public sealed class Bootstrap
{
    // Units are drawn with replacement inside each stratum; a unit is the positions that stay together.
    private readonly int[][][] _strata;
    private readonly int _largest;
    private readonly BootstrapOptions _options;

    private Bootstrap(int[][][] strata, int count, BootstrapOptions? options)
    {
        _strata = strata;
        Count = count;
        _options = options ?? new BootstrapOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Resamples, 1, nameof(options));
        _largest = strata.Sum(units => units.Length * units.Max(unit => unit.Length));
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Draws samples inside each class, so that every resample has the same number of each: for F1, MCC, calibration.</summary>
    /// <param name="truth">The true expressions.</param>
    /// <param name="options">Number of resamples and seed; null for 2,000 and 1.</param>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no resamples.</exception>
    public static Bootstrap Stratified(ReadOnlySpan<Emotion> truth, BootstrapOptions? options = null)
    {
        MetricInput.NotEmpty(truth.Length, nameof(truth));
        Emotion[] labels = truth.ToArray();
        int[][][] strata = [.. Enumerable.Range(0, labels.Length).GroupBy(i => labels[i]).OrderBy(group => group.Key).Select(group => group.Select(i => new[] { i }).ToArray())];
        return new Bootstrap(strata, labels.Length, options);
    }

    /// <summary>Draws subjects with all their samples: for frames of videos, whose pictures of one person are no independent samples (Field and Welsh 2007).</summary>
    /// <param name="subjects">Who is in each picture; a picture whose subject is null is a subject of its own.</param>
    /// <param name="options">Number of resamples and seed; null for 2,000 and 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="subjects"/> is null.</exception>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no resamples.</exception>
    public static Bootstrap BySubject(IReadOnlyList<string?> subjects, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        MetricInput.NotEmpty(subjects.Count, nameof(subjects));
        int[][] units = [.. Enumerable.Range(0, subjects.Count).GroupBy(i => (subjects[i], subjects[i] is null ? i : -1)).Select(group => group.ToArray())];
        return new Bootstrap([units], subjects.Count, options);
    }

    /// <summary>Runs a metric on all resamples, on all cores.</summary>
    /// <param name="metric">The metric; called from several threads at once.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public BootstrapDistribution Run(SampleMetric metric, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Run(1, (indices, values) => values[0] = metric(indices), cancellationToken)[0];
    }

    /// <summary>Runs several metrics on the same resamples, on all cores.</summary>
    /// <param name="count">Number of metrics, at least 1.</param>
    /// <param name="metrics">The metrics; called from several threads at once. An exception from it comes out inside an <see cref="AggregateException"/>.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>One distribution for each metric.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IReadOnlyList<BootstrapDistribution> Run(int count, SampleMetrics metrics, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(metrics);
        double[] estimates = new double[count];
        metrics(Enumerable.Range(0, Count).ToArray(), estimates);
        double[] table = new double[_options.Resamples * count];
        Parallel.For(
            0,
            _options.Resamples,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new int[_largest],
            (resample, _, buffer) =>
            {
                metrics(buffer.AsSpan(0, Draw(resample, buffer)), table.AsSpan(resample * count, count));
                return buffer;
            },
            _ => { });
        return [.. Enumerable.Range(0, count).Select(m => new BootstrapDistribution(estimates[m], Enumerable.Range(0, _options.Resamples).Select(r => table[(r * count) + m])))];
    }

    private int Draw(int resample, int[] buffer)
    {
        ulong state = Mix(_options.Seed) + (ulong)resample;
        state = Mix(state);
        int filled = 0;
        foreach (int[][] units in _strata)
        {
            for (int i = 0; i < units.Length; i++)
            {
                state += 0x9E3779B97F4A7C15;
                int[] unit = units[(int)Math.BigMul(Mix(state), (ulong)units.Length, out _)];
                unit.CopyTo(buffer, filled);
                filled += unit.Length;
            }
        }

        return filled;
    }

    /// <summary>The output function of SplitMix64.</summary>
    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>The values of a metric over all resamples. Immutable, thread-safe.</summary>
public sealed class BootstrapDistribution
{
    private readonly double[] _values;

    internal BootstrapDistribution(double estimate, IEnumerable<double> values)
    {
        Estimate = estimate;
        double[] all = [.. values];
        _values = [.. all.Where(double.IsFinite).Order()];
        Undefined = all.Length - _values.Length;
    }

    /// <summary>The metric on the samples themselves.</summary>
    public double Estimate { get; }

    /// <summary>The finite values, in rising order.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Number of resamples in which the metric is not defined (no finite number). They are left out.</summary>
    public int Undefined { get; }

    /// <summary>Standard deviation of the values (divisor n - 1): the standard error of the estimate; NaN with fewer than two values.</summary>
    public double StandardError
    {
        get
        {
            double mean = _values.Length > 0 ? _values.Average() : 0;
            return _values.Length > 1 ? Math.Sqrt(_values.Sum(value => (value - mean) * (value - mean)) / (_values.Length - 1)) : double.NaN;
        }
    }

    /// <summary>Percentile interval (Efron and Tibshirani 1993, chapter 13); limits by linear interpolation (Hyndman and Fan 1996, type 7), NaN where no value is defined.</summary>
    /// <param name="level">Confidence level, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside its range.</exception>
    public Interval Interval(double level = 0.95)
    {
        MetricInput.Level(level, nameof(level));
        return new Interval(Estimate, Quantile((1 - level) / 2), Quantile((1 + level) / 2), level);
    }

    private double Quantile(double probability)
    {
        if (_values.Length == 0)
        {
            return double.NaN;
        }

        double place = probability * (_values.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, _values.Length - 1);
        return _values[below] + ((place - below) * (_values[above] - _values[below]));
    }
}
