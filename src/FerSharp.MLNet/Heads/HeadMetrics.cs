namespace FerSharp.MLNet;

/// <summary>How good probabilities are against the truth.</summary>
internal static class HeadMetrics
{
    // What a probability of 0 counts as: a logarithm must stay finite.
    private const double Floor = 1e-7;

    public static HeadCandidate Measure(HeadAlgorithm algorithm, string settings, float[][] probabilities, ReadOnlySpan<int> truth, int classCount)
    {
        int[] hits = new int[classCount], actual = new int[classCount], told = new int[classCount];
        for (int row = 0; row < truth.Length; row++)
        {
            int top = Top(probabilities[row]);
            actual[truth[row]]++;
            told[top]++;
            if (top == truth[row])
            {
                hits[top]++;
            }
        }

        double accuracy = (double)hits.Sum() / truth.Length;
        double macroF1 = Enumerable.Range(0, classCount).Average(c => actual[c] + told[c] == 0 ? 0 : 2.0 * hits[c] / (actual[c] + told[c]));
        return new HeadCandidate(algorithm, settings, accuracy, macroF1, LogLoss(probabilities, truth, temperature: 1));
    }

    /// <summary>
    /// The temperature that makes the probabilities most likely (Guo et al., On Calibration of Modern Neural Networks, 2017), by golden section
    /// over its logarithm; the loss has one minimum there.
    /// </summary>
    public static float FitTemperature(float[][] probabilities, ReadOnlySpan<int> truth)
    {
        const double Golden = 0.6180339887498949;
        double low = Math.Log(0.05), high = Math.Log(20);
        while (high - low > 1e-4)
        {
            double left = high - (Golden * (high - low)), right = low + (Golden * (high - low));
            if (LogLoss(probabilities, truth, Math.Exp(left)) < LogLoss(probabilities, truth, Math.Exp(right)))
            {
                high = right;
            }
            else
            {
                low = left;
            }
        }

        return (float)Math.Exp((low + high) / 2);
    }

    /// <summary>Mean of -ln p of the truth, with p raised to 1/temperature and normalised.</summary>
    public static double LogLoss(float[][] probabilities, ReadOnlySpan<int> truth, double temperature)
    {
        double sum = 0;
        for (int row = 0; row < truth.Length; row++)
        {
            double total = 0;
            foreach (float p in probabilities[row])
            {
                total += Math.Pow(Math.Max(p, Floor), 1 / temperature);
            }

            sum += Math.Log(total) - (Math.Log(Math.Max(probabilities[row][truth[row]], Floor)) / temperature);
        }

        return sum / truth.Length;
    }

    private static int Top(float[] values)
    {
        int top = 0;
        for (int i = 1; i < values.Length; i++)
        {
            top = values[i] > values[top] ? i : top;
        }

        return top;
    }
}
