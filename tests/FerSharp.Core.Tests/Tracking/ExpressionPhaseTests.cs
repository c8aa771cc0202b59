using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.Tracking;

public sealed class ExpressionPhaseTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Update_RiseAndFall_ReportsOnsetApexOffset(double framesPerSecond)
    {
        // Sadness rises from 2 s to 4 s and falls until 6 s.
        List<ExpressionPhaseEvent> events = Run(framesPerSecond, 8, t => Of(Emotion.Sadness, Math.Clamp(1 - (Math.Abs(t - 4) / 2), 0.02, 0.95)), out _);
        ExpressionPhaseEvent[] sad = [.. events.Where(e => e.Expression == Emotion.Sadness)];
        Assert.Equal([ExpressionPhase.Onset, ExpressionPhase.Apex, ExpressionPhase.Offset], sad.Select(e => e.Phase));
        Assert.All(sad, e => Assert.Equal(7, e.TrackId));
        // A mean over half a second follows a ramp half a second behind.
        Assert.Equal(3.5, sad[0].Timestamp.TotalSeconds, 0.05);
        Assert.InRange(sad[1].Timestamp.TotalSeconds, 4, 4.6);
        // It ends where neutral begins.
        Assert.Equal(5.45, sad[2].Timestamp.TotalSeconds, 0.05);
        Assert.Equal(sad[2].Timestamp, events[^1].Timestamp);
        Assert.Equal((Emotion.Neutral, ExpressionPhase.Onset), (events[^1].Expression, events[^1].Phase));
        Assert.InRange(sad[1].Score, 0.7f, 0.95f);
        Assert.Equal(0.5f, sad[0].Score);
        Assert.InRange(sad[2].Score, 0.35f, 0.5f);
    }

    [Fact]
    public void Update_AtFiveAndFiftyFramesPerSecond_GivesTheSameExpressions()
    {
        static EmotionScores Script(double t) => Of((int)(t / 4) % 3 == 0 ? Emotion.Neutral : (int)(t / 4) % 3 == 1 ? Emotion.Sadness : Emotion.Happiness, 0.85 + (0.1 * Math.Sin(t)));
        List<ExpressionPhaseEvent> slow = Run(5, 40, Script, out _), fast = Run(50, 40, Script, out _);
        Assert.Equal(fast.Select(e => (e.Expression, e.Phase)), slow.Select(e => (e.Expression, e.Phase)));
        // Where the apex lies on a plateau is a matter of hundredths; begin and end are not.
        Assert.All(fast.Zip(slow).Where(pair => pair.First.Phase != ExpressionPhase.Apex), pair => Assert.Equal(pair.First.Timestamp.TotalSeconds, pair.Second.Timestamp.TotalSeconds, 0.25));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Update_Flicker_HasNoExpression(double framesPerSecond)
    {
        int frame = 0;
        List<ExpressionPhaseEvent> events = Run(framesPerSecond, 10, _ => Of(frame++ % 2 == 0 ? Emotion.Sadness : Emotion.Happiness, 0.9), out SmoothedEmotion last, new EmotionSmootherOptions { TimeConstant = Seconds(1) });
        Assert.DoesNotContain(events, e => e.Timestamp > Seconds(1) && e.Phase == ExpressionPhase.Onset);
        Assert.Null(last.Expression);
    }

    [Fact]
    public void Update_BetweenTheThresholds_KeepsTheExpression()
    {
        List<ExpressionPhaseEvent> events = Run(20, 12, t => t < 3 ? Of(Emotion.Sadness, 0.9) : Mixed(0.3, 0.3, 0, 0.4, 0, 0, 0, 0), out SmoothedEmotion last);
        Assert.Equal(Emotion.Sadness, last.Expression);
        Assert.Equal(ExpressionPhase.Onset, Assert.Single(events).Phase);
    }

    [Fact]
    public void Update_ShorterThanTheMinimumDuration_DoesNotCount() => Assert.DoesNotContain(
        Run(50, 6, t => Of(t is > 3 and < 3.3 ? Emotion.Surprise : Emotion.Neutral, 1), out _, new EmotionSmootherOptions { TimeConstant = TimeSpan.Zero, MinimumDuration = Seconds(0.5) }),
        e => e.Expression == Emotion.Surprise);

    [Fact]
    public void Update_AfterAGap_EndsAtTheLastReadingAndStartsAnew()
    {
        var smoother = new EmotionSmoother(new EmotionSmootherOptions { MaxGap = Seconds(1) });
        var events = new List<ExpressionPhaseEvent>();
        smoother.PhaseChanged += (_, e) => events.Add(e);
        for (int i = 0; i <= 10; i++)
        {
            smoother.Update(1, Seconds(0.1 * i), Of(Emotion.Sadness));
        }

        Assert.Equal(Emotion.Sadness, smoother.Update(1, Seconds(1.5), default, FaceOutcome.LowQuality).Expression);
        Assert.Null(smoother.Update(1, Seconds(2.1), default, FaceOutcome.LowQuality).Expression);
        Assert.Equal((ExpressionPhase.Offset, Seconds(1)), (events[^1].Phase, events[^1].Timestamp));
        Assert.Equal(Of(Emotion.Happiness), smoother.Update(1, Seconds(2.2), Of(Emotion.Happiness)).Scores);
    }

    [Fact]
    public void End_OfATrack_ReportsItsOffset()
    {
        var smoother = new EmotionSmoother(maxTracks: 2);
        var ended = new List<int>();
        smoother.PhaseChanged += (_, e) => ended.AddRange(e.Phase == ExpressionPhase.Offset ? [e.TrackId] : []);
        foreach (int track in new[] { 1, 2, 3 })
        {
            smoother.Update(track, Seconds(track), Of(Emotion.Fear));
            smoother.Update(track, Seconds(track + 0.5), Of(Emotion.Fear));
        }

        Assert.Equal([1], ended);
        Assert.True(smoother.End(3));
        Assert.False(smoother.End(3));
        Assert.Equal([1, 3], ended);
        smoother.Clear();
        Assert.False(smoother.End(2));
        Assert.Equal(Of(Emotion.Anger), smoother.Update(2, Seconds(0), Of(Emotion.Anger)).Scores);
    }

    private static List<ExpressionPhaseEvent> Run(double framesPerSecond, double duration, Func<double, EmotionScores> script, out SmoothedEmotion last, EmotionSmootherOptions? options = null)
    {
        var smoother = new EmotionSmoother(options);
        var events = new List<ExpressionPhaseEvent>();
        smoother.PhaseChanged += (_, e) => events.Add(e);
        last = default;
        for (int i = 0; i <= duration * framesPerSecond; i++)
        {
            last = smoother.Update(7, Seconds(i / framesPerSecond), script(i / framesPerSecond));
        }

        return events;
    }
}
