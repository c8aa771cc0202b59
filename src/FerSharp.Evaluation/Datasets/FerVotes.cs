using System.Globalization;

namespace FerSharp.Evaluation;

/// <summary>The votes of FER+'s ten annotators for one picture.</summary>
/// <param name="Shares">Votes for the eight expressions over their sum; null where there are none.</param>
/// <param name="Majority">The label by the rule of <see cref="LabelSet.FerPlusMajority"/>.</param>
/// <param name="NotAFace">Whether more than half of all votes are for "not a face".</param>
internal readonly record struct FerVotes(float[]? Shares, Emotion? Majority, bool NotAFace)
{
    private const int Choices = EmotionScores.Count + 2;

    /// <summary>Columns of the FER+ csv: the eight expressions in the order of <see cref="Emotion"/>, unknown, not a face.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "nf"];

    /// <summary>Reads the ten votes of a record; says what is wrong, or null.</summary>
    public static string? Read(CsvReader csv, ReadOnlySpan<int> columns, out FerVotes votes)
    {
        Span<int> counts = stackalloc int[Choices];
        votes = default;
        for (int i = 0; i < Choices; i++)
        {
            ReadOnlySpan<char> text = csv[columns[i]].Trim();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out counts[i]) || counts[i] > 1000)
            {
                return $"The votes for {Columns[i]} are '{Cell.Short(text)}', not a whole number from 0 to 1000.";
            }
        }

        votes = From(counts);
        return null;
    }

    private static FerVotes From(ReadOnlySpan<int> counts)
    {
        int all = 0, expressions = 0, kept = 0, top = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            all += counts[i];
            if (i < EmotionScores.Count)
            {
                expressions += counts[i];
                kept += counts[i] > 1 ? counts[i] : 0;
                top = counts[i] > counts[top] ? i : top;
            }
        }

        float[]? shares = null;
        if (expressions > 0)
        {
            shares = new float[EmotionScores.Count];
            for (int i = 0; i < shares.Length; i++)
            {
                shares[i] = (float)counts[i] / expressions;
            }
        }

        return new FerVotes(shares, counts[top] > 1 && 2 * counts[top] > kept ? (Emotion)top : null, 2 * counts[Choices - 1] > all);
    }
}

/// <summary>Fields of a csv in messages.</summary>
internal static class Cell
{
    private const int Shown = 40;

    public static string Short(ReadOnlySpan<char> text) => text.Length <= Shown ? text.ToString() : $"{text[..Shown]}...";
}
