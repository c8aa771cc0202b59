namespace FerSharp.Core.Tests.Tracking;

/// <summary>Made-up readings.</summary>
internal static class Readings
{
    /// <summary>One expression with a score; the rest goes to neutral (or, for neutral itself, to happiness).</summary>
    public static EmotionScores Of(Emotion emotion, double score = 0.9)
    {
        float[] values = new float[EmotionScores.Count];
        values[(int)(emotion == Emotion.Neutral ? Emotion.Happiness : Emotion.Neutral)] = (float)(1 - score);
        values[(int)emotion] = (float)score;
        return new EmotionScores(values);
    }

    /// <summary>Weights scaled to sum 1.</summary>
    public static EmotionScores Mixed(params double[] weights) => new([.. weights.Select(w => (float)(w / weights.Sum()))]);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
