using System.Text.Json;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.History;

public sealed class EmotionMonitorTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Evaluate_SadFor40Of60Seconds_RaisesOneAlert(double framesPerSecond)
    {
        List<EmotionAlert> alerts = Run(framesPerSecond, 160, t => t is > 60 and < 100 ? Emotion.Sadness : Emotion.Neutral);
        EmotionAlert alert = Assert.Single(alerts);
        Assert.Equal(("prolonged-expression", 1), (alert.Rule, alert.TrackId));
        Assert.InRange(alert.Share!.Value, 0.599, 0.62);
        Assert.Equal(Seconds(60), alert.To - alert.From);
        Assert.Equal(96, alert.To.TotalSeconds, 0.5);
        Assert.StartsWith("Possible prolonged expression of sadness on track 1", alert.Message, StringComparison.Ordinal);
        Assert.Contains("needs a person's review", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Evaluate_Flicker_RaisesNone(double framesPerSecond)
    {
        int frame = 0;
        Assert.Empty(Run(framesPerSecond, 120, _ => frame++ % 2 == 0 ? Emotion.Sadness : Emotion.Happiness));
    }

    [Fact]
    public void Evaluate_ShortSadness_RaisesNone() => Assert.Empty(Run(10, 120, t => t is > 20 and < 50 ? Emotion.Sadness : Emotion.Neutral));

    [Fact]
    public void Evaluate_FaceSeldomSeen_RaisesNone()
    {
        var timeline = new EmotionTimeline();
        var monitor = new EmotionMonitor(timeline);
        int alerts = 0;
        for (int i = 0; i < 1200; i++)
        {
            double time = 0.1 * i;
            // Seen for six of every ten seconds.
            if (i % 100 < 60)
            {
                timeline.Add(1, new SmoothedEmotion(Seconds(time), Of(Emotion.Sadness), Emotion.Sadness, true));
            }

            alerts += monitor.Evaluate(Seconds(time));
        }

        Assert.Equal(0, alerts);
        monitor.Options = new EmotionMonitorOptions { Rules = [new ProlongedExpressionRule { MinCoverage = 0.5, MinShare = 0.5 }] };
        Assert.Equal(1, monitor.Evaluate(Seconds(120)));
    }

    [Fact]
    public void Evaluate_SadnessGoesOn_IsRepeatedAfterTheHoldOff()
    {
        List<EmotionAlert> alerts = Run(4, 900, _ => Emotion.Sadness, new ProlongedExpressionRule { HoldOff = Seconds(300) });
        Assert.Equal([48.0, 348.0, 648.0], alerts.Select(alert => alert.To.TotalSeconds), (a, b) => Math.Abs(a - b) < 1);
    }

    [Fact]
    public void Evaluate_SmoothedSadness_RaisesOneAlertThroughTheWholeChain()
    {
        var smoother = new EmotionSmoother();
        var timeline = new EmotionTimeline();
        var monitor = new EmotionMonitor(timeline);
        int alerts = 0;
        for (int i = 0; i <= 1500; i++)
        {
            TimeSpan time = Seconds(i / 15.0);
            EmotionScores scores = Of(time > Seconds(20) && time < Seconds(60) ? Emotion.Sadness : Emotion.Neutral, i % 5 == 0 ? 0.4 : 0.8);
            timeline.Add(1, smoother.Update(1, time, scores, i % 11 == 0 ? FaceOutcome.LowQuality : FaceOutcome.Ok));
            alerts += monitor.Evaluate(time);
        }

        Assert.Equal(1, alerts);
        Assert.Equal([Emotion.Neutral, Emotion.Sadness, Emotion.Neutral], timeline.GetTrack(1)!.Segments.Select(segment => segment.Expression));
    }

    [Fact]
    public void Evaluate_NegativeExpressions_AddUp()
    {
        // Anger, disgust and sadness in turn: none lasts, all are negative.
        Emotion Script(double t) => (Emotion)(3 + ((int)t % 3));
        Assert.Empty(Run(10, 60, Script));
        EmotionAlert alert = Assert.Single(Run(10, 60, Script, new NegativeSentimentRule()));
        Assert.StartsWith("Possible negative expressions", alert.Message, StringComparison.Ordinal);
        Assert.Empty(Run(10, 60, _ => Emotion.Surprise, new NegativeSentimentRule()));
    }

    [Fact]
    public void Evaluate_ExpressionChanged_OncePerChangeThatLasts()
    {
        Emotion Script(double t) => t < 10 ? Emotion.Neutral : t < 20 ? Emotion.Happiness : t < 21 ? Emotion.Surprise : Emotion.Happiness;
        EmotionAlert alert = Assert.Single(Run(10, 40, t => t < 10 ? Emotion.Neutral : Emotion.Happiness, new ExpressionChangedRule()));
        Assert.Contains("from neutral to happiness", alert.Message, StringComparison.Ordinal);
        Assert.Equal(13, alert.To.TotalSeconds, 0.5);
        Assert.Equal(2, Run(10, 40, Script, new ExpressionChangedRule()).Count);
        Assert.Single(Run(10, 40, Script, new ExpressionChangedRule { From = Emotion.Neutral }));
        Assert.Empty(Run(10, 40, Script, new ExpressionChangedRule { To = Emotion.Sadness }));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public void Evaluate_WindowAsLongAsTheDetail_HasItsOldestBin(double framesPerSecond)
    {
        var timeline = new EmotionTimeline(new EmotionTimelineOptions { Resolution = Seconds(0.25), DetailDuration = Seconds(0.5) });
        var monitor = new EmotionMonitor(timeline, new EmotionMonitorOptions { Rules = [new ProlongedExpressionRule { Window = Seconds(0.5), MinCoverage = 1, MinShare = 1 }] });
        Assert.Equal(1, Feed(timeline, monitor, framesPerSecond, 5, _ => Emotion.Sadness));
    }

    [Fact]
    public void Evaluate_ChangeWithoutMinimumDuration_RaisesOneAlert()
    {
        // The change comes with the frame that ends a bin, so that the first alert has the change's own time.
        EmotionAlert alert = Assert.Single(Run(4, 20, t => t < 10 ? Emotion.Neutral : Emotion.Happiness, new ExpressionChangedRule { MinimumDuration = TimeSpan.Zero }));
        Assert.Equal(Seconds(10), alert.To);
    }

    [Fact]
    public async Task ReadAlertsAsync_SecondEnumeration_IsRefused()
    {
        var monitor = new EmotionMonitor(new EmotionTimeline());
        IAsyncEnumerable<EmotionAlert> alerts = monitor.ReadAlertsAsync(TestContext.Current.CancellationToken);
        monitor.Complete();
        Assert.Empty(await ReadAll(alerts));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAll(alerts));
    }

    [Fact]
    public async Task ReadAlertsAsync_TwoReadersAndASink_GetAll()
    {
        var timeline = new EmotionTimeline();
        var monitor = new EmotionMonitor(timeline, new EmotionMonitorOptions { Rules = [new ExpressionChangedRule()] });
        IAsyncEnumerable<EmotionAlert> first = monitor.ReadAlertsAsync(TestContext.Current.CancellationToken), second = monitor.ReadAlertsAsync(TestContext.Current.CancellationToken);
        using var text = new StringWriter();
        var recorded = new RecordingSink();
        Task json = monitor.DeliverAsync(new JsonLinesAlertSink(text), TestContext.Current.CancellationToken);
        Task record = monitor.DeliverAsync(recorded, TestContext.Current.CancellationToken);
        Task faulty = monitor.DeliverAsync(new RecordingSink { Fault = new InvalidOperationException("no") }, TestContext.Current.CancellationToken);
        var raised = new List<EmotionAlert>();
        monitor.Alerted += (_, alert) => raised.Add(alert);
        Feed(timeline, monitor, 10, 40, t => (Emotion)((int)(t / 8) % 8));
        monitor.Complete();

        Assert.Equal(4, raised.Count);
        Assert.Equal(raised, await ReadAll(first));
        Assert.Equal(raised, await ReadAll(second));
        await Task.WhenAll(json, record);
        Assert.Equal(raised, recorded.Alerts);
        JsonElement[] lines = [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(raised.Select(alert => alert.Message), lines.Select(line => line.GetProperty("message").GetString()));
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => faulty)).Message);
        Assert.Empty(await ReadAll(monitor.ReadAlertsAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task ReadAlertsAsync_SlowReader_LosesTheOldest()
    {
        var timeline = new EmotionTimeline();
        var monitor = new EmotionMonitor(timeline, new EmotionMonitorOptions { Rules = [new ExpressionChangedRule { MinimumDuration = TimeSpan.Zero }] });
        IAsyncEnumerable<EmotionAlert> alerts = monitor.ReadAlertsAsync(TestContext.Current.CancellationToken);
        var raised = new List<EmotionAlert>();
        monitor.Alerted += (_, alert) => raised.Add(alert);
        Feed(timeline, monitor, 4, 400, t => (Emotion)((int)t % 8));
        monitor.Complete();
        Assert.True(raised.Count > EmotionMonitor.MaxWaitingAlerts);
        Assert.Equal(raised.TakeLast(EmotionMonitor.MaxWaitingAlerts), await ReadAll(alerts));
    }

    [Fact]
    public async Task DeliverAsync_Cancelled_Ends()
    {
        var monitor = new EmotionMonitor(new EmotionTimeline());
        using var stop = new CancellationTokenSource();
        Task delivery = monitor.DeliverAsync(new RecordingSink(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery);
    }

    [Fact]
    public void Options_Exchanged_KeepTheHoldOffOfTheSameName()
    {
        var timeline = new EmotionTimeline();
        var monitor = new EmotionMonitor(timeline);
        Assert.Equal(1, Feed(timeline, monitor, 4, 60, _ => Emotion.Sadness));
        monitor.Options = new EmotionMonitorOptions { Rules = [new ProlongedExpressionRule { MinScore = 0.6 }] };
        Assert.Equal(0, monitor.Evaluate(Seconds(61)));
        monitor.Options = new EmotionMonitorOptions { Rules = [new ProlongedExpressionRule { Name = "another" }] };
        Assert.Equal(1, monitor.Evaluate(Seconds(62)));
        monitor.Options = new EmotionMonitorOptions { Rules = [] };
        monitor.Reset();
        Assert.Equal(0, monitor.Evaluate(Seconds(62)));
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentNullException>("timeline", () => new EmotionMonitor(null!));
        var monitor = new EmotionMonitor(new EmotionTimeline());
        monitor.Evaluate(Seconds(5));
        Assert.Throws<ArgumentException>("timestamp", () => monitor.Evaluate(Seconds(4)));
        Assert.Throws<ArgumentNullException>("value", () => monitor.Options = null!);
        Assert.Throws<ArgumentNullException>("sink", () => { _ = monitor.DeliverAsync(null!, TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentNullException>("writer", () => new JsonLinesAlertSink(null!));
        var options = new EmotionMonitorOptions
        {
            Rules =
            [
                new ProlongedExpressionRule { Window = Seconds(1000), MinScore = 0, MinShare = 2, MinCoverage = double.NaN, Expression = (Emotion)8, HoldOff = Seconds(-1) },
                new NegativeSentimentRule { MaxScore = 0.1, Name = "prolonged-expression" },
                new ExpressionChangedRule { MinimumDuration = Seconds(-1), From = (Emotion)9 },
            ],
        };
        ArgumentException e = Assert.Throws<ArgumentException>("value", () => monitor.Options = options);
        Assert.All(["Window", "MinScore", "MinShare", "MinCoverage", "Expression is 8", "HoldOff", "MaxScore", "MinimumDuration", "From", "once for each name"], name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>("options", () => new EmotionMonitor(new EmotionTimeline(), new EmotionMonitorOptions { Rules = [null!] }));
    }

    private static List<EmotionAlert> Run(double framesPerSecond, double duration, Func<double, Emotion> script, EmotionRule? rule = null)
    {
        var timeline = new EmotionTimeline();
        var monitor = new EmotionMonitor(timeline, rule is null ? null : new EmotionMonitorOptions { Rules = [rule] });
        var alerts = new List<EmotionAlert>();
        monitor.Alerted += (_, alert) => alerts.Add(alert);
        Feed(timeline, monitor, framesPerSecond, duration, script);
        return alerts;
    }

    private static int Feed(EmotionTimeline timeline, EmotionMonitor monitor, double framesPerSecond, double duration, Func<double, Emotion> script)
    {
        int alerts = 0;
        for (int i = 0; i <= duration * framesPerSecond; i++)
        {
            double time = i / framesPerSecond;
            Emotion emotion = script(time);
            timeline.Add(1, new SmoothedEmotion(Seconds(time), Of(emotion), emotion, true));
            alerts += monitor.Evaluate(Seconds(time));
        }

        return alerts;
    }

    private static async Task<List<EmotionAlert>> ReadAll(IAsyncEnumerable<EmotionAlert> alerts)
    {
        var all = new List<EmotionAlert>();
        await foreach (EmotionAlert alert in alerts)
        {
            all.Add(alert);
        }

        return all;
    }

    private sealed class RecordingSink : IEmotionAlertSink
    {
        public List<EmotionAlert> Alerts { get; } = [];

        public Exception? Fault { get; init; }

        public ValueTask SendAsync(EmotionAlert alert, CancellationToken cancellationToken)
        {
            Alerts.Add(alert);
            return Fault is null ? ValueTask.CompletedTask : ValueTask.FromException(Fault);
        }
    }
}
