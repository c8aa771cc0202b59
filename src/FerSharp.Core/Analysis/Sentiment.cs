namespace FerSharp;

/// <summary>Whether an expression reads as positive, neutral or negative.</summary>
public enum SentimentLabel
{
    /// <summary>The neutral share is the largest, or two shares tie.</summary>
    Neutral = 0,

    /// <summary>The positive share is the largest.</summary>
    Positive = 1,

    /// <summary>The negative share is the largest.</summary>
    Negative = 2,
}

/// <summary>Sentiment of an expression: a label and a score, derived from expression scores by one fixed rule.</summary>
/// <param name="Label">The largest of the three shares; neutral where two tie for the largest.</param>
/// <param name="Score">Positive share minus negative share, -1 to 1.</param>
public readonly record struct Sentiment(SentimentLabel Label, float Score)
{
    /// <summary>
    /// The rule. Positive share: happiness. Negative share: sadness + anger + disgust + fear + contempt. Neutral share: neutral + surprise
    /// (surprise goes with good and with bad news alike). The label is the largest share; the score is positive minus negative.
    /// </summary>
    /// <param name="scores">A reading; an empty one gives neutral with score 0.</param>
    public static Sentiment FromScores(in EmotionScores scores)
    {
        float positive = scores[Emotion.Happiness];
        float neutral = scores[Emotion.Neutral] + scores[Emotion.Surprise];
        float negative = scores[Emotion.Sadness] + scores[Emotion.Anger] + scores[Emotion.Disgust] + scores[Emotion.Fear] + scores[Emotion.Contempt];
        SentimentLabel label =
            positive > neutral && positive > negative ? SentimentLabel.Positive :
            negative > neutral && negative > positive ? SentimentLabel.Negative :
            SentimentLabel.Neutral;
        return new Sentiment(label, positive - negative);
    }
}
