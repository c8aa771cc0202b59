using System.Globalization;

namespace FerSharp.Evaluation;

/// <summary>An estimate with its confidence interval.</summary>
/// <param name="Estimate">The value on the samples themselves.</param>
/// <param name="Lower">Lower limit.</param>
/// <param name="Upper">Upper limit.</param>
/// <param name="Level">Confidence level, such as 0.95.</param>
public readonly record struct Interval(double Estimate, double Lower, double Upper, double Level)
{
    /// <summary>Wilson's score interval of a proportion (Wilson 1927), without continuity correction.</summary>
    /// <param name="successes">Number of successes, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Number of trials, at least 1.</param>
    /// <param name="level">Confidence level, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count or the level is outside its range.</exception>
    public static Interval Wilson(int successes, int trials, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        MetricInput.Level(level, nameof(level));
        double z = NormalQuantile(1 - ((1 - level) / 2));
        double share = (double)successes / trials;
        double square = z * z;
        double denominator = trials + square;
        double centre = (successes + (square / 2)) / denominator;
        double half = z / denominator * Math.Sqrt((trials * share * (1 - share)) + (square / 4));

        // At the ends the limit is the end itself; the formula misses it by a rounding error.
        return new Interval(share, successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half, level);
    }

    /// <summary>Estimate and limits to three digits, in the invariant culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Estimate:0.000} [{Lower:0.000}, {Upper:0.000}]");

    // Newton's steps on the distribution function; erfc by its continued fraction (Abramowitz and Stegun 1964, 7.1.14) or series (7.1.6).
    internal static double NormalQuantile(double probability)
    {
        double z = 0;
        for (int step = 0; step < 100; step++)
        {
            double change = (UpperTail(z) - (1 - probability)) * Math.Sqrt(2 * Math.PI) * Math.Exp(z * z / 2);
            z += change;
            if (Math.Abs(change) <= 1e-15 * Math.Max(1, z))
            {
                break;
            }
        }

        return z;
    }

    /// <summary>Chance that a standard normal value is above z, for z from 0 up.</summary>
    internal static double UpperTail(double z)
    {
        if (z < 3)
        {
            double term = z, sum = z;
            for (int n = 1; n < 200 && Math.Abs(term) > 1e-18; n++)
            {
                term *= z * z / ((2 * n) + 1);
                sum += term;
            }

            return 0.5 - (sum * Density(z));
        }

        double fraction = z;
        for (int n = 200; n > 0; n--)
        {
            fraction = z + (n / fraction);
        }

        return Density(z) / fraction;
    }

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
