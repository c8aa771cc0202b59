using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FerSharp.Evaluation;

/// <summary>What metrics are computed from: for each sample the true expression and eight probabilities. Checked once, immutable, thread-safe.</summary>
/// <remarks>What a metric needs of a sample (answer, loss, rank of the truth) is computed once, so that thousands of resamples only add up.</remarks>
public sealed class ScoredSamples
{
    private const int Width = EmotionScores.Count;

    // Machine epsilon of double: the clip of scikit-learn's log_loss.
    private const double Tiny = 2.220446049250313e-16;

    private readonly Emotion[] _truth;
    private readonly Emotion[] _predicted;
    private readonly double[] _probabilities;
    private readonly double[] _confidence;
    private readonly double[] _logLoss;
    private readonly double[] _brier;
    private readonly bool[] _inTopTwo;

    /// <summary>Takes the readings of a classifier.</summary>
    /// <param name="truth">The true expressions.</param>
    /// <param name="scores">The readings, one for each sample; none is empty.</param>
    /// <exception cref="ArgumentException">No samples, different lengths, an undefined expression, or an empty reading.</exception>
    public ScoredSamples(ReadOnlySpan<Emotion> truth, ReadOnlySpan<EmotionScores> scores)
        : this(truth, ToRows(truth.Length, scores))
    {
    }

    /// <summary>Takes probabilities in double precision.</summary>
    /// <param name="truth">The true expressions.</param>
    /// <param name="probabilities">Eight values for each sample, row after row, in the order of <see cref="Emotion"/>; each 0 to 1, each row's sum 1 to 1e-3. Copied.</param>
    /// <exception cref="ArgumentException">No samples, different lengths, an undefined expression, a value that is no number from 0 to 1, or a sum that is not 1.</exception>
    public ScoredSamples(ReadOnlySpan<Emotion> truth, ReadOnlySpan<double> probabilities)
        : this(truth, probabilities.ToArray())
    {
    }

    private ScoredSamples(ReadOnlySpan<Emotion> truth, double[] probabilities)
    {
        Check(truth, probabilities);
        int count = truth.Length;
        _truth = truth.ToArray();
        _probabilities = probabilities;
        _predicted = new Emotion[count];
        _confidence = new double[count];
        _logLoss = new double[count];
        _brier = new double[count];
        _inTopTwo = new bool[count];
        EmotionSet classes = default;
        for (int i = 0; i < count; i++)
        {
            classes = classes.Union(Measure(i));
        }

        Classes = classes;
    }

    /// <summary>Number of samples, at least 1.</summary>
    public int Count => _truth.Length;

    /// <summary>The expressions that occur as a truth or have a probability above 0 anywhere.</summary>
    public EmotionSet Classes { get; }

    /// <summary>The true expressions.</summary>
    public ReadOnlySpan<Emotion> Truth => _truth;

    /// <summary>The answers: the expression of the highest probability, the first in enum order of equal ones.</summary>
    public ReadOnlySpan<Emotion> Predicted => _predicted;

    /// <summary>The probability of each answer, 0 to 1.</summary>
    public ReadOnlySpan<double> Confidence => _confidence;

    /// <summary>Minus the logarithm of each truth's probability, in nats. The row is scaled to sum 1 and clipped at 2.2e-16, as scikit-learn does.</summary>
    public ReadOnlySpan<double> LogLoss => _logLoss;

    /// <summary>Sum over the eight classes of the squared difference to the truth, 0 to 2 (Brier 1950).</summary>
    public ReadOnlySpan<double> Brier => _brier;

    /// <summary>Whether each truth is among the two most probable; of equal probabilities the first in enum order goes first.</summary>
    public ReadOnlySpan<bool> InTopTwo => _inTopTwo;

    /// <summary>The eight probabilities of a sample, in the order of <see cref="Emotion"/>.</summary>
    /// <param name="index">Position of the sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such sample.</exception>
    public ReadOnlySpan<double> Probabilities(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _probabilities.AsSpan(index * Width, Width);
    }

    /// <summary>Whether the answer to a sample is right.</summary>
    /// <param name="index">Position of the sample.</param>
    /// <exception cref="IndexOutOfRangeException">No such sample.</exception>
    public bool IsRight(int index) => _truth[index] == _predicted[index];

    /// <summary>The samples with tempered probabilities: <c>p^(1/T)</c>, scaled to sum 1 (Guo et al. 2017, on the logarithms of the probabilities).</summary>
    /// <param name="temperature">T: above 1 makes the answers less sure, below 1 surer. 0.05 to 20.</param>
    /// <returns>New samples; a probability of exactly 0 stays 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is outside 0.05 to 20.</exception>
    public ScoredSamples WithTemperature(double temperature)
    {
        if (!(temperature >= TemperatureFit.Lowest && temperature <= TemperatureFit.Highest))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature lies between 0.05 and 20.");
        }

        double[] tempered = new double[_probabilities.Length];
        for (int i = 0; i < Count; i++)
        {
            double sum = 0;
            Span<double> row = tempered.AsSpan(i * Width, Width);
            for (int c = 0; c < Width; c++)
            {
                // Divided by the largest, so that no row underflows to 0.
                row[c] = Math.Pow(_probabilities[(i * Width) + c] / _confidence[i], 1 / temperature);
                sum += row[c];
            }

            for (int c = 0; c < Width; c++)
            {
                row[c] /= sum;
            }
        }

        return new ScoredSamples(_truth, tempered);
    }

    /// <summary>Hash of truths and probabilities: the same samples under another name are found out by it.</summary>
    internal string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<Emotion>(_truth));
        hash.AppendData(MemoryMarshal.AsBytes<double>(_probabilities));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static double[] ToRows(int truths, ReadOnlySpan<EmotionScores> scores)
    {
        MetricInput.SameLength(truths, scores.Length, nameof(scores));
        double[] rows = new double[scores.Length * Width];
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i].IsEmpty)
            {
                throw new ArgumentException($"Sample {i} has no reading. Leave out samples that were not read, and report them with CoverageMetrics.", nameof(scores));
            }

            for (int c = 0; c < Width; c++)
            {
                rows[(i * Width) + c] = scores[i][(Emotion)c];
            }
        }

        return rows;
    }

    private static void Check(ReadOnlySpan<Emotion> truth, double[] probabilities)
    {
        MetricInput.NotEmpty(truth.Length, nameof(truth));
        MetricInput.Defined(truth, nameof(truth));
        if (probabilities.Length != truth.Length * Width)
        {
            throw new ArgumentException($"{truth.Length} samples need {truth.Length * Width} probabilities, eight each; {probabilities.Length} were given.", nameof(probabilities));
        }

        for (int i = 0; i < truth.Length; i++)
        {
            double sum = 0;
            for (int c = 0; c < Width; c++)
            {
                double p = probabilities[(i * Width) + c];
                if (!(p >= 0 && p <= 1.001))
                {
                    throw new ArgumentException($"The score of {(Emotion)c} in sample {i} is {p}; it must be a number from 0 to 1.", nameof(probabilities));
                }

                sum += p;
            }

            // A little wider than what EmotionScores allows, which adds up in single precision.
            if (!(Math.Abs(sum - 1) <= 1.01e-3))
            {
                throw new ArgumentException($"The scores of sample {i} add up to {sum}; they must add up to 1.", nameof(probabilities));
            }
        }
    }

    private EmotionSet Measure(int index)
    {
        ReadOnlySpan<double> row = Probabilities(index);
        int truth = (int)_truth[index];
        int top = 0;
        int ahead = 0;
        double sum = 0;
        double brier = 0;
        var classes = new EmotionSet(_truth[index]);
        for (int c = 0; c < Width; c++)
        {
            double p = row[c];
            sum += p;
            top = p > row[top] ? c : top;
            ahead += p > row[truth] || (p == row[truth] && c < truth) ? 1 : 0;
            double difference = p - (c == truth ? 1 : 0);
            brier += difference * difference;
            classes = p > 0 ? classes.Union(new EmotionSet((Emotion)c)) : classes;
        }

        _predicted[index] = (Emotion)top;
        _confidence[index] = row[top];
        _logLoss[index] = -Math.Log(Math.Clamp(row[truth] / sum, Tiny, 1 - Tiny));
        _brier[index] = brier;
        _inTopTwo[index] = ahead < 2;
        return classes;
    }
}
