using CsCheck;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.Tracking;

public sealed class EmotionFusionTests
{
    private static readonly Dictionary<string, ModalityOptions> FaceAndVoice = new()
    {
        ["face"] = new ModalityOptions { Weight = 1, HalfLife = Seconds(1), MaxAge = Seconds(3) },
        ["voice"] = new ModalityOptions { Weight = 2, HalfLife = Seconds(4), MaxAge = Seconds(12) },
    };

    [Fact]
    public void Fuse_FaceAndVoice_AsInTheDocumentation()
    {
        // Made-up scores: a voice four seconds old, of twice the weight, counts as much as the face now.
        var fusion = new EmotionFusion(FaceAndVoice);
        fusion.Add(new ModalityScores("voice", Seconds(6), Of(Emotion.Anger, 0.8)));
        fusion.Add(new ModalityScores("face", Seconds(10), Of(Emotion.Sadness, 0.5)));
        FusedEmotion both = fusion.Fuse(Seconds(10));
        Assert.Equal((0.5, 0.5), (both.Shares["face"], both.Shares["voice"]));
        Assert.Equal(0.4f, both.Scores[Emotion.Anger], 1e-6f);
        Assert.Equal(0.35f, both.Scores[Emotion.Neutral], 1e-6f);
        Assert.Equal(0.25f, both.Scores[Emotion.Sadness], 1e-6f);
        Assert.Equal(Emotion.Anger, both.Scores.Top);
    }

    [Fact]
    public void Fuse_OldReadings_CountLessAndThenNotAtAll()
    {
        var fusion = new EmotionFusion(FaceAndVoice);
        Assert.True(fusion.Fuse(Seconds(0)).Scores.IsEmpty);
        fusion.Add(new ModalityScores("face", Seconds(0), Of(Emotion.Sadness)));
        fusion.Add(new ModalityScores("voice", Seconds(0), Of(Emotion.Happiness)));
        double[] shares = [.. Enumerable.Range(0, 4).Select(age => fusion.Fuse(Seconds(age)).Shares["face"])];
        Assert.Equal(shares.OrderDescending(), shares);
        FusedEmotion voice = fusion.Fuse(Seconds(3.1));
        Assert.Equal(["voice"], voice.Shares.Keys);
        Assert.Equal(Of(Emotion.Happiness), voice.Scores);
        FusedEmotion none = fusion.Fuse(Seconds(12.1));
        Assert.True(none.Scores.IsEmpty);
        Assert.Empty(none.Shares);
    }

    [Fact]
    public void Fuse_Confidence_Weighs()
    {
        var fusion = new EmotionFusion(new Dictionary<string, ModalityOptions> { ["face"] = new(), ["text"] = new() });
        fusion.Add(new ModalityScores("face", Seconds(1), Of(Emotion.Fear, 1), 0.25));
        fusion.Add(new ModalityScores("text", Seconds(1), Of(Emotion.Surprise, 1), 0.75));
        Assert.Equal(0.25f, fusion.Fuse(Seconds(1)).Scores[Emotion.Fear], 1e-6f);
        fusion.Add(new ModalityScores("text", Seconds(1.5), Of(Emotion.Surprise, 1), 0));
        Assert.Equal(1f, fusion.Fuse(Seconds(1.5)).Scores[Emotion.Fear], 1e-6f);
        fusion.Clear();
        Assert.True(fusion.Fuse(Seconds(1.5)).Scores.IsEmpty);
    }

    [Fact]
    public void Fuse_Affect_IsOverThoseThatGiveIt()
    {
        var fusion = new EmotionFusion(new Dictionary<string, ModalityOptions> { ["face"] = new(), ["voice"] = new() });
        fusion.Add(new ModalityScores("face", Seconds(1), Of(Emotion.Fear)));
        Assert.True(float.IsNaN(fusion.Fuse(Seconds(1)).Scores.Valence));
        fusion.Add(new ModalityScores("voice", Seconds(1), new EmotionScores([1, 0, 0, 0, 0, 0, 0, 0], -0.4f)));
        EmotionScores scores = fusion.Fuse(Seconds(1)).Scores;
        Assert.Equal(-0.4f, scores.Valence, 1e-6f);
        Assert.True(float.IsNaN(scores.Arousal));
    }

    [Fact]
    public void Fuse_AnyReadings_LiesBetweenThem() => Gen.Select(Gen.Double[0.01, 1].Array[8], Gen.Double[0.01, 1].Array[8], Gen.Double[0, 2], Gen.Double[0, 1]).Sample((face, voice, time, confidence) =>
    {
        var fusion = new EmotionFusion(FaceAndVoice);
        EmotionScores a = Mixed(face), b = Mixed(voice);
        fusion.Add(new ModalityScores("face", Seconds(1), a, confidence));
        fusion.Add(new ModalityScores("voice", Seconds(1.5), b));
        FusedEmotion fused = fusion.Fuse(Seconds(time));
        Assert.Equal(1, fused.Shares.Values.Sum(), 1e-9);
        for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
        {
            Assert.InRange(fused.Scores[e], Math.Min(a[e], b[e]) - 1e-5f, Math.Max(a[e], b[e]) + 1e-5f);
        }
    });

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentNullException>("modalities", () => new EmotionFusion(null!));
        Assert.Throws<ArgumentException>("modalities", () => new EmotionFusion(new Dictionary<string, ModalityOptions>()));
        ArgumentException e = Assert.Throws<ArgumentException>("modalities", () => new EmotionFusion(new Dictionary<string, ModalityOptions>
        {
            ["face"] = new() { Weight = double.NaN },
            ["voice"] = new() { HalfLife = TimeSpan.Zero, MaxAge = Seconds(-1) },
            ["text"] = null!,
        }));
        Assert.All(["face.Weight", "voice.HalfLife", "voice.MaxAge", "text is null"], name => Assert.Contains(name, e.Message, StringComparison.Ordinal));

        var fusion = new EmotionFusion(FaceAndVoice);
        fusion.Add(new ModalityScores("face", Seconds(1), Of(Emotion.Fear)));
        Assert.Throws<ArgumentException>("reading", () => fusion.Add(new ModalityScores("face", Seconds(1), Of(Emotion.Fear))));
        Assert.Throws<ArgumentException>("reading", () => fusion.Add(new ModalityScores("smell", Seconds(2), Of(Emotion.Fear))));
        Assert.Throws<ArgumentException>("reading", () => fusion.Add(default));
        Assert.Throws<ArgumentException>("reading", () => fusion.Add(new ModalityScores("face", Seconds(2), default)));
        Assert.Throws<ArgumentException>("reading", () => fusion.Add(new ModalityScores("face", Seconds(2), Of(Emotion.Fear), double.NaN)));
    }
}
