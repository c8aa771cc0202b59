namespace FerSharp.Numerics;

/// <summary>From logits to probabilities.</summary>
public static class Softmax
{
    /// <summary>Softmax with temperature: <c>p[i] = exp(x[i] / T) / sum exp(x[j] / T)</c>, computed so that nothing overflows.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="temperature">T, above 0: above 1 softens, below 1 sharpens (Guo et al., On Calibration of Modern Neural Networks, 2017).</param>
    /// <param name="destination">Receives as many probabilities; may be the same span as <paramref name="logits"/>. Their sum is 1 to rounding; NaN logits give NaN.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <paramref name="logits"/>, or there are no logits.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is not above 0.</exception>
    public static void Compute(ReadOnlySpan<float> logits, float temperature, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        if (logits.IsEmpty || destination.Length < logits.Length)
        {
            throw new ArgumentException($"There are {logits.Length} logits and room for {destination.Length} probabilities.", nameof(destination));
        }

        float max = logits[0];
        foreach (float logit in logits)
        {
            max = MathF.Max(max, logit);
        }

        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            float e = MathF.Exp((logits[i] - max) / temperature);
            destination[i] = e;
            sum += e;
        }

        float factor = (float)(1 / sum);
        for (int i = 0; i < logits.Length; i++)
        {
            destination[i] *= factor;
        }
    }
}
