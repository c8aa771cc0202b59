using FerSharp.Numerics;

namespace FerSharp.Decoding;

/// <summary>Reads a classifier's output row as expression scores, as its manifest says. Immutable, thread-safe, allocation-free.</summary>
public sealed class EmotionDecoder
{
    private readonly ClassifierOutputSpec _spec;
    private readonly int[] _indices;
    private readonly Emotion[] _emotions;

    /// <summary>Prepares to decode.</summary>
    /// <param name="spec">The manifest's output.</param>
    /// <exception cref="ArgumentNullException"><paramref name="spec"/> is null.</exception>
    /// <exception cref="ArgumentException">No output has a label, or two have the same.</exception>
    public EmotionDecoder(ClassifierOutputSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _spec = spec;
        _indices = [.. Enumerable.Range(0, spec.Labels.Count).Where(i => spec.Labels[i].HasValue)];
        _emotions = [.. _indices.Select(i => spec.Labels[i]!.Value)];
        if (_indices.Length == 0 || spec.Emotions.Count != _indices.Length)
        {
            throw new ArgumentException("At least one output needs a label, and no two outputs may have the same.", nameof(spec));
        }

        RowLength = Math.Max(spec.Labels.Count, 1 + Math.Max(spec.ValenceIndex ?? -1, spec.ArousalIndex ?? -1));
    }

    /// <summary>Length of a row: one value for each label, ignored ones included, and what valence and arousal need beyond the labels.</summary>
    public int RowLength { get; }

    /// <summary>Reads one row.</summary>
    /// <param name="row">The model's output for one face, <see cref="RowLength"/> values.</param>
    /// <param name="scores">The scores, where the method returns true.</param>
    /// <returns>False where the row holds no usable numbers (NaN, or probabilities that are all 0).</returns>
    /// <exception cref="ArgumentException"><paramref name="row"/> has another length.</exception>
    public bool TryDecode(ReadOnlySpan<float> row, out EmotionScores scores)
    {
        if (row.Length != RowLength)
        {
            throw new ArgumentException($"A row has {RowLength} values; {row.Length} were given.", nameof(row));
        }

        Span<float> values = stackalloc float[EmotionScores.Count];
        values = values[.._indices.Length];
        for (int i = 0; i < values.Length; i++)
        {
            float value = row[_indices[i]];

            // softmax(log p / T) is p^(1/T), normalised: probabilities are tempered as logits are.
            values[i] = _spec.Activation == OutputActivation.Probabilities ? MathF.Log(MathF.Max(value, 0)) : value;
            if (float.IsNaN(value) || value == float.PositiveInfinity)
            {
                scores = default;
                return false;
            }
        }

        Softmax.Compute(values, _spec.Temperature, values);
        Span<float> probabilities = stackalloc float[EmotionScores.Count];
        probabilities.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                scores = default;
                return false;
            }

            probabilities[(int)_emotions[i]] = values[i];
        }

        scores = new EmotionScores(
            probabilities,
            _spec.ValenceIndex is { } valence ? Math.Clamp(row[valence], -1, 1) : float.NaN,
            _spec.ArousalIndex is { } arousal ? Math.Clamp(row[arousal], -1, 1) : float.NaN);
        return true;
    }
}
