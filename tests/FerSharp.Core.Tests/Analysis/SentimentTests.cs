using CsCheck;

namespace FerSharp.Core.Tests.Analysis;

public sealed class SentimentTests
{
    [Theory]
    [InlineData(Emotion.Neutral, SentimentLabel.Neutral, 0)]
    [InlineData(Emotion.Happiness, SentimentLabel.Positive, 1)]
    [InlineData(Emotion.Surprise, SentimentLabel.Neutral, 0)]
    [InlineData(Emotion.Sadness, SentimentLabel.Negative, -1)]
    [InlineData(Emotion.Anger, SentimentLabel.Negative, -1)]
    [InlineData(Emotion.Disgust, SentimentLabel.Negative, -1)]
    [InlineData(Emotion.Fear, SentimentLabel.Negative, -1)]
    [InlineData(Emotion.Contempt, SentimentLabel.Negative, -1)]
    public void Sentiment_OneExpression_FollowsTheRule(Emotion emotion, SentimentLabel label, float score)
    {
        float[] p = new float[8];
        p[(int)emotion] = 1;
        Assert.Equal(new Sentiment(label, score), Sentiment.FromScores(new EmotionScores(p)));
    }

    [Fact]
    public void Sentiment_NegativeSharesAdd() =>
        Assert.Equal(SentimentLabel.Negative, Sentiment.FromScores(new EmotionScores([0.25f, 0.15f, 0, 0.2f, 0.2f, 0.2f, 0, 0])).Label);

    [Fact]
    public void Sentiment_Tie_IsNeutral() =>
        Assert.Equal(SentimentLabel.Neutral, Sentiment.FromScores(new EmotionScores([0, 0.5f, 0, 0.5f, 0, 0, 0, 0])).Label);

    [Fact]
    public void Sentiment_NoReading_IsNeutral() => Assert.Equal(new Sentiment(SentimentLabel.Neutral, 0), Sentiment.FromScores(default));

    [Fact]
    public void Sentiment_AnyScores_StaysWithinBounds() => Gen.Float[0.001f, 1].Array[8].Sample(values =>
    {
        float sum = values.Sum();
        Assert.InRange(Sentiment.FromScores(new EmotionScores([.. values.Select(v => v / sum)])).Score, -1.001f, 1.001f);
    });
}
