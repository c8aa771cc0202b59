using System.Runtime.CompilerServices;

namespace FerSharp;

/// <summary>A classifier's reading of one face: a probability for each expression, and affect where the model gives it.</summary>
/// <remarks>
/// <para>Eight probabilities in the order of <see cref="Emotion"/>, each 0 to 1, together 1 (to 1e-3); those the model does not know are exactly 0.
/// They are calibrated as far as the model's manifest says, by its temperature.</para>
/// <para>They describe how a face looks to a model. They are no statement about what a person feels.</para>
/// <para><c>default</c> is empty: no reading. Immutable value of 40 bytes without references.</para>
/// </remarks>
public readonly struct EmotionScores : IEquatable<EmotionScores>
{
    /// <summary>Number of expressions: 8.</summary>
    public const int Count = 8;

    private readonly Eight _scores;

    /// <summary>Makes scores from probabilities.</summary>
    /// <param name="probabilities">Eight values in the order of <see cref="Emotion"/>, each 0 to 1, sum 1 to within 1e-3.</param>
    /// <param name="valence">Pleasantness, -1 to 1; NaN where the model gives none.</param>
    /// <param name="arousal">Activation, -1 to 1; NaN where the model gives none.</param>
    /// <exception cref="ArgumentException">Not eight values, a value that is no number from 0 to 1, or a sum that is not 1.</exception>
    public EmotionScores(ReadOnlySpan<float> probabilities, float valence = float.NaN, float arousal = float.NaN)
    {
        if (probabilities.Length != Count)
        {
            throw new ArgumentException($"Eight probabilities are needed, in the order of Emotion; {probabilities.Length} were given.", nameof(probabilities));
        }

        float sum = 0;
        for (int i = 0; i < Count; i++)
        {
            float p = probabilities[i];
            if (!(p >= 0 && p <= 1.001f))
            {
                throw new ArgumentException($"The score of {(Emotion)i} is {p}; it must be a number from 0 to 1.", nameof(probabilities));
            }

            _scores[i] = MathF.Min(p, 1);
            sum += p;
        }

        if (MathF.Abs(sum - 1) > 1e-3f)
        {
            throw new ArgumentException($"The scores add up to {sum}; they must add up to 1.", nameof(probabilities));
        }

        Valence = valence;
        Arousal = arousal;
    }

    /// <summary>The probability of an expression, 0 to 1.</summary>
    /// <param name="emotion">The expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public float this[Emotion emotion] => emotion <= Emotion.Contempt
        ? _scores[(int)emotion]
        : throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "Not a defined expression.");

    /// <summary>Whether this is <c>default</c>: no reading.</summary>
    public bool IsEmpty => this[Top] == 0;

    /// <summary>The expression with the highest probability; the first of them in enum order where several share it.</summary>
    public Emotion Top
    {
        get
        {
            int top = 0;
            for (int i = 1; i < Count; i++)
            {
                if (_scores[i] > _scores[top])
                {
                    top = i;
                }
            }

            return (Emotion)top;
        }
    }

    /// <summary>The probability of <see cref="Top"/>, 0 to 1.</summary>
    public float TopScore => this[Top];

    /// <summary>Pleasantness, -1 to 1; NaN where the model gives none.</summary>
    public float Valence { get; }

    /// <summary>Activation, -1 to 1; NaN where the model gives none.</summary>
    public float Arousal { get; }

    /// <summary>Copies the eight probabilities, in the order of <see cref="Emotion"/>.</summary>
    /// <param name="destination">At least eight values long.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than eight.</exception>
    public void CopyTo(Span<float> destination) => ((ReadOnlySpan<float>)_scores).CopyTo(destination);

    /// <summary>Whether all values are equal; NaN equals NaN.</summary>
    /// <param name="other">The other scores.</param>
    public bool Equals(EmotionScores other)
    {
        ReadOnlySpan<float> left = _scores;
        ReadOnlySpan<float> right = other._scores;
        return left.SequenceEqual(right) && Valence.Equals(other.Valence) && Arousal.Equals(other.Arousal);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EmotionScores other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_scores[0], _scores[1], _scores[2], _scores[3], _scores[4], _scores[5], _scores[6], _scores[7]);

    /// <summary>Whether all values are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(EmotionScores left, EmotionScores right) => left.Equals(right);

    /// <summary>Whether any value differs.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(EmotionScores left, EmotionScores right) => !left.Equals(right);

    /// <summary>The top expression and its probability, in the invariant culture.</summary>
    public override string ToString() => IsEmpty ? "empty" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Top} {TopScore:0.000}");

    [InlineArray(Count)]
    private struct Eight
    {
        private float _first;
    }
}
