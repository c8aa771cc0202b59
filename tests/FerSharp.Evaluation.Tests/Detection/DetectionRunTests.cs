using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Detection;

public sealed class DetectionRunTests
{
    private static readonly RectF Box = new(2, 2, 20, 20);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Run_AnyThreads_GivesTheDataSetsOrder(int threads)
    {
        // The detector answers with the picture's width, which differs from picture to picture.
        using var detector = new FakeFaceDetector((in FrameView frame, Span<FaceDetection> faces) =>
        {
            faces[0] = new FaceDetection(new RectF(0, 0, frame.Width, frame.Height), 0.9f);
            return 1;
        });
        var dataset = new MadeDataset([.. Enumerable.Range(0, 40).Select(i => new DetectionSample($"{i}", []))]);
        var progress = new Counter();
        DetectionSet set = DetectionRunner.Run(detector, dataset, new DetectionOptions { Threads = threads }, progress);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (float)MadeDataset.WidthOf(i)), set.Pictures.Select(picture => picture.Found![0].Box.Width));
        Assert.Equal((0, 40), (dataset.Outstanding, progress.Highest));
    }

    [Fact]
    public void Run_BrokenPicture_IsAFaultAndInNoFigure()
    {
        var dataset = new MadeDataset([new("0", [new(Box)]), new("1", [new(Box)]), new("2", [new(Box)])], broken: 1);
        DetectionReport report = DetectionReport.Of(DetectionRunner.Run(new FakeFaceDetector(new FaceDetection(Box, 0.9f)), dataset));
        Assert.Equal("1", Assert.Single(report.Faults).Where);
        Assert.Equal((2, 1, 2, 1.0), (report.Pictures, report.Unreadable, report.Boxes!.Faces, report.Boxes.Recall));
        Assert.Equal(0, dataset.Outstanding);
    }

    [Fact]
    public void Run_DetectorThatFails_EndsWithItsException()
    {
        var dataset = new MadeDataset([.. Enumerable.Range(0, 30).Select(i => new DetectionSample($"{i}", []))]);
        using var detector = new FakeFaceDetector((in FrameView _, Span<FaceDetection> _) => throw new FerInferenceException("m", "broken"));
        Assert.Throws<FerInferenceException>(() => DetectionRunner.Run(detector, dataset));
        Assert.Equal(0, dataset.Outstanding);
    }

    [Fact]
    public void Run_BadArguments_AreRefused()
    {
        var dataset = new MadeDataset([new("0", [])]);
        Assert.ThrowsAny<OperationCanceledException>(() => DetectionRunner.Run(new FakeFaceDetector(), dataset, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>(() => DetectionRunner.Run(new FakeFaceDetector(), dataset, new DetectionOptions { Threads = 0 }));
        Assert.Throws<ArgumentException>(() => DetectionRunner.Run(new FakeFaceDetector(), dataset, new DetectionOptions { MaxFaces = 0 }));
        Assert.Throws<ArgumentException>(() => DetectionRunner.Run(new FakeFaceDetector(), new MadeDataset([])));
        Assert.Throws<ArgumentNullException>(() => DetectionRunner.Run(null!, dataset));
    }

    [Fact]
    public void Of_MostFacesReached_IsSaid()
    {
        var dataset = new MadeDataset([new("0", [])]);
        DetectionSet set = DetectionRunner.Run(new FakeFaceDetector(new FaceDetection(Box, 0.9f), new FaceDetection(Box, 0.8f)), dataset, new DetectionOptions { MaxFaces = 1 });
        Assert.Equal((1, 1), (Assert.Single(set.Pictures).Found!.Count, DetectionReport.Of(set).Full));
    }

    [Fact]
    public void Of_DetectorsOwnThreshold_SplitsCurveAndOperatingPoint()
    {
        // Found at 0.9 and 0.3; the detector is used with 0.5.
        RectF far = new(40, 2, 20, 20);
        DetectionSet set = Found(([new(Box), new(far)], [new(Box, 0.9f), new(far, 0.3f)]));
        DetectionReport report = DetectionReport.Of(set, new DetectionReportOptions { ScoreThreshold = 0.5f });
        Assert.Equal((1.0, 0.5), (report.Boxes!.AveragePrecision, report.Boxes.Recall));
        Assert.Equal((0.5f, 0.1f), (report.ScoreThreshold, report.LowestScore));
        Assert.Contains("0.1", Assert.Throws<ArgumentException>(() => DetectionReport.Of(set, new DetectionReportOptions { ScoreThreshold = 0.05f })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SmallFaces_AreIgnoredNotMissed()
    {
        DetectionSet set = Found(([new(Box), new(new RectF(40, 2, 5, 5))], [new(Box, 0.9f), new(new RectF(40, 2, 5, 5), 0.8f)]), ([new(new RectF(0, 0, 4, 4))], []));
        Assert.Equal(2.0 / 3, DetectionReport.Of(set).Boxes!.Recall, 1e-12);
        DetectionReport large = DetectionReport.Of(set, new DetectionReportOptions { MinimumFaceSize = 10 });
        Assert.Equal((1, 1.0, 0), (large.Boxes!.Faces, large.Boxes.Recall, large.Boxes.FalseBoxes));
    }

    [Fact]
    public void Of_SmallDetectionOnNothing_IsFalseOnlyWhereItWasAskedFor()
    {
        // The second detection is smaller than 10 and on no face; the third is large and on none; the fourth, a little below 10, is on a face of 10.
        RectF ten = new(40, 2, 10, 10);
        DetectionSet set = Found(([new(Box), new(ten)], [new(Box, 0.9f), new(new RectF(60, 2, 5, 5), 0.8f), new(new RectF(0, 0, 60, 60), 0.7f), new(ten with { Width = 9 }, 0.6f)]));
        Assert.Equal((2, 2), (DetectionReport.Of(set).Boxes!.Hits, DetectionReport.Of(set).Boxes!.FalseBoxes));
        DetectionMetrics large = DetectionReport.Of(set, new DetectionReportOptions { MinimumFaceSize = 10 }).Boxes!;
        Assert.Equal((2, 1), (large.Hits, large.FalseBoxes));
    }

    [Fact]
    public void Of_FaceCounts_CountsWithoutBoxes()
    {
        DetectionSet set = With(
            (new DetectionSample("0", []) { FaceCount = 2 }, [new(Box, 0.9f)]),
            (new DetectionSample("1", []) { FaceCount = 1 }, [new(Box, 0.9f), new(Box, 0.8f), new(Box, 0.2f)]),
            (new DetectionSample("2", []) { FaceCount = 1 }, [new(Box, 0.9f)]));
        DetectionReport report = DetectionReport.Of(set, new DetectionReportOptions { ScoreThreshold = 0.5f });
        FaceCounts counts = report.Counts!;
        Assert.Equal((3, 4, 3, 1, 1), (counts.Pictures, counts.Faces, counts.Found, counts.Surplus, counts.Exact));
        Assert.Equal(0.75, counts.FoundShare);
        Assert.Null(report.Boxes);
        Assert.Null(report.Intervals);
        Assert.Null(report.AtPrecision);
    }

    [Fact]
    public void Of_Landmarks_ErrorIsDistanceOverTheEyes()
    {
        FaceLandmarks truth = new(new(5, 5), new(15, 5), new(10, 10), new(6, 15), new(14, 15));
        FaceLandmarks off = new(new(5, 6), new(15, 5), new(13, 14), new(6, 15), new(14, 15));
        TrueFace face = new(Box, Landmarks: truth);
        DetectionReport report = DetectionReport.Of(Found(([face], [new(Box, 0.9f, off)]), ([face], [new(Box, 0.9f, truth)]), ([face], [new(Box, 0.9f)]), ([new(Box)], [new(Box, 0.9f, off)])));
        LandmarkErrors errors = report.Landmarks!;

        // 0.1 and 0.5 of the eyes' 10 pixels, over five points: 0.12 and 0.
        Assert.Equal(2, errors.Faces);
        Assert.Equal(0.06, errors.Mean, 1e-9);
        Assert.Equal(0.06, errors.Median, 1e-9);
        Assert.Equal([0.05, 0, 0.25, 0, 0], errors.ByPoint.Select(error => Math.Round(error, 9)));
        Assert.Equal(0.06, report.Intervals!.LandmarkError.Estimate, 1e-9);
    }

    [Fact]
    public void Of_AnyDetections_IntervalsEstimateWhatTheMetricsSay() => CsCheck.Check.Sample(CsCheck.Gen.Int[0, 100000], seed =>
    {
        DetectionReport report = DetectionReport.Of(Drawn(seed), new DetectionReportOptions { ScoreThreshold = 0.5f, Overlap = 0.3, Precision = 0.6, Bootstrap = new BootstrapOptions { Resamples = 20 } });
        DetectionMetrics boxes = report.Boxes!;
        DetectionIntervals intervals = report.Intervals!;
        Near(boxes.AveragePrecision, intervals.AveragePrecision, boxes.Faces > 0);
        Near(boxes.Recall, intervals.Recall, boxes.Faces > 0);
        Near(boxes.Precision, intervals.Precision, boxes.Hits + boxes.FalseBoxes > 0);
        Near(boxes.FalseBoxesPerPicture, intervals.FalseBoxesPerPicture, true);
        Near(report.AtPrecision?.Recall ?? 0, intervals.RecallAtPrecision, boxes.Faces > 0);
        Near(report.AtFalseBoxes?.Recall ?? 0, intervals.RecallAtFalseBoxes, boxes.Faces > 0);
    }, iter: 100);

    [Fact]
    public void Of_PicturesAllAlike_HaveNoWidthAndMixedOnesHold()
    {
        DetectionReport alike = DetectionReport.Of(Found([.. Enumerable.Repeat<(TrueFace[], FaceDetection[])>(([new(Box)], [new(Box, 0.9f)]), 20)]));
        Assert.Equal((1.0, 1.0), (alike.Intervals!.Recall.Lower, alike.Intervals.Recall.Upper));
        DetectionReport mixed = DetectionReport.Of(Found([.. Enumerable.Range(0, 40).Select(i => (new TrueFace[] { new(Box) }, i % 2 == 0 ? new FaceDetection[] { new(Box, 0.9f) } : []))]));

        // Half of 40 pictures: plus and minus 1.96 * sqrt(0.25 / 40).
        Assert.Equal(0.345, mixed.Intervals!.Recall.Lower, 0.03);
        Assert.Equal(0.655, mixed.Intervals.Recall.Upper, 0.03);
    }

    [Fact]
    public void Of_PicturesOfOneSubject_AreDrawnTogether()
    {
        DetectionSet Set(Func<int, string?> subject) => With([.. Enumerable.Range(0, 100).Select(i =>
            (new DetectionSample($"{i}", [new(Box)]) { Subject = subject(i) }, i / 10 % 2 == 0 ? new FaceDetection[] { new(Box, 0.9f) } : []))]);
        Interval alone = DetectionReport.Of(Set(_ => null)).Intervals!.Recall;
        Interval together = DetectionReport.Of(Set(i => $"{i / 10}")).Intervals!.Recall;
        Assert.True(together.Upper - together.Lower > 2 * (alone.Upper - alone.Lower));
    }

    [Fact]
    public void Of_BadOptions_AreRefused()
    {
        DetectionSet set = Found(([new(Box)], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionReport.Of(set, new DetectionReportOptions { Overlap = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionReport.Of(set, new DetectionReportOptions { ScoreThreshold = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionReport.Of(set, new DetectionReportOptions { Precision = 1.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionReport.Of(set, new DetectionReportOptions { FalseBoxesPerPicture = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionReport.Of(set, new DetectionReportOptions { MinimumFaceSize = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectionReport.Of(set, new DetectionReportOptions { Level = 1 }));
        var broken = new MadeDataset([new("0", [])], broken: 0);
        Assert.Contains("could be loaded", Assert.Throws<ArgumentException>(() => DetectionReport.Of(DetectionRunner.Run(new FakeFaceDetector(), broken))).Message, StringComparison.Ordinal);
    }

    private static void Near(double expected, Interval actual, bool isDefined) => Assert.Equal(isDefined ? expected : double.NaN, actual.Estimate, 1e-9);

    private static DetectionSet Drawn(int seed)
    {
        var random = new Random(seed);
        RectF Any() => new(random.Next(40), random.Next(40), 1 + random.Next(60), 1 + random.Next(60));
        return Found([.. Enumerable.Range(0, 4).Select(_ => (
            Enumerable.Range(0, random.Next(4)).Select(_ => new TrueFace(Any(), random.Next(4) == 0)).ToArray(),
            Enumerable.Range(0, random.Next(6)).Select(_ => new FaceDetection(Any(), random.Next(1, 6) / 5f)).ToArray()))]);
    }

    private static DetectionSet Found(params (TrueFace[] Truth, FaceDetection[] Found)[] pictures) =>
        With([.. pictures.Select((picture, i) => (new DetectionSample($"{i}", picture.Truth), picture.Found))]);

    private static DetectionSet With(params (DetectionSample Sample, FaceDetection[] Found)[] pictures)
    {
        ModelInfo model = new FakeFaceDetector().Model;
        model = model with { Manifest = model.Manifest with { Detector = model.Manifest.Detector! with { ScoreThreshold = 0.1f } } };
        return new DetectionSet(model, new DatasetInfo("made", "", "0"), [.. pictures.Select(picture => new DetectedPicture(picture.Sample, picture.Found))], [], 100, TimeSpan.FromSeconds(1));
    }

    private sealed class Counter : IProgress<int>
    {
        private int _highest;

        public int Highest => Volatile.Read(ref _highest);

        public void Report(int value)
        {
            int seen;
            while ((seen = Highest) < value && Interlocked.CompareExchange(ref _highest, value, seen) != seen)
            {
            }
        }
    }

    private sealed class MadeDataset(DetectionSample[] samples, int broken = -1) : DetectionDataset(new DatasetInfo("made", "", "0"), samples, [])
    {
        private int _outstanding;

        public int Outstanding => Volatile.Read(ref _outstanding);

        public static int WidthOf(int index) => 70 + index;

        public override Frame Load(int index)
        {
            if (index == broken)
            {
                throw new InvalidDataException("damaged");
            }

            Interlocked.Increment(ref _outstanding);
            return Frame.Create(new Owner(this, new byte[WidthOf(index) * 30]), WidthOf(index), 30, PixelFormat.Gray8);
        }

        private sealed class Owner(MadeDataset dataset, byte[] pixels) : System.Buffers.IMemoryOwner<byte>
        {
            public Memory<byte> Memory => pixels;

            public void Dispose() => Interlocked.Decrement(ref dataset._outstanding);
        }
    }
}
