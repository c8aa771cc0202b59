using System.Globalization;

namespace FerSharp.Media;

/// <summary>The words of a face's label.</summary>
internal static class FaceLabel
{
    public static string[] LinesOf(in FaceEmotion face, Func<FaceEmotion, string>? label)
    {
        if (label is not null)
        {
            return (label(face) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        string reading = face.Scores.IsEmpty ? "no reading" : face.Scores.Top + " " + Number(face.Scores.TopScore);
        return face.Outcome switch
        {
            FaceOutcome.LowQuality => ["Low quality", ReasonsOf(face.Reasons)],
            FaceOutcome.Uncertain => ["Uncertain: " + reading, ReasonsOf(face.Reasons)],
            _ => [reading],
        };
    }

    public static string Number(float score) => score.ToString("0.00", CultureInfo.InvariantCulture);

    private static string ReasonsOf(OutcomeReasons reasons)
    {
        var words = new List<string>(4);
        Add(OutcomeReasons.TooSmall, "too small");
        Add(OutcomeReasons.TooDark, "too dark");
        Add(OutcomeReasons.TooBlurred, "too blurred");
        Add(OutcomeReasons.LowTopScore, "top score too low");
        return words.Count == 0 ? "no reason given" : string.Join(", ", words);

        void Add(OutcomeReasons reason, string text)
        {
            if (reasons.HasFlag(reason))
            {
                words.Add(text);
            }
        }
    }
}
