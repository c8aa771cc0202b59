using CsCheck;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.Tracking;

public sealed class EmotionSmootherTests
{
    private static readonly Gen<double[]> Weights = Gen.Double[0.01, 1].Array[8];

    [Fact]
    public void Update_AtFiveAndFiftyFramesPerSecond_GivesTheSame() => Gen.Select(Weights.Array[2, 25], Gen.Double[0.05, 5]).Sample((knots, timeConstant) =>
    {
        // Readings run straight from knot to knot, 0.2 s apart: what either rate sees of the signal is the same.
        var options = new EmotionSmootherOptions { TimeConstant = Seconds(timeConstant) };
        EmotionSmoother slow = new(options), fast = new(options);
        EmotionScores[] ends = [.. knots.Select(k => Mixed(k))];
        SmoothedEmotion slowly = default, quickly = default;
        for (int k = 0; k < ends.Length; k++)
        {
            slowly = slow.Update(1, Seconds(0.2 * k), ends[k]);
            for (int i = k == 0 ? 10 : 1; i <= 10; i++)
            {
                double share = i / 10.0;
                EmotionScores between = k == 0 ? ends[0] : Mixed([.. Enumerable.Range(0, 8).Select(e => ((1 - share) * ends[k - 1][(Emotion)e]) + (share * ends[k][(Emotion)e]))]);
                quickly = fast.Update(1, Seconds((0.2 * (k - 1)) + (0.02 * i) + 1), between);
            }
        }

        for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
        {
            Assert.Equal(slowly.Scores[e], quickly.Scores[e], 1e-4f);
        }
    });

    [Fact]
    public void Update_AnyReadings_StaysWithinThem() => Gen.Select(Gen.Select(Weights, Gen.Long[1, 30_000_000]).Array[1, 40], Gen.Double[0, 3]).Sample((steps, timeConstant) =>
    {
        var smoother = new EmotionSmoother(new EmotionSmootherOptions { TimeConstant = Seconds(timeConstant), MaxGap = Seconds(60) });
        var time = TimeSpan.Zero;
        float[] low = [.. Enumerable.Repeat(1f, 8)], high = new float[8];
        foreach ((double[] weights, long ticks) in steps)
        {
            time += TimeSpan.FromTicks(ticks);
            EmotionScores scores = Mixed(weights), smoothed = smoother.Update(1, time, scores).Scores;
            for (int e = 0; e < 8; e++)
            {
                low[e] = Math.Min(low[e], scores[(Emotion)e]);
                high[e] = Math.Max(high[e], scores[(Emotion)e]);
                Assert.InRange(smoothed[(Emotion)e], low[e] - 1e-5f, high[e] + 1e-5f);
            }
        }
    });

    [Fact]
    public void Update_Step_ComesThroughWithTheTimeConstant()
    {
        var smoother = new EmotionSmoother(new EmotionSmootherOptions { TimeConstant = Seconds(1) });
        SmoothedEmotion reading = default;
        for (int i = 0; i <= 1100; i++)
        {
            reading = smoother.Update(1, Seconds(0.01 * i), Of(i <= 1000 ? Emotion.Neutral : Emotion.Sadness, 1));
        }

        Assert.Equal(1 - Math.Exp(-1), reading.Scores[Emotion.Sadness], 0.005);
    }

    [Fact]
    public void Update_LowQualityAndEmptyReadings_AreNotMixedIn()
    {
        var smoother = new EmotionSmoother();
        Assert.Equal(new SmoothedEmotion(Seconds(0), default, null, false), smoother.Update(1, Seconds(0), Of(Emotion.Anger), FaceOutcome.LowQuality));
        EmotionScores happy = smoother.Update(1, Seconds(0.1), Of(Emotion.Happiness)).Scores;
        Assert.Equal(Of(Emotion.Happiness), happy);
        Assert.Equal(new SmoothedEmotion(Seconds(0.2), happy, null, false), smoother.Update(1, Seconds(0.2), Of(Emotion.Anger), FaceOutcome.LowQuality));
        Assert.Equal(new SmoothedEmotion(Seconds(0.3), happy, null, false), smoother.Update(1, Seconds(0.3), default));
        Assert.NotEqual(happy, smoother.Update(1, Seconds(0.4), Of(Emotion.Anger), FaceOutcome.Uncertain).Scores);
    }

    [Fact]
    public void Update_Affect_IsSmoothedWhereGiven()
    {
        var smoother = new EmotionSmoother(new EmotionSmootherOptions { TimeConstant = Seconds(1) });
        float[] p = [1, 0, 0, 0, 0, 0, 0, 0];
        Assert.True(float.IsNaN(smoother.Update(1, Seconds(0), new EmotionScores(p)).Scores.Valence));
        Assert.Equal(-0.5f, smoother.Update(1, Seconds(0.1), new EmotionScores(p, -0.5f, 0.2f)).Scores.Valence);
        SmoothedEmotion later = smoother.Update(1, Seconds(0.2), new EmotionScores(p, 0.5f, 0.2f));
        Assert.Equal(0, later.Scores.Valence, 0.02f);
        Assert.Equal(0.2f, later.Scores.Arousal, 1e-6f);
    }

    [Fact]
    public void Update_Sensitivity_MultipliesTheOdds()
    {
        var smoother = new EmotionSmoother(new EmotionSmootherOptions { Sensitivity = new Dictionary<Emotion, double> { [Emotion.Sadness] = 4 } });
        EmotionScores scores = smoother.Update(1, Seconds(0), Of(Emotion.Sadness, 0.2)).Scores;
        Assert.Equal(0.5f, scores[Emotion.Sadness], 1e-6f);
        smoother.Options = new EmotionSmootherOptions { TimeConstant = TimeSpan.Zero };
        Assert.Equal(Of(Emotion.Sadness, 0.2), smoother.Update(1, Seconds(1), Of(Emotion.Sadness, 0.2)).Scores);
    }

    [Fact]
    public void Update_NeutralBaseline_TakesTheRestingFaceAway()
    {
        var smoother = new EmotionSmoother(new EmotionSmootherOptions { NeutralBaseline = Seconds(3), TimeConstant = TimeSpan.Zero });
        EmotionScores resting = Mixed(0.35, 0.02, 0.02, 0.55, 0.02, 0.02, 0.02, 0);
        SmoothedEmotion reading = default;
        for (int i = 0; i <= 35; i++)
        {
            reading = smoother.Update(1, Seconds(0.1 * i), resting);
            Assert.True(i >= 30 || reading.Expression is null);
        }

        Assert.InRange(reading.Scores[Emotion.Neutral], 0.8f, 0.9f);
        Assert.Equal(Emotion.Neutral, reading.Expression);
        Assert.Equal(Emotion.Sadness, smoother.Update(1, Seconds(4), Mixed(0.01, 0.01, 0.01, 0.95, 0.01, 0, 0.01, 0)).Scores.Top);
        // Another track has its own rest.
        Assert.Equal(resting, smoother.Update(2, Seconds(4), resting).Scores);
    }

    [Fact]
    public void Update_NeutralBaseline_NeverRaisesAnExpressionsOdds() => Gen.Select(Weights, Weights).Sample((resting, later) =>
    {
        var smoother = new EmotionSmoother(new EmotionSmootherOptions { NeutralBaseline = Seconds(1), TimeConstant = TimeSpan.Zero });
        smoother.Update(1, Seconds(0), Mixed(resting));
        smoother.Update(1, Seconds(1), Mixed(resting));
        EmotionScores before = Mixed(later), after = smoother.Update(1, Seconds(2), before).Scores;
        for (Emotion e = Emotion.Happiness; e <= Emotion.Contempt; e++)
        {
            Assert.True(after[e] / after[Emotion.Neutral] <= before[e] / before[Emotion.Neutral] * 1.0001f);
        }
    });

    [Fact]
    public void Update_BadArguments_AreRefused()
    {
        var smoother = new EmotionSmoother();
        smoother.Update(1, Seconds(1), Of(Emotion.Anger));
        Assert.Throws<ArgumentException>("timestamp", () => smoother.Update(1, Seconds(1), Of(Emotion.Anger)));
        Assert.Throws<ArgumentException>("timestamp", () => smoother.Update(1, Seconds(0.9), Of(Emotion.Anger), FaceOutcome.LowQuality));
        Assert.Throws<ArgumentOutOfRangeException>("trackId", () => smoother.Update(0, Seconds(2), Of(Emotion.Anger)));
        Assert.Throws<ArgumentOutOfRangeException>("maxTracks", () => new EmotionSmoother(maxTracks: 0));
        Assert.Throws<ArgumentNullException>("value", () => smoother.Options = null!);
        var options = new EmotionSmootherOptions
        {
            TimeConstant = Seconds(-1),
            EnterScore = double.NaN,
            LeaveScore = -1,
            MinimumDuration = Seconds(100),
            MaxGap = TimeSpan.Zero,
            NeutralBaseline = Seconds(-1),
            Sensitivity = new Dictionary<Emotion, double> { [Emotion.Fear] = 0, [(Emotion)9] = 1 },
        };
        ArgumentException e = Assert.Throws<ArgumentException>("value", () => smoother.Options = options);
        Assert.All(["TimeConstant", "EnterScore", "LeaveScore", "MinimumDuration", "MaxGap", "NeutralBaseline", "Sensitivity[Fear]", "Sensitivity is 9"], name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Update_SteadyState_AllocatesNothing()
    {
        var smoother = new EmotionSmoother(maxTracks: 8);
        int changes = 0;
        smoother.PhaseChanged += (_, _) => changes++;
        void Step(int i) => smoother.Update(1 + (i % 8) + (i / 1000), Seconds(0.01 * i), Of((Emotion)(i / 500 % 3)));
        EmotionScores[] scores = [Of(Emotion.Neutral), Of(Emotion.Happiness), Of(Emotion.Surprise)];
        for (int i = 0; i < 2000; i++)
        {
            Step(i);
        }

        changes = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 2000; i < 4000; i++)
        {
            smoother.Update(1 + (i % 8) + (i / 1000), Seconds(0.01 * i), scores[i / 500 % 3]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(changes > 0);
    }
}
