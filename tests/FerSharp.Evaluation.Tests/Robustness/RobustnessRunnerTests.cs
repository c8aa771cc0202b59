using FerSharp.Evaluation.Tests.Metrics;
using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests;

public sealed class RobustnessRunnerTests
{
    private static readonly Perturbation Dark = new(PerturbationKind.Gamma, 20);
    private static readonly Perturbation Idle = new(PerturbationKind.Gamma, 1);

    [Fact]
    public void Run_ClassifierOfBrightness_GivesTheFiguresByHand()
    {
        // 12 bright faces that look happy, 4 dark ones that look sad; bright is read as happy, with a score of 0.9. Darkened, all look sad.
        using var classifier = new FakeEmotionClassifier((in FaceRegion face) => Scores(Luma(face.Frame) > 100 ? Emotion.Happiness : Emotion.Sadness, 0.9f));
        RobustnessReport report = RobustnessRunner.Run(classifier, Faces(), new RobustnessOptions { Perturbations = [Dark] }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("unchanged", 16, 1.0, 1.0, 0.0), (report.Clean.Name, report.Clean.Count, report.Clean.Accuracy.Estimate, report.Clean.MacroF1.Estimate, report.Clean.AccuracyDrop.Estimate));
        RobustnessRow row = Assert.Single(report.Rows);
        Assert.Equal("Gamma 20", row.Name);
        Assert.Equal(Interval.Wilson(4, 16), row.Accuracy);

        // F1 of sadness is 2 * 4 / (4 + 16), that of happiness 0.
        Assert.Equal(0.2, row.MacroF1.Estimate, 1e-12);
        Assert.Equal((0.75, 0.8), (row.AccuracyDrop.Estimate, row.MacroF1Drop.Estimate));
        Assert.Equal((0.75, 0.75), (row.AccuracyDrop.Lower, row.AccuracyDrop.Upper));
        AbstentionMetrics abstention = row.Abstention;
        Assert.Equal((16, 16, 16, 0, 0), (abstention.Found, abstention.LowQuality, abstention.TooDark, abstention.LowTopScore, abstention.Answered));
        Assert.Equal(Interval.Wilson(16, 16), abstention.Abstained);
        Assert.Null(abstention.AccuracyOnAnswered);
        Assert.Equal(Interval.Wilson(16, 16), report.Clean.Abstention.AccuracyOnAnswered);
    }

    [Fact]
    public void Run_UnsureClassifier_CountsLowTopScores()
    {
        using var classifier = new FakeEmotionClassifier((in FaceRegion face) => Scores(Emotion.Happiness, Luma(face.Frame) > 100 ? 0.45f : 0.55f));
        AbstentionMetrics clean = RobustnessRunner.Run(classifier, Faces(), new RobustnessOptions { Perturbations = [Idle] }, cancellationToken: TestContext.Current.CancellationToken).Clean.Abstention;
        Assert.Equal((12, 0, 4), (clean.LowTopScore, clean.LowQuality, clean.Answered));
        Assert.Equal(0, clean.AccuracyOnAnswered!.Value.Estimate);
    }

    [Fact]
    public void Run_Grid_AbstainsWhereTheAnalyzerDoes()
    {
        using var classifier = new FakeEmotionClassifier();
        var options = new EmotionAnalyzerOptions { MinTopScore = 0.3f, MinSharpness = 0.2f, MinBrightness = 60 };
        Perturbation[] grid = [new(PerturbationKind.Blur, 1.5), new(PerturbationKind.Gamma, 3), new(PerturbationKind.Occlusion, 0.4)];
        RobustnessReport report = RobustnessRunner.Run(classifier, Faces(), new RobustnessOptions { Perturbations = grid, Analyzer = options }, cancellationToken: TestContext.Current.CancellationToken);
        using var detector = new FakeFaceDetector((in FrameView frame, Span<FaceDetection> found) =>
        {
            found[0] = new FaceDetection(new RectF(0, 0, frame.Width, frame.Height), 1);
            return 1;
        });
        using var analyzer = new EmotionAnalyzer(detector, classifier, options);
        foreach (RobustnessRow row in report.Rows)
        {
            var pictures = new PerturbedDataset(Faces(), row.Perturbation!);
            FaceEmotion[] faces = [.. Enumerable.Range(0, 16).Select(i =>
            {
                using Frame frame = pictures.Load(i);
                return analyzer.Analyze(frame.View, TestContext.Current.CancellationToken).Faces[0];
            })];
            Assert.Equal(faces.Count(face => face.Outcome == FaceOutcome.Ok), row.Abstention.Answered);
            Assert.Equal(faces.Count(face => face.Outcome == FaceOutcome.LowQuality), row.Abstention.LowQuality);
            Assert.Equal(faces.Count(face => face.Reasons.HasFlag(OutcomeReasons.TooBlurred)), row.Abstention.TooBlurred);
            Assert.Equal(faces.Count(face => face.Reasons.HasFlag(OutcomeReasons.LowTopScore)), row.Abstention.LowTopScore);
        }

        Assert.Contains(report.Rows, row => row.Abstention.Answered is > 0 and < 16);
    }

    [Fact]
    public void Run_FacesThatTheDetectorMisses_AreErrors()
    {
        using var classifier = new FakeEmotionClassifier((in FaceRegion _) => Scores(Emotion.Happiness, 0.9f));
        using var detector = new FakeFaceDetector((in FrameView frame, Span<FaceDetection> found) =>
        {
            found[0] = new FaceDetection(new RectF(8, 8, 32, 32), 1);
            return Luma(frame) > 100 ? 1 : 0;
        });
        RobustnessReport report = RobustnessRunner.Run(
            classifier, Faces(), new RobustnessOptions { Perturbations = [Dark], Evaluation = new EvaluationOptions { Detector = detector } }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Interval.Wilson(12, 16), report.Clean.Accuracy);
        Assert.Equal((12, 4), (report.Clean.Abstention.Found, report.Clean.Abstention.Missed));
        Assert.Equal(Interval.Wilson(12, 16), report.Clean.Abstention.AnsweredShare);

        // Missed sad faces cost sadness its recall and happiness no precision: F1 of happiness is 1, of sadness 0.
        Assert.Equal(0.5, report.Clean.MacroF1.Estimate, 1e-12);
        Assert.Equal(detector.Model, report.Detector);
        Assert.Equal((0.0, 16), (report.Rows[0].Accuracy.Estimate, report.Rows[0].Abstention.Missed));
        Assert.Null(report.Rows[0].Abstention.Abstained);
        Assert.Equal(0, report.Rows[0].MacroF1.Estimate);
    }

    [Fact]
    public void Run_WithDetector_OccludesTheFaceThatItFound()
    {
        // The detector's face is the left upper quarter; a cover of all of it leaves the rest as it was.
        var seen = new System.Collections.Concurrent.ConcurrentBag<(byte Inside, byte Outside)>();
        using var classifier = new FakeEmotionClassifier((in FaceRegion face) =>
        {
            seen.Add((face.Frame.GetRow(10)[10], face.Frame.GetRow(40)[40]));
            return Scores(Emotion.Happiness, 0.9f);
        });
        using var detector = new FakeFaceDetector(new FaceDetection(new RectF(0, 0, 24, 24), 1));
        var dataset = new GeneratedPictures([new FaceSample("a", Emotion.Happiness)], _ => SyntheticFrames.Blank(48, 48, 200, PixelFormat.Gray8));
        RobustnessRunner.Run(
            classifier,
            dataset,
            new RobustnessOptions { Perturbations = [new(PerturbationKind.Occlusion, 1)], Evaluation = new EvaluationOptions { Detector = detector } },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal<(byte, byte)>([(128, 200), (200, 200)], seen.Order());
    }

    [Fact]
    public void Run_AnyThreadsAndBatch_GivesTheSameRows()
    {
        using var classifier = new FakeEmotionClassifier();
        Perturbation[] grid = [new(PerturbationKind.Noise, 40), new(PerturbationKind.Occlusion, 0.3), new(PerturbationKind.Jpeg, 5)];
        RobustnessReport Run(int threads, int batch, ulong seed) => RobustnessRunner.Run(
            classifier, Faces(), new RobustnessOptions { Perturbations = grid, Seed = seed, Evaluation = new EvaluationOptions { Threads = threads, BatchSize = batch } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Run(1, 32, 1).Rows, Run(4, 3, 1).Rows);
        Assert.NotEqual(Run(1, 32, 1).Rows, Run(1, 32, 2).Rows);
    }

    [Fact]
    public void Run_PicturesThatCannotBeLoaded_AreInNoFigure()
    {
        using var classifier = new FakeEmotionClassifier(Scores(Emotion.Happiness, 0.9f));
        FaceSample[] samples = [.. Enumerable.Range(0, 5).Select(i => new FaceSample($"{i}", Emotion.Happiness))];
        RobustnessReport report = RobustnessRunner.Run(
            classifier, new GeneratedPictures(samples, i => i == 2 ? null : Bright(i)), new RobustnessOptions { Perturbations = [Idle] }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((4, 1, 1.0), (report.Rows[0].Count, report.Rows[0].Unreadable, report.Rows[0].Accuracy.Estimate));
        var gone = new GeneratedPictures(samples, _ => null);
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => RobustnessRunner.Run(classifier, gone)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_KnownSubjects_AreDrawnWhole()
    {
        // Each subject's pictures are all right or all wrong when dark: fewer observations, wider interval.
        using var classifier = new FakeEmotionClassifier((in FaceRegion face) => Scores(Luma(face.Frame) > 60 ? Emotion.Happiness : Emotion.Fear, 0.9f));
        FaceSample[] Samples(bool subjects) => [.. Enumerable.Range(0, 80).Select(i => new FaceSample($"{i}", Emotion.Happiness) { Subject = subjects ? $"s{i / 10}" : null })];
        Interval Drop(bool subjects) => RobustnessRunner.Run(
            classifier,
            new GeneratedPictures(Samples(subjects), i => SyntheticFrames.Blank(24, 24, (byte)(i / 10 % 2 == 0 ? 240 : 110), PixelFormat.Gray8)),
            new RobustnessOptions { Perturbations = [new(PerturbationKind.Gamma, 3)] },
            cancellationToken: TestContext.Current.CancellationToken).Rows[0].AccuracyDrop;
        Assert.Equal(0.5, Drop(true).Estimate);
        Assert.True(Drop(true).Upper - Drop(true).Lower > 2 * (Drop(false).Upper - Drop(false).Lower));
    }

    [Fact]
    public void Run_Progress_EndsWithAllReadings()
    {
        var counts = new System.Collections.Concurrent.ConcurrentBag<int>();
        RobustnessRunner.Run(new FakeEmotionClassifier(), Faces(), new RobustnessOptions { Perturbations = [Idle, Dark], Evaluation = new EvaluationOptions { BatchSize = 5 } }, new Sink(counts), TestContext.Current.CancellationToken);
        Assert.Equal(48, counts.Max());
        Assert.Equal(12, counts.Distinct().Count());
    }

    [Fact]
    public void Run_CancelledOnTheWay_Ends()
    {
        using var source = new CancellationTokenSource();
        using var classifier = new FakeEmotionClassifier((in FaceRegion face) =>
        {
            if (Luma(face.Frame) < 1)
            {
                source.Cancel();
            }

            return Scores(Emotion.Happiness, 0.9f);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => RobustnessRunner.Run(classifier, Faces(), new RobustnessOptions { Perturbations = [Dark, Idle] }, cancellationToken: source.Token));
    }

    [Fact]
    public void Run_BadOptions_AreRefused()
    {
        using var classifier = new FakeEmotionClassifier();
        void Refused(RobustnessOptions options) => Assert.ThrowsAny<ArgumentException>(() => RobustnessRunner.Run(classifier, Faces(), options));
        Refused(new RobustnessOptions { Perturbations = [] });
        Refused(new RobustnessOptions { Perturbations = [null!] });
        Refused(new RobustnessOptions { Perturbations = [Dark, new(PerturbationKind.Gamma, 20)] });
        Refused(new RobustnessOptions { Level = double.NaN });
        Refused(new RobustnessOptions { Bootstrap = new BootstrapOptions { Resamples = 0 } });
        Refused(new RobustnessOptions { Analyzer = new EmotionAnalyzerOptions { MinTopScore = 2 } });
        Refused(new RobustnessOptions { Evaluation = new EvaluationOptions { Threads = 0 } });
        Assert.Throws<ArgumentNullException>("classifier", () => RobustnessRunner.Run(null!, Faces()));
        Assert.Throws<ArgumentException>("dataset", () => RobustnessRunner.Run(classifier, new GeneratedPictures([new FaceSample("a", null)], Bright)));
    }

    [Fact]
    public void AnswerTally_NothingMissed_AgreesWithTheMetrics() => CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[0, 1000], CsCheck.Gen.Int[1, 40]), any =>
    {
        ScoredSamples samples = MetricSamples.Random(any.Item1, any.Item2);
        Prediction[] predictions = [.. Enumerable.Range(0, samples.Count).Select(i => new Prediction("", samples.Truth[i], PredictionStatus.Read, Scores(samples.Predicted[i], 0.9f)))];
        RobustnessReport report = RobustnessRunner.Run(
            new FakeEmotionClassifier((in FaceRegion face) => predictions[face.Frame.GetRow(0)[0]].Scores),
            new GeneratedPictures([.. predictions.Select((p, i) => new FaceSample($"{i}", p.Truth))], i => SyntheticFrames.Blank(4, 4, (byte)i, PixelFormat.Gray8)),
            new RobustnessOptions { Perturbations = [Idle], Bootstrap = new BootstrapOptions { Resamples = 1 } });
        ClassificationMetrics expected = ClassificationMetrics.Of(samples);
        Assert.Equal(expected.Accuracy, report.Clean.Accuracy.Estimate, 1e-12);
        Assert.Equal(expected.MacroF1, report.Rows[0].MacroF1.Estimate, 1e-12);
    }, iter: 30);

    [Fact]
    public void Run_EmbeddedClassifier_LosesToBlurAndNotToFaintOne()
    {
        FaceDataset validation = FaceDatasets.Packed(
            TestFiles.InShared("data", "fer2013_train_val.bin.gz"), TestFiles.InShared("data", "fer2013_train_val_labels.csv.gz"), "PublicTest", LabelSet.FerPlusMajority, new FaceDatasetOptions { LeaveOutUnlabelled = true }, TestContext.Current.CancellationToken);
        using IEmotionClassifier classifier = Onnx.OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        RobustnessReport report = RobustnessRunner.Run(
            classifier,
            validation.Subset([.. Enumerable.Range(0, 400)], "first 400"),
            new RobustnessOptions { Perturbations = [new(PerturbationKind.Blur, 0.5), new(PerturbationKind.Blur, 4)] },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(report.Rows[0].AccuracyDrop.Estimate, -0.03, 0.03);
        Assert.True(report.Rows[1].AccuracyDrop.Lower > 0.3);
        Assert.True(report.Rows[1].Abstention.Abstained!.Value.Lower > 0.9);
    }

    private static GeneratedPictures Faces() => new(
        [.. Enumerable.Range(0, 16).Select(i => new FaceSample($"{i}", i < 12 ? Emotion.Happiness : Emotion.Sadness))],
        i => i < 12 ? Bright(i) : SyntheticFrames.Faces(48, 48, [new(24, 24, 40, 140)], PixelFormat.Gray8, i));

    private static FrameView? Bright(int seed) => SyntheticFrames.Faces(48, 48, [new(24, 24, 46, (byte)(200 + seed))], PixelFormat.Gray8, seed);

    private static double Luma(FrameView frame) => Enumerable.Range(0, frame.Height).Average(y => frame.GetRow(y).ToArray().Average(value => (double)value));

    private static EmotionScores Scores(Emotion top, float score)
    {
        float[] values = [.. Enumerable.Repeat((1 - score) / 7, 8)];
        values[(int)top] = score;
        return new EmotionScores(values);
    }

    private sealed class Sink(System.Collections.Concurrent.ConcurrentBag<int> counts) : IProgress<int>
    {
        public void Report(int value) => counts.Add(value);
    }
}
