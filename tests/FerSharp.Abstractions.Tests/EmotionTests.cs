using CsCheck;

namespace FerSharp.Abstractions.Tests;

public sealed class EmotionTests
{
    private static readonly Gen<float[]> Probabilities =
        Gen.Float[0.001f, 1].Array[8].Select(values => values.Select(value => value / values.Sum()).ToArray());

    [Fact]
    public void Emotion_Order_IsFrozen() => Assert.Equal(
        ["Neutral", "Happiness", "Surprise", "Sadness", "Anger", "Disgust", "Fear", "Contempt"],
        Enum.GetValues<Emotion>().Order().Select(e => e.ToString()));

    [Fact]
    public void Scores_FromProbabilities_GiveThemBack() => Probabilities.Sample(p =>
    {
        var scores = new EmotionScores(p);
        float[] copy = new float[8];
        scores.CopyTo(copy);
        Assert.Equal(p, copy);
        Assert.Equal(p.Max(), scores.TopScore);
        Assert.Equal(scores.TopScore, scores[scores.Top]);
        Assert.Equal(scores, new EmotionScores(p));
        Assert.False(scores.IsEmpty);
        Assert.True(float.IsNaN(scores.Valence));
    });

    [Theory]
    [InlineData(1f, 0.5f, "add up")]
    [InlineData(float.NaN, 0f, "number from 0 to 1")]
    [InlineData(-0.1f, 1.1f, "number from 0 to 1")]
    [InlineData(float.PositiveInfinity, 0f, "number from 0 to 1")]
    public void Scores_NoProbabilities_AreRefused(float first, float second, string reason)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new EmotionScores([first, second, 0, 0, 0, 0, 0, 0]));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_NotEight_AreRefused() => Assert.Throws<ArgumentException>(() => new EmotionScores([1, 0, 0]));

    [Fact]
    public void Scores_Tie_TopIsTheFirstInEnumOrder() =>
        Assert.Equal(Emotion.Surprise, new EmotionScores([0, 0, 0.5f, 0, 0.5f, 0, 0, 0]).Top);

    [Fact]
    public void Scores_Default_IsEmpty()
    {
        Assert.True(default(EmotionScores).IsEmpty);
        Assert.Equal("empty", default(EmotionScores).ToString());
    }

    [Fact]
    public void Scores_UndefinedEmotion_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmotionScores([1, 0, 0, 0, 0, 0, 0, 0])[(Emotion)8]);

    [Fact]
    public void EmotionSet_AnyMembers_ContainsExactlyThem() => Gen.Enum<Emotion>().Array[0, 8].Sample(members =>
    {
        var set = new EmotionSet(members);
        Assert.Equal(members.Distinct().Order(), set.ToArray());
        Assert.All(Enum.GetValues<Emotion>(), e => Assert.Equal(members.Contains(e), set.Contains(e)));
        Assert.Equal(members.Distinct().Count(), set.Count);
        Assert.Equal(EmotionSet.All, set.Union(EmotionSet.All));
    });

    [Fact]
    public void EmotionSet_Basic_LacksOnlyContempt() =>
        Assert.Equal(EmotionSet.All, EmotionSet.Basic.Union(new EmotionSet(Emotion.Contempt)));

    [Fact]
    public void EmotionSet_Undefined_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new EmotionSet((Emotion)8));
}
