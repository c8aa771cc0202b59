using CsCheck;
using FerSharp.Tracking;
using static FerSharp.Core.Tests.Tracking.TrackedScene;

namespace FerSharp.Core.Tests.Tracking;

public sealed class FaceTrackerPredictTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(8.0)]
    public void Predict_BetweenDetections_FollowsTheMotion(double? steadyBeta)
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { BoxFilter = steadyBeta is { } beta ? new OneEuroOptions { Beta = beta } : null });
        var tracks = new FaceTrack[2];
        for (int i = 0; i <= 60; i++)
        {
            double time = i / 30.0;
            // Detection on every third frame.
            if (i % 3 == 0)
            {
                tracker.Update(Seconds(time), [Face(100 + (90 * time), 200)], new int[1]);
            }

            if (i > 30)
            {
                Assert.Equal(1, tracker.Predict(Seconds(time), tracks));
                Assert.True(tracks[0].Face.Box.IntersectionOverUnion(Face(100 + (90 * time), 200).Box) > 0.85, $"{i}: {tracks[0].Face.Box}");
                Assert.Equal(90, tracks[0].Velocity.X, 20f);
            }
        }
    }

    [Fact]
    public void Predict_Landmarks_MoveWithTheBox()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = TimeSpan.Zero });
        var tracks = new FaceTrack[1];
        FaceDetection At(double x) => Face(x, 200) with { Landmarks = new FaceLandmarks(new((float)x - 20, 180), new((float)x + 20, 180), new((float)x, 200), new((float)x - 15, 230), new((float)x + 15, 230)) };
        for (int i = 0; i <= 20; i++)
        {
            tracker.Update(Seconds(0.05 * i), [At(100 + (5 * i))], new int[1]);
        }

        tracker.Predict(Seconds(1.1), tracks);
        RectF box = tracks[0].Face.Box;
        Assert.True(box.Center.X > 203);
        Assert.Equal(box.Center.X, tracks[0].Face.Landmarks.Nose.X, 0.1f);
        Assert.Equal(box.Center.X - (0.2f * box.Width), tracks[0].Face.Landmarks.LeftEye.X, 0.1f);
    }

    [Fact]
    public void Predict_AnyTime_ChangesNothing()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = TimeSpan.Zero });
        FaceTrack[] first = new FaceTrack[1], second = new FaceTrack[1];
        tracker.Update(Seconds(0), [Face(100, 100)], new int[1]);
        tracker.Update(Seconds(0.1), [Face(110, 100)], new int[1]);
        tracker.Predict(Seconds(0.2), first);
        tracker.Predict(Seconds(0.9), second);
        tracker.Predict(Seconds(0.2), second);
        Assert.Equal(first, second);
        Assert.Equal(0, tracker.Predict(Seconds(1.2), second));
        Assert.Throws<ArgumentException>("timestamp", () => tracker.Predict(Seconds(0.05), second));
        Assert.Equal(0, new FaceTracker().Predict(Seconds(0), second));
    }

    [Fact]
    public void Predict_ShortDestination_GivesThePrefix()
    {
        var tracker = new FaceTracker(new FaceTrackerOptions { ConfirmAfter = TimeSpan.Zero });
        tracker.Update(Seconds(0), [Face(100, 100), Face(400, 100)], new int[2]);
        FaceTrack[] tracks = new FaceTrack[2];
        Assert.Equal(1, tracker.Predict(Seconds(0), tracks.AsSpan(0, 1)));
        Assert.Equal((1, 0), (tracks[0].Id, tracks[1].Id));
    }

    [Fact]
    public void Predict_OneEuro_TakesJitterAway()
    {
        double Wobble(OneEuroOptions? filter)
        {
            var tracker = new FaceTracker(new FaceTrackerOptions { BoxFilter = filter });
            var tracks = new FaceTrack[1];
            var random = new Random(5);
            var places = new List<double>();
            for (int i = 0; i < 300; i++)
            {
                tracker.Update(Seconds(i / 30.0), [Face(200 + (4 * (random.NextDouble() - 0.5)), 200)], new int[1]);
                if (i > 100 && tracker.Predict(Seconds(i / 30.0), tracks) == 1)
                {
                    places.Add(tracks[0].Face.Box.Center.X);
                }
            }

            return places.Zip(places.Skip(1), (a, b) => Math.Abs(a - b)).Average();
        }

        // The detections themselves move by 4 / 3 on average.
        Assert.True(Wobble(null) < 1);
        Assert.True(Wobble(new OneEuroOptions { MinCutoff = 0.5, Beta = 1 }) < 0.25);
    }

    [Fact]
    public void MotionFilter_OneStepOrMany_GiveTheSame() => Gen.Select(Gen.Double[0.01, 2], Gen.Int[2, 60], Gen.Double[0.1, 3], Gen.Double[0.1, 10]).Sample((seconds, steps, fade, density) =>
    {
        var motion = new MotionFilter.Motion(fade, density, 2, 0.1);
        MotionFilter one = default, many = default;
        one.Start(3, 0.2, 4);
        one.Correct(3.5, 0.1);
        many = one;
        Assert.Equal(one.Position + one.Displacement(seconds, motion), Go(ref one, 1), 1e-9);
        Go(ref many, steps);
        // A correction shows position, velocity and all variances.
        one.Correct(5, 0.3);
        many.Correct(5, 0.3);
        Assert.Equal(one.Position, many.Position, 1e-6);
        Assert.Equal(one.Velocity, many.Velocity, 1e-6);
        Assert.Equal(one.Variance, many.Variance, 1e-6);

        double Go(ref MotionFilter filter, int times)
        {
            for (int i = 0; i < times; i++)
            {
                filter.Predict(seconds / times, motion, 1.5);
            }

            return filter.Position;
        }
    });

    [Fact]
    public void Assignment_AnyCosts_IsTheCheapest() => Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5]).SelectMany((rows, columns) => Gen.Double[-10, 4].Array[rows * columns].Select(costs => (rows, columns, costs))).Sample(problem =>
    {
        (int rows, int columns, double[] costs) = problem;
        int[] columnOf = new int[rows];
        new Assignment().Solve(costs, rows, columns, columnOf);
        int[] used = [.. columnOf.Where(c => c >= 0)];
        Assert.Equal(used.Length, used.Distinct().Count());
        double total = columnOf.Select((c, r) => c < 0 ? 0 : costs[(r * columns) + c]).Sum();
        Assert.Equal(Cheapest(0, 0), total, 1e-9);

        double Cheapest(int row, int taken)
        {
            if (row == rows)
            {
                return 0;
            }

            double best = Cheapest(row + 1, taken);
            for (int c = 0; c < columns; c++)
            {
                if ((taken & (1 << c)) == 0)
                {
                    best = Math.Min(best, costs[(row * columns) + c] + Cheapest(row + 1, taken | (1 << c)));
                }
            }

            return best;
        }
    });

    [Fact]
    public void Assignment_UsedAgain_ForgetsTheLast()
    {
        var assignment = new Assignment();
        int[] columnOf = new int[3];
        assignment.Solve([-1, -9, -2, -8, -7, -3, -5, -5, -5], 3, 3, columnOf);
        assignment.Solve([1, 2, -4, 0], 2, 2, columnOf);
        Assert.Equal([-1, 0], columnOf[..2]);
    }
}
