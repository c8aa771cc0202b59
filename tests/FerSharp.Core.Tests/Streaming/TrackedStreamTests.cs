using FerSharp.Streaming;
using FerSharp.Testing;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.Streaming;

/// <summary>Numbers and steadied readings in a stream's results, and detection on every n-th frame.</summary>
public sealed class TrackedStreamTests
{
    [Fact]
    public async Task Faces_GetNumbersThatStay_AndSteadiedReadings()
    {
        using var faces = new MovingFaces(30, Two, (_, box) => box.Y < 100 ? Of(Emotion.Happiness) : Of(Emotion.Sadness));
        await using FakeFrameSource source = faces.Source(3);
        List<StreamResult> results = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(source));
        Assert.All(results.Where(result => result.Timestamp < Seconds(0.19)).SelectMany(result => result.Analysis.Faces), face => Assert.Equal((0, true), (face.TrackId, face.Smoothed.Scores.IsEmpty)));
        StreamResult[] later = [.. results.Where(result => result.Timestamp > Seconds(0.25))];
        Assert.All(later, result => Assert.Equal([1, 2], result.Analysis.Faces.Select(face => face.TrackId)));
        Assert.All(later.SelectMany(result => result.Analysis.Faces), face => Assert.Equal((face.Scores.Top, true), (face.Smoothed.Scores.Top, face.Smoothed.IsFresh)));
        Assert.Equal(
            [new FaceTrackEvent(1, FaceTrackPhase.Started, default), new FaceTrackEvent(2, FaceTrackPhase.Started, default)], results.SelectMany(result => result.TrackEvents));
        Assert.Equal(
            [(1, Emotion.Happiness, ExpressionPhase.Onset), (2, Emotion.Sadness, ExpressionPhase.Onset)],
            results.SelectMany(result => result.ExpressionEvents).Select(change => (change.TrackId, change.Expression, change.Phase)));
        Assert.Equal([Emotion.Happiness, Emotion.Sadness], results[^1].Analysis.Faces.Select(face => face.Smoothed.Expression!.Value));
        Assert.All(results, result => Assert.False(result.IsPredicted));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Parallelism_ChangesNothing(int detectEvery)
    {
        EmotionScores Read(double time, RectF box) => Mixed(1, 1 + Math.Sin(5 * time), 0.5, 1 + Math.Cos((3 * time) + box.Y), 0.1, 0.1, 0.1, 0);
        using var faces = new MovingFaces(30, Two, Read);
        await using FakeFrameSource alone = faces.Source(6);
        await using FakeFrameSource together = faces.Source(6);
        List<StreamResult> expected = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(alone, new StreamOptions { DetectEvery = detectEvery }));
        List<StreamResult> actual = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(together, new StreamOptions { DetectEvery = detectEvery, Parallelism = 6, Capacity = 20 }));
        Assert.Equal(180, actual.Count);
        Assert.Equal(expected.Select(result => result.IsPredicted), actual.Select(result => result.IsPredicted));
        Assert.Equal(expected.SelectMany(result => result.Analysis.Faces), actual.SelectMany(result => result.Analysis.Faces));
        Assert.Equal(expected.SelectMany(result => result.ExpressionEvents), actual.SelectMany(result => result.ExpressionEvents));
        Assert.Equal((0, 0), (alone.Outstanding, together.Outstanding));
    }

    [Fact]
    public async Task DetectEvery_FollowsBetweenDetections_AndSaysSo()
    {
        using var faces = new MovingFaces(30, Two, (_, box) => Of(box.Y < 100 ? Emotion.Happiness : Emotion.Sadness));
        await using FakeFrameSource source = faces.Source(4);
        List<StreamResult> results = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(source, new StreamOptions { DetectEvery = 5 }));
        Assert.Equal(120, results.Count);
        Assert.Equal(24, faces.Detector.Calls);
        Assert.Equal(results.Select(result => result.Sequence % 5 != 0), results.Select(result => result.IsPredicted));
        foreach (StreamResult result in results.Where(result => result.Timestamp > Seconds(1)))
        {
            FaceDetection[] truth = Two(result.Timestamp.TotalSeconds);
            Assert.Equal([1, 2], result.Analysis.Faces.Select(face => face.TrackId));

            // A box that stayed where it was would be down to 0.7.
            Assert.All(result.Analysis.Faces.Zip(truth), pair => Assert.True(pair.First.Face.Box.IntersectionOverUnion(pair.Second.Box) > 0.85f, $"{result.Timestamp}: {pair}"));
            Assert.Equal([Emotion.Happiness, Emotion.Sadness], result.Analysis.Faces.Select(face => face.Scores.Top));
        }
    }

    [Fact]
    public async Task DetectEvery_OfASlowSource_LooksBeforeTracksGetLost()
    {
        // Ten frames at two a second are five seconds; a track is lost after one.
        using var faces = new MovingFaces(2, Two);
        await using FakeFrameSource source = faces.Source(10);
        List<StreamResult> results = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(source, new StreamOptions { DetectEvery = 10 }));
        Assert.All(results, result => Assert.False(result.IsPredicted));
        Assert.Equal([1, 2], results[^1].Analysis.Faces.Select(face => face.TrackId));
        Assert.Equal(2, results.Sum(result => result.TrackEvents.Count));
    }

    [Fact]
    public async Task Face_ThatLeaves_IsNotGuessedOn_AndItsTrackEnds()
    {
        using var faces = new MovingFaces(30, time => time < 2 ? Two(time) : [Two(time)[0]], (_, _) => Of(Emotion.Happiness));
        await using FakeFrameSource source = faces.Source(5);
        List<StreamResult> results = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(source, new StreamOptions { DetectEvery = 3 }));
        Assert.All(results.Where(result => result.Timestamp > Seconds(2.1)), result => Assert.Equal([1], result.Analysis.Faces.Select(face => face.TrackId)));
        StreamResult last = Assert.Single(results, result => result.TrackEvents.Any(change => change.Phase == FaceTrackPhase.Ended));
        Assert.InRange(last.Timestamp, Seconds(2.9), Seconds(3.2));
        FaceTrackEvent ended = Assert.Single(last.TrackEvents);
        Assert.Equal(2, ended.TrackId);
        Assert.InRange(ended.Timestamp, Seconds(1.8), Seconds(2));
        Assert.Equal([ExpressionPhase.Apex, ExpressionPhase.Offset], last.ExpressionEvents.Select(change => change.Phase));
    }

    [Fact]
    public async Task Face_ThatMovesOutOfThePicture_IsLeftOutBetweenDetections()
    {
        FaceDetection[] Leaving(double time) => [new FaceDetection(new RectF((float)(200 + (300 * time)), 50, 60, 60), 0.9f)];
        using var faces = new MovingFaces(30, time => time < 0.38 ? Leaving(time) : []);
        await using FakeFrameSource source = faces.Source(1.5);
        List<StreamResult> results = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(source, new StreamOptions { DetectEvery = 11, Tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = TimeSpan.Zero }) }));
        Assert.Equal(45, results.Count);
        Assert.Empty(results[^1].Analysis.Faces);
    }

    [Fact]
    public async Task Tracker_OfTheCaller_GoesOnWithItsNumbers_ButNotInTwoStreams()
    {
        using var faces = new MovingFaces(30, Two);
        await using FakeFrameSource first = faces.Source(1);
        await using FakeFrameSource second = faces.Source(1);
        await using FakeFrameSource third = faces.Source(1);
        var options = new StreamOptions { Tracker = new FaceTracker(), Smoother = new EmotionSmoother() };
        await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(first, options), result =>
        {
            if (result.Sequence == 3)
            {
                foreach (StreamOptions twice in new[] { new StreamOptions { Tracker = options.Tracker }, new StreamOptions { Smoother = options.Smoother } })
                {
                    Assert.Throws<InvalidOperationException>(() => faces.Analyzer.AnalyzeAsync(third, twice).GetAsyncEnumerator().MoveNextAsync().AsTask().GetAwaiter().GetResult());
                }
            }

            return true;
        });
        List<StreamResult> results = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(second, options));
        Assert.Equal([3, 4], results[^1].Analysis.Faces.Select(face => face.TrackId));
        Assert.Equal(0, third.Delivered);
    }

    [Fact]
    public async Task Smoother_OptionsSetWhileTheStreamRuns_Act()
    {
        using var faces = new MovingFaces(30, Two, (_, _) => Mixed(0.55, 0, 0, 0.45, 0, 0, 0, 0));
        await using FakeFrameSource source = faces.Source(6);
        var smoother = new EmotionSmoother();
        List<StreamResult> results = await StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(source, new StreamOptions { Smoother = smoother }), result =>
        {
            if (result.Sequence == 80)
            {
                smoother.Options = smoother.Options with { Sensitivity = new Dictionary<Emotion, double> { [Emotion.Sadness] = 4 } };
            }

            return true;
        });
        Assert.Equal(Emotion.Neutral, results[80].Analysis.Faces[0].Smoothed.Expression);
        Assert.Equal(Emotion.Sadness, results[^1].Analysis.Faces[0].Smoothed.Expression);
        Assert.Equal(Emotion.Neutral, results[^1].Analysis.Faces[0].Scores.Top);
    }

    [Fact]
    public async Task Detector_ThatFails_WithFramesBetween_EndsTheStreamInItsPlace()
    {
        using var fixture = new StreamFixture(number => _ = number == 40 ? throw new FerInferenceException("fake", "broken") : 0);
        await using FakeFrameSource source = StreamFixture.Source(200);
        int count = 0;
        await Assert.ThrowsAsync<FerInferenceException>(() => StreamFixture.ReadAsync(
            fixture.Analyzer.AnalyzeAsync(source, new StreamOptions { Parallelism = 5, DetectEvery = 4 }), _ => ++count > 0));
        Assert.Equal(40, count);
        Assert.Equal(0, source.Outstanding);
    }

    [Fact]
    public async Task Handler_ThatThrows_LosesNoFrame()
    {
        using var faces = new MovingFaces(30, Two);
        await using FakeFrameSource source = faces.Source(2);
        var smoother = new EmotionSmoother();
        smoother.PhaseChanged += (_, _) => throw new NotSupportedException();
        await Assert.ThrowsAsync<NotSupportedException>(() => StreamFixture.ReadAsync(faces.Analyzer.AnalyzeAsync(source, new StreamOptions { Smoother = smoother, KeepFrames = true }), result =>
        {
            result.Dispose();
            return true;
        }));
        Assert.Equal(0, source.Outstanding);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void PerFramePath_SteadyState_AllocatesNothing(int detectEvery)
    {
        EmotionScores calm = Of(Emotion.Neutral, 1);
        using var faces = new MovingFaces(30, _ => throw new NotSupportedException(), (_, _) => calm);
        using var follower = new FaceFollower(new StreamOptions { DetectEvery = detectEvery });
        var detections = new FaceDetection[64];
        var scores = new EmotionScores[64];
        var results = new FaceEmotion[64];
        int[] ids = new int[64];
        FrameView picture = SyntheticFrames.Noise(320, 240, format: PixelFormat.Gray8);
        void Step(int i)
        {
            TimeSpan timestamp = Seconds(i / 30.0);
            int count = 2;
            ReadOnlySpan<FaceTrackEvent> events = [];
            if (follower.IsDetectionDue(timestamp))
            {
                Two(i / 30.0, detections);
                events = follower.Follow(timestamp, detections.AsSpan(0, count), ids);
            }
            else
            {
                count = follower.Expect(picture, timestamp, detections, ids);
            }

            faces.Analyzer.Read(picture, detections.AsSpan(0, count), scores, results, CancellationToken.None);
            for (int f = 0; f < count; f++)
            {
                results[f] = results[f] with { TrackId = ids[f] };
            }

            follower.Smooth(timestamp, events, results.AsSpan(0, count));
            Assert.True(i < 60 || results[1].Smoothed.Expression == Emotion.Neutral);
        }

        for (int i = 0; i < 300; i++)
        {
            Step(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 300; i < 600; i++)
        {
            Step(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Two faces that sway, one above the other, the better one above.</summary>
    private static FaceDetection[] Two(double time)
    {
        var faces = new FaceDetection[2];
        Two(time, faces);
        return faces;
    }

    private static void Two(double time, Span<FaceDetection> faces) =>
        (faces[0], faces[1]) = (At((float)(120 + (40 * Math.Sin(2 * time))), 30, 0.9f), At((float)(120 + (30 * Math.Cos(2 * time))), 150, 0.8f));

    private static FaceDetection At(float x, float y, float score) => new(new RectF(x, y, 60, 60), score);
}
