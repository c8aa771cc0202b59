using System.Globalization;
using System.Text;

namespace FerSharp.Evaluation;

/// <summary>How often each true expression got each answer. Rows are truths, columns answers. Immutable, thread-safe.</summary>
public sealed class ConfusionMatrix : IEquatable<ConfusionMatrix>
{
    private const int Width = EmotionScores.Count;
    private readonly int[] _cells = new int[Width * Width];
    private readonly int[] _truths = new int[Width];
    private readonly int[] _answers = new int[Width];

    /// <summary>Counts pairs of truth and answer.</summary>
    /// <param name="truth">The true expressions.</param>
    /// <param name="predicted">The answers, one for each truth.</param>
    /// <param name="classes">The expressions that the table shows; null for those that occur.</param>
    /// <exception cref="ArgumentException">No samples, different lengths, an undefined expression, or one that is not in <paramref name="classes"/>.</exception>
    public ConfusionMatrix(ReadOnlySpan<Emotion> truth, ReadOnlySpan<Emotion> predicted, EmotionSet? classes = null)
    {
        MetricInput.NotEmpty(truth.Length, nameof(truth));
        MetricInput.SameLength(truth.Length, predicted.Length, nameof(predicted));
        MetricInput.Defined(truth, nameof(truth));
        MetricInput.Defined(predicted, nameof(predicted));
        for (int i = 0; i < truth.Length; i++)
        {
            _cells[((int)truth[i] * Width) + (int)predicted[i]]++;
        }

        Classes = Finish(classes);
    }

    /// <summary>Counts some of the samples, each as often as it is named: the inner loop of a bootstrap.</summary>
    internal ConfusionMatrix(ScoredSamples samples, ReadOnlySpan<int> indices)
    {
        ReadOnlySpan<Emotion> truth = samples.Truth;
        ReadOnlySpan<Emotion> predicted = samples.Predicted;
        foreach (int i in indices)
        {
            _cells[((int)truth[i] * Width) + (int)predicted[i]]++;
        }

        Classes = Finish(samples.Classes);
    }

    /// <summary>The expressions that the table shows.</summary>
    public EmotionSet Classes { get; }

    /// <summary>Number of samples.</summary>
    public int Total { get; private set; }

    /// <summary>Number of right answers: the diagonal.</summary>
    public int Correct { get; private set; }

    /// <summary>How many samples have this truth and this answer.</summary>
    /// <param name="truth">The row.</param>
    /// <param name="predicted">The column.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public int this[Emotion truth, Emotion predicted] => _cells[(Index(truth) * Width) + Index(predicted)];

    /// <summary>How many samples have this truth: the row's sum.</summary>
    /// <param name="emotion">The expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public int TruthCount(Emotion emotion) => _truths[Index(emotion)];

    /// <summary>How many samples have this answer: the column's sum.</summary>
    /// <param name="emotion">The expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public int AnswerCount(Emotion emotion) => _answers[Index(emotion)];

    /// <summary>Share of a truth's samples that got an answer, 0 to 1; 0 where the truth does not occur.</summary>
    /// <param name="truth">The row.</param>
    /// <param name="predicted">The column.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a defined expression.</exception>
    public double RowShare(Emotion truth, Emotion predicted) => MetricInput.Ratio(this[truth, predicted], TruthCount(truth));

    /// <summary>Whether counts and classes are the same.</summary>
    /// <param name="other">The other matrix.</param>
    public bool Equals(ConfusionMatrix? other) => other is not null && Classes == other.Classes && _cells.AsSpan().SequenceEqual(other._cells);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfusionMatrix);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Classes, Total, Correct, _cells[0], _cells[9], _cells[27]);

    /// <summary>A table of counts: rows are truths, columns answers; the last column is the recall in percent.</summary>
    public override string ToString()
    {
        Emotion[] classes = Classes.ToArray();
        var text = new StringBuilder("true \\ answer");
        foreach (Emotion column in classes)
        {
            text.Append(CultureInfo.InvariantCulture, $" {column,9}");
        }

        text.Append("  recall\n");
        foreach (Emotion row in classes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row,-13}");
            foreach (Emotion column in classes)
            {
                text.Append(CultureInfo.InvariantCulture, $" {this[row, column],9}");
            }

            text.Append(CultureInfo.InvariantCulture, $" {100 * RowShare(row, row),6:0.0}%\n");
        }

        return text.ToString();
    }

    private static int Index(Emotion emotion) => emotion <= Emotion.Contempt
        ? (int)emotion
        : throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "Not a defined expression.");

    private EmotionSet Finish(EmotionSet? classes)
    {
        EmotionSet occurring = default;
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            int count = _cells[cell];
            (int row, int column) = (cell / Width, cell % Width);
            Total += count;
            Correct += row == column ? count : 0;
            _truths[row] += count;
            _answers[column] += count;
            occurring = count > 0 ? occurring.Union(new EmotionSet((Emotion)row, (Emotion)column)) : occurring;
        }

        return classes is null || classes.Value.Union(occurring) == classes.Value
            ? classes ?? occurring
            : throw new ArgumentException($"The samples hold {occurring}; the table is asked for {classes.Value} only. Drop or map the other samples first.", nameof(classes));
    }
}
