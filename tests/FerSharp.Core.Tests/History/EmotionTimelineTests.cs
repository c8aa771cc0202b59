using CsCheck;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.History;

public sealed class EmotionTimelineTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Add_TwoExpressions_MakesTwoSegmentsWhateverTheFrameRate(double framesPerSecond)
    {
        var timeline = new EmotionTimeline();
        Fill(timeline, 1, framesPerSecond, 0, 10, t => t < 4 ? Emotion.Neutral : Emotion.Sadness);
        TimelineTrack track = timeline.GetTrack(1)!;
        Assert.Equal([Emotion.Neutral, Emotion.Sadness], track.Segments.Select(segment => segment.Expression));
        Assert.Equal([0.0, 4.0], track.Segments.Select(segment => segment.From.TotalSeconds), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([4.0, 10.0], track.Segments.Select(segment => segment.To.TotalSeconds), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.All(track.Segments, segment => Assert.Equal(0.9, segment.MeanScore, 0.03));
        Assert.Equal(10, track.Summary.Covered.TotalSeconds, 1e-6);
        Assert.Equal(0.6 * 0.9, track.Summary.MeanScores[Emotion.Sadness], 0.02);
        Assert.Equal(6, track.Summary.ExpressionTime[Emotion.Sadness].TotalSeconds, 1e-6);
        Assert.Equal(40, track.Detail.Count);
        Assert.All(track.Detail, bin => Assert.Equal(0.25, bin.Covered.TotalSeconds, 1e-4));
    }

    [Fact]
    public void Add_AnyTimes_BinsCoverWhatReadingsCover() => Gen.Select(Gen.Long[1, 8_000_000].Array[2, 200], Gen.Int[16, 40], Gen.Int[2, 400]).Sample((steps, overviewBins, detailBins) =>
    {
        var timeline = new EmotionTimeline(new EmotionTimelineOptions { OverviewBins = overviewBins, DetailDuration = Seconds(0.25 * detailBins), MaxSegments = 1000 });
        TimeSpan time = Seconds(1234.5678), covered = default, first = default;
        for (int i = 0; i < steps.Length; i++)
        {
            time += TimeSpan.FromTicks(steps[i]);
            covered += i > 0 ? TimeSpan.FromTicks(steps[i]) : default;
            first = i == 0 ? time : first;
            timeline.Add(3, new SmoothedEmotion(time, Of((Emotion)(i / 7 % 8)), (Emotion)(i / 7 % 8), true));
        }

        TimelineTrack track = timeline.GetTrack(3)!;
        Assert.Equal((first, time), (track.Summary.From, track.Summary.To));
        Assert.Equal(covered.TotalSeconds, track.Summary.Covered.TotalSeconds, 1e-3);
        Assert.Equal(covered.TotalSeconds, track.Overview.Sum(bin => bin.Covered.TotalSeconds), 1e-2);
        Assert.Equal(covered.TotalSeconds, track.Segments.Sum(segment => (segment.To - segment.From).TotalSeconds), 1e-3);
        Assert.InRange(track.Overview.Count, 1, overviewBins);
        Assert.InRange(track.Detail.Count, 1, detailBins + 1);
        foreach (IReadOnlyList<TimelineBin> bins in new[] { track.Overview, track.Detail })
        {
            Assert.All(bins.Zip(bins.Skip(1)), pair => Assert.True(pair.First.To <= pair.Second.From));
            Assert.All(bins, bin => Assert.Equal(1, Enum.GetValues<Emotion>().Sum(e => bin.MeanScores[e]), 1e-3f));
        }
    });

    [Fact]
    public void Add_AfterAGap_CountsNothingBetween()
    {
        var timeline = new EmotionTimeline();
        Fill(timeline, 1, 10, 0, 3, _ => Emotion.Happiness);
        Fill(timeline, 1, 10, 8, 10, _ => Emotion.Happiness);
        TimelineTrack track = timeline.GetTrack(1)!;
        Assert.Equal(5, track.Summary.Covered.TotalSeconds, 1e-6);
        Assert.Equal([(0.0, 3.0), (8.0, 10.0)], track.Segments.Select(segment => (segment.From.TotalSeconds, segment.To.TotalSeconds)));
    }

    [Fact]
    public void Add_ReadingsNotFresh_CoverNothing()
    {
        var timeline = new EmotionTimeline();
        Fill(timeline, 1, 10, 0, 2, _ => Emotion.Fear);
        for (int i = 1; i <= 30; i++)
        {
            timeline.Add(1, new SmoothedEmotion(Seconds(2 + (0.1 * i)), Of(Emotion.Fear), i < 20 ? Emotion.Fear : null, false));
        }

        TimelineTrack track = timeline.GetTrack(1)!;
        Assert.Equal(Seconds(2), track.Summary.Covered);
        Assert.Equal(Seconds(2), Assert.Single(track.Segments).To);
        timeline.Add(2, new SmoothedEmotion(Seconds(6), default, null, false));
        Assert.Equal(0, timeline.GetTrack(2)!.Summary.Tracks);
        Assert.Equal(1, timeline.Summarize().Tracks);
    }

    [Fact]
    public void Add_LongSession_StaysBoundedAndKeepsTheWhole()
    {
        var timeline = new EmotionTimeline(new EmotionTimelineOptions { OverviewBins = 32, DetailDuration = Seconds(10), MaxSegments = 5 });
        Fill(timeline, 1, 4, 0, 3600, t => (Emotion)((int)(t / 10) % 2));
        TimelineTrack track = timeline.GetTrack(1)!;
        Assert.InRange(track.Overview.Count, 16, 32);
        Assert.Equal(3600, track.Overview.Sum(bin => bin.Covered.TotalSeconds), 0.5);
        // The whole ones, and the one under way.
        Assert.InRange(track.Detail.Count, 40, 41);
        Assert.True(track.Detail[0].From >= Seconds(3589));
        Assert.InRange(track.Segments.Count, 5, 6);
        Assert.Equal(3600, track.Summary.ExpressionTime.Values.Sum(time => time.TotalSeconds), 1e-3);
    }

    [Fact]
    public void Add_MoreTracksThanKept_FoldsTheLongestUnseenIntoTheSession()
    {
        var timeline = new EmotionTimeline(new EmotionTimelineOptions { MaxTracks = 2 });
        for (int track = 1; track <= 5; track++)
        {
            Fill(timeline, track, 10, 10 * track, (10 * track) + 4, _ => Emotion.Anger);
        }

        Assert.Equal([4, 5], timeline.ToSnapshot().Tracks.Select(track => track.Id));
        TimelineSummary session = timeline.Summarize();
        Assert.Equal((5, 20.0, 20.0), (session.Tracks, session.Covered.TotalSeconds, session.ExpressionTime[Emotion.Anger].TotalSeconds));
        Assert.Equal((Seconds(10), Seconds(54)), (session.From, session.To));
        Assert.Equal(SentimentLabel.Negative, session.Sentiment.Label);
        Assert.Null(timeline.GetTrack(1));
    }

    [Fact]
    public void Clear_DeletesEverything()
    {
        var timeline = new EmotionTimeline(new EmotionTimelineOptions { MaxTracks = 1 });
        Fill(timeline, 1, 10, 50, 54, _ => Emotion.Anger);
        Fill(timeline, 2, 10, 60, 64, _ => Emotion.Anger);
        timeline.Clear();
        TimelineSnapshot snapshot = timeline.ToSnapshot();
        Assert.Empty(snapshot.Tracks);
        Assert.Equal((0, TimeSpan.Zero, default(EmotionScores)), (snapshot.Summary.Tracks, snapshot.Summary.Covered, snapshot.Summary.MeanScores));
        Assert.Empty(snapshot.Summary.ExpressionTime);
        Fill(timeline, 1, 10, 0, 1, _ => Emotion.Anger);
        Assert.Equal(1, timeline.Summarize().Tracks);
    }

    [Fact]
    public void Remove_OneTrack_TakesItOutOfTheSession()
    {
        var timeline = new EmotionTimeline();
        Fill(timeline, 1, 10, 0, 4, _ => Emotion.Anger);
        Fill(timeline, 2, 10, 4, 6, _ => Emotion.Happiness);
        Assert.True(timeline.Remove(1));
        Assert.False(timeline.Remove(1));
        Assert.Equal([Emotion.Happiness], timeline.Summarize().ExpressionTime.Keys);
    }

    [Fact]
    public void Aggregate_TooFewTracks_GivesNothing()
    {
        var timeline = new EmotionTimeline();
        for (int i = 0; i <= 100; i++)
        {
            for (int track = 1; track <= (i < 50 ? 5 : 4); track++)
            {
                timeline.Add(track, new SmoothedEmotion(Seconds(0.1 * i), Of(track == 1 ? Emotion.Sadness : Emotion.Happiness, 1), null, true));
            }
        }

        IReadOnlyList<TimelineGroupBin> bins = timeline.Aggregate(5);
        Assert.All(bins, bin => Assert.Equal((5, 0.2f, 0.8f), (bin.Tracks, bin.MeanScores[Emotion.Sadness], bin.MeanScores[Emotion.Happiness])));
        Assert.Equal(5, bins[^1].To.TotalSeconds, 0.26);
        Assert.Equal(10, timeline.Aggregate(4)[^1].To.TotalSeconds, 0.26);
        Assert.Empty(timeline.Aggregate(6));
        Assert.Throws<ArgumentOutOfRangeException>("minimumGroupSize", () => timeline.Aggregate(1));
    }

    [Fact]
    public void Add_BadArguments_AreRefused()
    {
        var timeline = new EmotionTimeline();
        timeline.Add(1, new SmoothedEmotion(Seconds(5), Of(Emotion.Fear), null, true));
        Assert.Throws<ArgumentException>("reading", () => timeline.Add(1, new SmoothedEmotion(Seconds(5), Of(Emotion.Fear), null, true)));
        Assert.Throws<ArgumentException>("reading", () => timeline.Add(2, new SmoothedEmotion(Seconds(4.9), Of(Emotion.Fear), null, true)));
        Assert.Throws<ArgumentOutOfRangeException>("trackId", () => timeline.Add(0, new SmoothedEmotion(Seconds(6), Of(Emotion.Fear), null, true)));
        Assert.Equal(Seconds(5), timeline.Summarize().To);
        var options = new EmotionTimelineOptions { MaxTracks = 0, Resolution = Seconds(1), DetailDuration = Seconds(1), OverviewBins = 3, MaxSegments = 0, MaxGap = Seconds(-1) };
        ArgumentException e = Assert.Throws<ArgumentException>("options", () => new EmotionTimeline(options));
        Assert.All(["MaxTracks", "DetailDuration", "OverviewBins", "MaxSegments", "MaxGap"], name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>("options", () => new EmotionTimeline(new EmotionTimelineOptions { Resolution = TimeSpan.Zero }));
    }

    [Fact]
    public void Add_SteadyState_AllocatesNothing()
    {
        var timeline = new EmotionTimeline();
        EmotionScores[] scores = [Of(Emotion.Neutral), Of(Emotion.Happiness), Of(Emotion.Surprise)];
        void Step(int i)
        {
            for (int track = 1; track <= 4; track++)
            {
                timeline.Add(track, new SmoothedEmotion(Seconds(0.1 * i), scores[i / 50 % 3], (Emotion)(i / 50 % 3), true));
            }
        }

        for (int i = 0; i < 1000; i++)
        {
            Step(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1000; i < 20_000; i++)
        {
            Step(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Snapshots_WhileAnotherThreadAdds_AreWhole()
    {
        var timeline = new EmotionTimeline(new EmotionTimelineOptions { OverviewBins = 16 });
        Task adding = Task.Factory.StartNew(() => Fill(timeline, 1, 20, 0, 400, t => (Emotion)((int)t % 8)), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!adding.IsCompleted)
        {
            TimelineSnapshot snapshot = timeline.ToSnapshot();
            Assert.All(snapshot.Tracks, track => Assert.Equal(track.Summary.Covered.TotalSeconds, track.Overview.Sum(bin => bin.Covered.TotalSeconds), 0.5));
        }

        await adding;
    }

    /// <summary>Adds readings of an expression at a rate, both ends included.</summary>
    internal static void Fill(EmotionTimeline timeline, int track, double framesPerSecond, double from, double to, Func<double, Emotion> script)
    {
        int frames = (int)Math.Round((to - from) * framesPerSecond);
        for (int i = 0; i <= frames; i++)
        {
            double time = from + (i / framesPerSecond);
            timeline.Add(track, new SmoothedEmotion(Seconds(time), Of(script(time)), script(time), true));
        }
    }
}
