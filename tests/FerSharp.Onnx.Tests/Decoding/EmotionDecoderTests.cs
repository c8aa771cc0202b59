using FerSharp.Decoding;

namespace FerSharp.Onnx.Tests.Decoding;

public sealed class EmotionDecoderTests
{
    private static readonly Emotion?[] Labels = [Emotion.Anger, null, Emotion.Neutral, Emotion.Contempt, Emotion.Happiness];

    public static TheoryData<OutputActivation, float, int> Cases
    {
        get
        {
            var cases = new TheoryData<OutputActivation, float, int>();
            foreach (OutputActivation activation in Enum.GetValues<OutputActivation>())
            {
                foreach (float temperature in (float[])[0.5f, 1, 2.5f])
                {
                    cases.Add(activation, temperature, 1);
                    cases.Add(activation, temperature, 2);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TryDecode_RandomRow_EqualsTheNaiveFormula(OutputActivation activation, float temperature, int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. Labels.Select(_ => random.NextDouble() + 0.01)];
        double[] probabilities = [.. weights.Select(weight => weight / weights.Sum())];
        float[] row = activation switch
        {
            OutputActivation.Probabilities => [.. probabilities.Select(p => (float)p)],
            OutputActivation.LogProbabilities => [.. probabilities.Select(p => (float)Math.Log(p))],
            _ => [.. probabilities.Select(p => (float)(Math.Log(p) + 7))],
        };

        // Whatever the form, a probability p becomes p^(1/T), over the sum of all that have a label.
        double[] tempered = [.. probabilities.Select((p, i) => Labels[i] is null ? 0 : Math.Pow(p, 1.0 / temperature))];
        Assert.True(new EmotionDecoder(Spec() with { Activation = activation, Temperature = temperature }).TryDecode(row, out EmotionScores scores));
        for (int i = 0; i < Labels.Length; i++)
        {
            if (Labels[i] is { } emotion)
            {
                Assert.Equal(tempered[i] / tempered.Sum(), scores[emotion], 1e-5);
            }
        }

        Assert.Equal(0, scores[Emotion.Surprise] + scores[Emotion.Sadness] + scores[Emotion.Disgust] + scores[Emotion.Fear]);
    }

    [Theory]
    [InlineData(OutputActivation.Logits, float.NaN)]
    [InlineData(OutputActivation.Logits, float.PositiveInfinity)]
    [InlineData(OutputActivation.LogProbabilities, float.NaN)]
    [InlineData(OutputActivation.Probabilities, float.NaN)]
    [InlineData(OutputActivation.Probabilities, float.PositiveInfinity)]
    public void TryDecode_OneValueIsNoNumber_IsNoReading(OutputActivation activation, float value)
    {
        Assert.False(new EmotionDecoder(Spec() with { Activation = activation }).TryDecode([0.2f, 0.2f, value, 0.2f, 0.2f], out EmotionScores scores));
        Assert.True(scores.IsEmpty);
    }

    [Fact]
    public void TryDecode_IgnoredValueIsNaN_DoesNotMatter() =>
        Assert.True(new EmotionDecoder(Spec()).TryDecode([1, float.NaN, 2, 3, 4], out _));

    [Fact]
    public void TryDecode_AllProbabilitiesZero_IsNoReading() =>
        Assert.False(new EmotionDecoder(Spec() with { Activation = OutputActivation.Probabilities }).TryDecode(new float[5], out _));

    [Fact]
    public void TryDecode_ProbabilityBelowZero_CountsAsZero()
    {
        Assert.True(new EmotionDecoder(Spec() with { Activation = OutputActivation.Probabilities }).TryDecode([-0.1f, 0, 0.5f, 0, 0.5f], out EmotionScores scores));
        Assert.Equal(0, scores[Emotion.Anger]);
        Assert.Equal(0.5f, scores[Emotion.Happiness], 1e-6f);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(-1e30f)]
    public void TryDecode_HugeLogits_DoNotOverflow(float offset)
    {
        Assert.True(new EmotionDecoder(Spec()).TryDecode([offset, offset, offset, offset, offset], out EmotionScores scores));
        Assert.Equal(0.25f, scores.TopScore, 1e-6f);
    }

    [Theory]
    [InlineData(0.5f, 0.5f)]
    [InlineData(1.5f, 1f)]
    [InlineData(-7f, -1f)]
    [InlineData(float.NaN, float.NaN)]
    public void TryDecode_Affect_StaysInRange(float value, float expected)
    {
        EmotionDecoder decoder = new(Spec() with { Labels = [.. Labels, null, null], ValenceIndex = 5, ArousalIndex = 6 });
        Assert.True(decoder.TryDecode([0, 0, 0, 0, 0, value, -value], out EmotionScores scores));
        Assert.Equal(expected, scores.Valence);
        Assert.Equal(-expected, scores.Arousal);
    }

    [Fact]
    public void TryDecode_AffectPastTheLabels_IsPartOfTheRow()
    {
        EmotionDecoder decoder = new(Spec() with { ValenceIndex = 6, ArousalIndex = 5 });
        Assert.Equal(7, decoder.RowLength);
        Assert.True(decoder.TryDecode([0, 0, 0, 0, 0, 0.25f, 0.75f], out EmotionScores scores));
        Assert.Equal(0.75f, scores.Valence);
        Assert.Equal(0.25f, scores.Arousal);
    }

    [Fact]
    public void TryDecode_RowOfAnotherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new EmotionDecoder(Spec()).TryDecode(new float[4], out _));

    [Fact]
    public void Create_NoLabelOrTheSameTwice_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new EmotionDecoder(Spec() with { Labels = [null, null] }));
        Assert.Throws<ArgumentException>(() => new EmotionDecoder(Spec() with { Labels = [Emotion.Fear, Emotion.Fear] }));
        Assert.Throws<ArgumentNullException>(() => new EmotionDecoder(null!));
    }

    private static ClassifierOutputSpec Spec() => new() { Name = "logits", Activation = OutputActivation.Logits, Labels = Labels };
}
