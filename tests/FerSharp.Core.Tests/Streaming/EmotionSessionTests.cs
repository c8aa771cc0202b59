using FerSharp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.Streaming;

public sealed class EmotionSessionTests
{
    [Theory]
    [InlineData(5, "sad 40 of 60 s", 1)]
    [InlineData(50, "sad 40 of 60 s", 1)]
    [InlineData(5, "sad 20 of 60 s", 0)]
    [InlineData(50, "flicker", 0)]
    [InlineData(5, "flicker", 0)]
    public async Task Session_ScriptedFace_RaisesAlertsAtAnyRate(double rate, string script, int alerts)
    {
        EmotionScores Read(double time, RectF box) => Of(script switch
        {
            "sad 40 of 60 s" => time is >= 15 and < 55,
            "sad 20 of 60 s" => time is >= 15 and < 35,
            _ => (int)(time * 2.5) % 2 == 0,
        } ? Emotion.Sadness : Emotion.Neutral);
        using var faces = new MovingFaces(rate, One, Read);
        using var session = new EmotionSession(faces.Analyzer, new EmotionSessionOptions { Stream = new StreamOptions { Parallelism = 4, Capacity = 64 } });
        var heard = new List<EmotionAlert>();
        session.Monitor.Alerted += (_, alert) => heard.Add(alert);
        Task<int> counted = CountAsync(session.Monitor.ReadAlertsAsync());
        await using FakeFrameSource source = faces.Source(75);
        List<StreamResult> results = await StreamFixture.ReadAsync(session.AnalyzeAsync(source));
        Assert.Equal(75 * rate, results.Count);
        Assert.Equal(alerts, heard.Count);
        Assert.Equal(alerts, await counted.WaitAsync(StreamFixture.Limit));
        TimelineSummary summary = session.Timeline.Summarize();
        Assert.Equal(1, summary.Tracks);
        Assert.InRange(summary.Covered, Seconds(74), Seconds(75));
        Assert.Equal(0, source.Outstanding);
    }

    [Fact]
    public async Task Sessions_OnOneAnalyzer_KeepEachItsOwn()
    {
        using var faces = new MovingFaces(30, One, (_, _) => Of(Emotion.Happiness));
        using var first = new EmotionSession(faces.Analyzer);
        using var second = new EmotionSession(faces.Analyzer);
        await using FakeFrameSource one = faces.Source(4);
        await using FakeFrameSource other = faces.Source(2);
        await Task.WhenAll(StreamFixture.ReadAsync(first.AnalyzeAsync(one)), StreamFixture.ReadAsync(second.AnalyzeAsync(other)));
        Assert.InRange(first.Timeline.Summarize().Covered, Seconds(3.5), Seconds(4));
        Assert.InRange(second.Timeline.Summarize().Covered, Seconds(1.5), Seconds(2));
        Assert.Equal((0, 0), (one.Outstanding, other.Outstanding));
    }

    [Fact]
    public async Task Session_SecondSource_IsRefused()
    {
        using var faces = new MovingFaces(30, One);
        using var session = new EmotionSession(faces.Analyzer);
        await using FakeFrameSource source = faces.Source(1);
        await StreamFixture.ReadAsync(session.AnalyzeAsync(source));
        await using FakeFrameSource next = faces.Source(1);
        Assert.Throws<InvalidOperationException>(() => session.AnalyzeAsync(next));
        Assert.Equal(0, next.Delivered);
    }

    [Fact]
    public async Task Session_HandlerThatThrows_LosesNoFrame()
    {
        using var faces = new MovingFaces(10, One, (_, _) => Of(Emotion.Sadness));
        using var session = new EmotionSession(faces.Analyzer, new EmotionSessionOptions { Stream = new StreamOptions { KeepFrames = true } });
        session.Monitor.Alerted += (_, _) => throw new NotSupportedException();
        await using FakeFrameSource source = faces.Source(70);
        await Assert.ThrowsAsync<NotSupportedException>(() => StreamFixture.ReadAsync(session.AnalyzeAsync(source), result =>
        {
            result.Dispose();
            return true;
        }));
        Assert.Equal(0, source.Outstanding);
    }

    [Fact]
    public void Options_Bad_AreRefusedByName()
    {
        using var faces = new MovingFaces(30, One);
        Assert.Throws<ArgumentNullException>(() => new EmotionSession(null!));
        Assert.Contains("DetectEvery", Refused(options => options.Stream.DetectEvery = 0), StringComparison.Ordinal);
        Assert.Contains("ConfirmAfter", Refused(options => options.Tracker = new FaceTrackerOptions { ConfirmAfter = Seconds(-1) }), StringComparison.Ordinal);
        Assert.Contains("EnterScore", Refused(options => options.Smoother = new EmotionSmootherOptions { EnterScore = 2 }), StringComparison.Ordinal);
        Assert.Contains("MaxTracks", Refused(options => options.Timeline = new EmotionTimelineOptions { MaxTracks = 0 }), StringComparison.Ordinal);
        Assert.Contains("Tracker.MaxTracks is 64; it must be at most Timeline.MaxTracks, 63", Refused(options => options.Timeline = new EmotionTimelineOptions { MaxTracks = 63 }), StringComparison.Ordinal);
        Assert.Contains("Window", Refused(options => options.Monitor = new EmotionMonitorOptions { Rules = [new ProlongedExpressionRule { Window = Seconds(1e5) }] }), StringComparison.Ordinal);
        Assert.Contains("Stream.Tracker", Refused(options => options.Stream.Tracker = new FaceTracker()), StringComparison.Ordinal);
        Assert.Contains("Smoother", Refused(options => options.Smoother = null!), StringComparison.Ordinal);

        string Refused(Action<EmotionSessionOptions> change)
        {
            var options = new EmotionSessionOptions();
            change(options);
            return Assert.Throws<ArgumentException>(() => new EmotionSession(faces.Analyzer, options)).Message;
        }
    }

    [Fact]
    public async Task Container_ChangedSettings_ActOnTheRunningSession()
    {
        // A face that reads as half neutral, half sad: sad only with a higher sensitivity, and an alert only with a rule.
        using var faces = new MovingFaces(10, One, (_, _) => Mixed(0.55, 0, 0, 0.45, 0, 0, 0, 0));
        double sensitivity = 1;
        EmotionRule[] rules = [];
        using var reload = new Reload();
        using ServiceProvider provider = Container(faces, options =>
        {
            options.Smoother = options.Smoother with { Sensitivity = new Dictionary<Emotion, double> { [Emotion.Sadness] = sensitivity } };
            options.Monitor = new EmotionMonitorOptions { Rules = rules };
        }, reload);
        using IServiceScope scope = provider.CreateScope();
        EmotionSession session = scope.ServiceProvider.GetRequiredService<EmotionSession>();
        var alerts = new List<EmotionAlert>();
        session.Monitor.Alerted += (_, alert) => alerts.Add(alert);
        await using FakeFrameSource source = faces.Source(120);
        List<StreamResult> results = await StreamFixture.ReadAsync(session.AnalyzeAsync(source), result =>
        {
            switch (result.Sequence)
            {
                case 300:
                    sensitivity = 4;
                    reload.Fire();
                    break;
                case 400:
                    rules = [new ProlongedExpressionRule { Name = "sad", Window = Seconds(10) }];
                    reload.Fire();
                    break;
                case 600:
                    // Too long for the timeline: the last good options go on.
                    (rules, sensitivity) = ([new ProlongedExpressionRule { Window = Seconds(1e5) }], 0.1);
                    Assert.Throws<OptionsValidationException>(reload.Fire);
                    break;
                default:
                    break;
            }

            return true;
        });
        Assert.Equal(Emotion.Neutral, results[300].Analysis.Faces[0].Smoothed.Expression);
        Assert.Equal(Emotion.Sadness, results[350].Analysis.Faces[0].Smoothed.Expression);
        Assert.Equal(Emotion.Sadness, results[^1].Analysis.Faces[0].Smoothed.Expression);
        EmotionAlert alert = Assert.Single(alerts);
        Assert.Equal("sad", alert.Rule);
        Assert.InRange(alert.To, Seconds(40), Seconds(41));
    }

    [Fact]
    public void Container_GivesEachItsSession_OverOneAnalyzer_AndFollowsOptionsUntilDisposed()
    {
        using var faces = new MovingFaces(30, One);
        double sensitivity = 1;
        using var reload = new Reload();
        using ServiceProvider provider = Container(
            faces, options => options.Smoother = options.Smoother with { Sensitivity = new Dictionary<Emotion, double> { [Emotion.Fear] = sensitivity } }, reload);
        EmotionSession kept, gone;
        using (IServiceScope scope = provider.CreateScope())
        {
            gone = scope.ServiceProvider.GetRequiredService<EmotionSession>();
            Assert.NotSame(gone, scope.ServiceProvider.GetRequiredService<EmotionSession>());
        }

        kept = provider.GetRequiredService<EmotionSession>();
        sensitivity = 3;
        reload.Fire();
        Assert.Equal((3, 1), (kept.Smoother.Options.Sensitivity[Emotion.Fear], gone.Smoother.Options.Sensitivity[Emotion.Fear]));
    }

    [Fact]
    public void Container_BadOptions_AreListedOnFirstUse()
    {
        using var faces = new MovingFaces(30, One);
        using ServiceProvider provider = Container(faces, options => options.Stream.DetectEvery = 0);
        Assert.Contains("DetectEvery", Assert.Throws<OptionsValidationException>(provider.GetRequiredService<EmotionSession>).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Container(MovingFaces faces, Action<EmotionSessionOptions> configure, Reload? reload = null)
    {
        var services = new ServiceCollection();
        services.AddFerSharp()
            .AddFaceDetector(_ => faces.Detector)
            .AddEmotionClassifier(_ => faces.Analyzer.Classifier)
            .ConfigureAnalyzer(options => (options.MinBrightness, options.MinSharpness) = (0, 0))
            .ConfigureSessions(configure);
        if (reload is not null)
        {
            services.AddSingleton<IOptionsChangeTokenSource<EmotionSessionOptions>>(reload);
        }

        return services.BuildServiceProvider(validateScopes: true);
    }

    private static FaceDetection[] One(double time) => [new FaceDetection(new RectF((float)(100 + (20 * Math.Sin(time))), 60, 60, 60), 0.9f)];

    private static async Task<int> CountAsync(IAsyncEnumerable<EmotionAlert> alerts)
    {
        int count = 0;
        await foreach (EmotionAlert _ in alerts)
        {
            count++;
        }

        return count;
    }

    /// <summary>Says that settings have changed, as a configuration file's provider does.</summary>
    private sealed class Reload : IOptionsChangeTokenSource<EmotionSessionOptions>, IDisposable
    {
        private CancellationTokenSource _source = new();

        public string? Name => Options.DefaultName;

        public IChangeToken GetChangeToken() => new CancellationChangeToken(_source.Token);

        public void Dispose() => _source.Dispose();

        public void Fire()
        {
            CancellationTokenSource before = Interlocked.Exchange(ref _source, new CancellationTokenSource());
            try
            {
                before.Cancel();
            }
            catch (AggregateException e) when (e.InnerException is OptionsValidationException inner)
            {
                throw inner;
            }
        }
    }
}
