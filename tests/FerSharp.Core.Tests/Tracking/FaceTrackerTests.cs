using CsCheck;
using static FerSharp.Core.Tests.Tracking.TrackedScene;

namespace FerSharp.Core.Tests.Tracking;

public sealed class FaceTrackerTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(60)]
    public void Update_CrossingFaces_KeepTheirIds(double framesPerSecond)
    {
        SortedSet<int>[] ids = Run(
            new FaceTracker(),
            framesPerSecond,
            4,
            t => Face(100 + (150 * t), 200),
            t => Face(700 - (150 * t), 215));
        Assert.Equal([1, 1], ids.Select(set => set.Count));
        Assert.NotEqual(ids[0].Min, ids[1].Min);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    public void Update_CrossingFacesOneHidden_KeepTheirIds(double framesPerSecond)
    {
        SortedSet<int>[] ids = Run(
            new FaceTracker(),
            framesPerSecond,
            4,
            t => Face(100 + (150 * t), 200),
            t => Math.Abs(t - 2) < 0.25 ? null : Face(700 - (150 * t), 215));
        Assert.Equal([1, 1], ids.Select(set => set.Count));
        Assert.NotEqual(ids[0].Min, ids[1].Min);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    public void Update_HiddenForHalfASecond_KeepsTheId(double framesPerSecond) => Assert.Single(
        Run(new FaceTracker(), framesPerSecond, 4, t => t is > 2 and < 2.5 ? null : Face(100 + (120 * t), 200, 80 + (5 * t)))[0]);

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    public void Update_AwayForLonger_GetsANewId(double framesPerSecond) =>
        Assert.Equal([1, 2], Run(new FaceTracker(), framesPerSecond, 6, t => t is > 2 and < 3.5 ? null : Face(300, 200))[0]);

    [Fact]
    public void Update_FarAwayFace_IsAnotherTrack() =>
        Assert.Equal([1, 2], Run(new FaceTracker(), 30, 4, t => Face(t < 2 ? 100 : 500, 200))[0]);

    [Fact]
    public void Update_EnterAndLeave_OthersKeepTheirIds()
    {
        SortedSet<int>[] ids = Run(
            new FaceTracker(),
            25,
            6,
            _ => Face(100, 200),
            t => t is > 1 and < 3 ? Face(300, 200) : null,
            t => t > 2 ? Face(700 - (60 * t), 220) : null);
        Assert.All(ids, set => Assert.Single(set));
        Assert.Equal(3, ids.SelectMany(set => set).Distinct().Count());
    }

    [Fact]
    public void Update_SixtyFourFaces_AllKeepTheirIds()
    {
        SortedSet<int>[] ids = Run(
            new FaceTracker(),
            15,
            3,
            [.. Enumerable.Range(0, 64).Select(i => (Func<double, FaceDetection?>)(t => Face(60 + (i % 8 * 90) + (20 * Math.Sin((2 * t) + i)), 60 + (i / 8 * 90) + (20 * Math.Cos((2 * t) + i)), 40)))]);
        Assert.All(ids, set => Assert.Single(set));
        Assert.Equal(64, ids.SelectMany(set => set).Distinct().Count());
    }

    [Fact]
    public void Update_MoreFacesThanTracks_TheOthersStayWithout()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { MaxTracks = 3, ConfirmAfter = TimeSpan.Zero });
        int[] ids = new int[5];
        tracker.Update(Seconds(0), [.. Enumerable.Range(0, 5).Select(i => Face(100 + (200 * i), 100))], ids);
        Assert.Equal([1, 2, 3, 0, 0], ids);
        Assert.Equal(3, tracker.Predict(Seconds(0), new FaceTrack[10]));
    }

    [Fact]
    public void Update_JitterAndMissedDetections_KeepTheIds() => Gen.Select(Gen.UInt[1, 1_000_000], Gen.Int[8, 60]).Sample(
        (seed, framesPerSecond) =>
        {
            var random = new Random((int)seed);
            double Jitter() => (random.NextDouble() - 0.5) * 8;
            SortedSet<int>[] ids = Run(
                new FaceTracker(),
                framesPerSecond,
                5,
                t => t > 0.5 && random.NextDouble() < 0.15 ? null : Face(150 + (40 * t) + Jitter(), 200 + Jitter(), 90 + Jitter()),
                t => t > 0.5 && random.NextDouble() < 0.15 ? null : Face(500 - (30 * t) + Jitter(), 260 + Jitter(), 110 + Jitter()));
            Assert.All(ids, set => Assert.Single(set));
        },
        iter: 200);

    [Fact]
    public void Update_AnyDetections_IdsAreDistinctNewAndBounded()
    {
        Gen<FaceDetection> face =
            from x in Gen.Float[-50, 700]
            from y in Gen.Float[-50, 500]
            from width in Gen.Float[1, 300]
            from height in Gen.Float[1, 300]
            select new FaceDetection(new RectF(x, y, width, height), 0.5f);
        Gen.Select(Gen.Select(face.Array[0, 12], Gen.Long[1, 20_000_000]).Array[1, 60], Gen.Int[1, 8], Gen.Int[0, 3]).Sample((frames, maxTracks, confirm) =>
        {
            var tracker = new FaceTracker(new FaceTrackerOptions { MaxTracks = maxTracks, ConfirmAfter = Seconds(0.1 * confirm), BoxFilter = confirm == 1 ? new OneEuroOptions() : null });
            var tracks = new FaceTrack[20];
            var lastSeen = new Dictionary<int, TimeSpan>();
            TimeSpan time = default;
            foreach ((FaceDetection[] detections, long ticks) in frames)
            {
                time += TimeSpan.FromTicks(ticks);
                int[] ids = new int[detections.Length];
                tracker.Update(time, detections, ids);
                int[] given = [.. ids.Where(id => id != 0)];
                Assert.Equal(given.Length, given.Distinct().Count());
                foreach (int id in given.Order())
                {
                    // Either a number that was never there, the next one, or one that was seen within the time after which a track ends.
                    Assert.True(lastSeen.TryGetValue(id, out TimeSpan seen) ? time - seen <= Seconds(1) : id == lastSeen.Count + 1);
                    lastSeen[id] = time;
                }

                int count = tracker.Predict(time + Seconds(0.5), tracks);
                Assert.InRange(count, 0, maxTracks);
                Assert.All(tracks[..count], track => Assert.True(float.IsFinite(track.Face.Box.X) && track.Face.Box.Width > 0 && float.IsFinite(track.Face.Box.Area)));
            }
        });
    }

    [Fact]
    public void Update_OneFalseDetection_MakesNoTrack()
    {
        SortedSet<int>[] ids = Run(new FaceTracker(), 25, 3, _ => Face(100, 200), t => Math.Abs(t - 1) < 0.01 ? Face(500, 100) : null);
        Assert.Equal([1], ids[0]);
        Assert.Empty(ids[1]);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Update_NewFace_IsConfirmedByTimeNotByFrames(double framesPerSecond)
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = Seconds(0.4) });
        int[] id = new int[1];
        for (int i = 0; i <= framesPerSecond; i++)
        {
            tracker.Update(Seconds(i / framesPerSecond), [Face(100, 100)], id);
            Assert.Equal(i / framesPerSecond >= 0.4 - 1e-9 ? 1 : 0, id[0]);
        }
    }

    [Fact]
    public void Update_IdsOfEndedTracks_AreNotUsedAgain()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = TimeSpan.Zero });
        int[] id = new int[1];
        for (int i = 0; i < 50; i++)
        {
            tracker.Update(Seconds(2 * i), [Face(100, 100)], id);
            Assert.Equal(i + 1, id[0]);
        }

        tracker.Reset();
        tracker.Update(Seconds(0), [Face(100, 100)], id);
        Assert.Equal(51, id[0]);
    }

    [Fact]
    public void Update_EmptyFrames_EndTracks()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = TimeSpan.Zero });
        var tracks = new FaceTrack[4];
        tracker.Update(Seconds(0), [Face(100, 100)], new int[1]);
        tracker.Update(Seconds(0.9), [], []);
        Assert.Equal(1, tracker.Predict(Seconds(0.9), tracks));
        Assert.Equal(Seconds(0), tracks[0].LastSeen);
        tracker.Update(Seconds(1.1), [], []);
        Assert.Equal(0, tracker.Predict(Seconds(1.1), tracks));
    }

    [Fact]
    public void Update_BadArguments_AreRefusedAndChangeNothing()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = TimeSpan.Zero });
        int[] ids = new int[2];
        tracker.Update(Seconds(1), [Face(100, 100)], ids);
        Assert.Throws<ArgumentException>("timestamp", () => tracker.Update(Seconds(1), [Face(100, 100)], ids));
        Assert.Throws<ArgumentException>("timestamp", () => tracker.Update(Seconds(0.5), [], ids));
        Assert.Throws<ArgumentException>("trackIds", () => tracker.Update(Seconds(2), [Face(100, 100)], []));
        Assert.All(
            [new RectF(float.NaN, 0, 1, 1), new RectF(0, 0, float.NaN, 1), new RectF(0, 0, 0, 1), new RectF(0, 0, 1, -1), new RectF(float.PositiveInfinity, 0, 1, 1), new RectF(0, 0, float.PositiveInfinity, 1)],
            box => Assert.Throws<ArgumentException>("detections", () => tracker.Update(Seconds(2), [Face(100, 100), new FaceDetection(box, 1)], ids)));
        tracker.Update(Seconds(1.1), [Face(100, 100)], ids);
        Assert.Equal([1, 0], ids);
    }

    [Fact]
    public void Options_OutOfRange_AreAllListed()
    {
        var options = new FaceTrackerOptions
        {
            MaxTracks = 0,
            ConfirmAfter = Seconds(-1),
            LoseAfter = TimeSpan.Zero,
            MaxDistance = double.NaN,
            BoxFilter = new OneEuroOptions { MinCutoff = 0, Beta = -1, DerivativeCutoff = double.NaN },
        };
        ArgumentException e = Assert.Throws<ArgumentException>("options", () => new FaceTracker(options));
        Assert.All(["MaxTracks", "ConfirmAfter", "LoseAfter", "MaxDistance", "MinCutoff", "Beta", "DerivativeCutoff"], name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Update_SteadyState_AllocatesNothing()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { BoxFilter = new OneEuroOptions() });
        var tracks = new FaceTrack[64];
        var faces = new FaceDetection[16];
        int[] ids = new int[16];
        void Step(int i)
        {
            int count = 8 + (i % 9);
            for (int f = 0; f < count; f++)
            {
                faces[f] = Face(60 + (90 * f) + (i % 7), 100 + (i % 5), 60);
            }

            tracker.Update(Seconds(0.04 * i), faces.AsSpan(0, count), ids);
            tracker.Predict(Seconds((0.04 * i) + 0.02), tracks);
        }

        for (int i = 0; i < 200; i++)
        {
            Step(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 200; i < 400; i++)
        {
            Step(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
