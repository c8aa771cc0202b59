namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>Figures and intervals of a report are those of the metrics; what is missing is said, not hidden.</summary>
public sealed class EvaluationReportTests
{
    [Fact]
    public void Create_RandomReadings_HasTheFiguresOfTheMetrics()
    {
        EvaluationReport report = ReportSamples.Random(seed: 5, count: 300);
        PredictionSet run = report.Predictions;
        var samples = new ScoredSamples([.. run.Predictions.Select(one => one.Truth)], [.. run.Predictions.Select(one => one.Scores)]);
        ClassificationMetrics m = ClassificationMetrics.Of(samples);
        var calibration = CalibrationMetrics.Of(samples);
        Dictionary<string, double> figures = report.Figures.ToDictionary(figure => figure.Name, figure => figure.Value);
        Assert.Equal(
            [m.MacroF1, m.BalancedAccuracy, m.Accuracy, m.Accuracy, 1, m.WeightedF1, m.MatthewsCorrelation, m.CohenKappa, m.Informedness, m.Markedness, m.TopTwoAccuracy, m.LogLoss, m.Brier,
                calibration.EqualWidthError, calibration.EqualMassError, RiskCoverage.Of(samples).Area],
            report.Figures.Take(16).Select(figure => figure.Value));
        foreach (ClassMetrics one in m.Classes)
        {
            string name = one.Emotion.ToString().ToLowerInvariant();
            Assert.Equal((one.Precision, one.Recall, one.F1), (figures[$"precision.{name}"], figures[$"recall.{name}"], figures[$"f1.{name}"]));
        }

        Assert.Equal(16 + (3 * 8), report.Figures.Count);
        Assert.Equal(PrecisionRecallCurve.Of(samples, Emotion.Sadness).AveragePrecision, report.FocusCurve.AveragePrecision);
        Assert.Equal(ReportSamples.Clock.GetUtcNow(), report.Created);
    }

    [Fact]
    public void Figures_TheFirstOnes_AreThoseThatUnequalClassesDoNotFlatter() =>
        Assert.Equal(["macroF1", "balancedAccuracy", "accuracy"], ReportSamples.Random().Figures.Take(3).Select(figure => figure.Name));

    [Fact]
    public void Figures_LossesAndErrors_AreBetterWhenLower() =>
        Assert.Equal(
            ["logLoss", "brier", "calibrationErrorEqualWidth", "calibrationErrorEqualMass", "riskCoverageArea"],
            ReportSamples.Random().Figures.Where(figure => !figure.HigherIsBetter).Select(figure => figure.Name));

    [Fact]
    public void Intervals_NoSubjects_AreStratifiedByClassAndWilson()
    {
        EvaluationReport report = ReportSamples.Random();
        ClassificationIntervals expected = ClassificationIntervals.Of(report.Samples, Bootstrap.Stratified(report.Samples.Truth, new BootstrapOptions { Resamples = 50, Seed = 1 }));
        IReadOnlyDictionary<string, Interval> intervals = ReportFigure.IntervalsOf(report);
        Assert.False(report.BySubject);
        Assert.Equal(expected, report.Intervals);
        Assert.Equal((expected.MacroF1, expected.WilsonAccuracy, expected.LogLoss), (intervals["macroF1"], intervals["accuracy"], intervals["logLoss"]));
        ConfusionMatrix confusion = report.Metrics.Confusion;
        Assert.Equal(Interval.Wilson(confusion[Emotion.Fear, Emotion.Fear], confusion.TruthCount(Emotion.Fear)), intervals["recall.fear"]);
        Assert.All(intervals, pair => Assert.Equal(report.Figures.Single(figure => figure.Name == pair.Key).Value, pair.Value.Estimate, 1e-12));
    }

    [Fact]
    public void Intervals_SubjectsKnown_DrawSubjects()
    {
        EvaluationReport report = ReportSamples.Random(change: (i, one) => one with { Subject = i < 150 ? $"s{i % 10}" : null });
        string?[] subjects = [.. report.Predictions.Predictions.Select(one => one.Subject)];
        ClassificationIntervals expected = ClassificationIntervals.Of(report.Samples, Bootstrap.BySubject(subjects, new BootstrapOptions { Resamples = 50, Seed = 1 }));
        Assert.True(report.BySubject);
        Assert.Equal(expected, report.Intervals);
        Assert.Equal(expected.Accuracy, ReportFigure.IntervalsOf(report)["accuracy"]);
        string text = report.ToDocument().ToMarkdown();
        Assert.Contains("a bootstrap by subject", text, StringComparison.Ordinal);
        Assert.Contains("too narrow", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Wilson's for accuracy", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_LevelSeedAndFocus_Count()
    {
        EvaluationReport report = ReportSamples.Random(options: ReportSamples.Options with { Level = 0.5, Seed = 9, Focus = Emotion.Fear });
        Assert.Equal(Emotion.Fear, report.FocusCurve.Emotion);
        Assert.Equal(ClassificationIntervals.Of(report.Samples, Bootstrap.Stratified(report.Samples.Truth, new BootstrapOptions { Resamples = 50, Seed = 9 }), 0.5), report.Intervals);
        Assert.Equal(0.5, report.Coverage.OnAll.Level);
        Assert.Contains("Intervals at 50 %", report.ToDocument().ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Coverage_MissedFaces_AreErrorsOfThePipelineAndUnreadableOnesAreNot()
    {
        PredictionSet run = ReportSamples.Run(
            ReportSamples.Answer("a", Emotion.Fear, Emotion.Fear),
            ReportSamples.Answer("b", Emotion.Fear, Emotion.Fear),
            ReportSamples.Answer("c", Emotion.Anger, Emotion.Fear),
            ReportSamples.Missed("d", Emotion.Anger),
            new Prediction("e", Emotion.Anger, PredictionStatus.Unreadable, default));
        EvaluationReport report = EvaluationReport.Create(run with { Detector = run.Model with { Id = "the-detector" } }, ReportSamples.Options);
        Dictionary<string, double> figures = report.Figures.ToDictionary(figure => figure.Name, figure => figure.Value);
        Assert.Equal((2 / 3.0, 2 / 4.0, 3 / 4.0), (figures["accuracy"], figures["accuracyOnAll"], figures["coverage"]));
        string text = report.ToDocument().ToMarkdown();
        Assert.Contains("| accuracy on found faces | 0.667 |", text, StringComparison.Ordinal);
        Assert.Contains("| accuracy on all pictures | 0.500 |", text, StringComparison.Ordinal);
        Assert.Contains("| faces found | 0.750 |", text, StringComparison.Ordinal);
        Assert.Contains("5 labelled; 3 read, 1 faces missed, 1 unreadable", text, StringComparison.Ordinal);
        Assert.Contains("the-detector", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_Baselines_AreShownBesideTheFigures()
    {
        Emotion[] truth = [Emotion.Fear, Emotion.Fear, Emotion.Fear, Emotion.Anger];
        string text = ReportSamples.Answers(truth, [Emotion.Fear, Emotion.Anger, Emotion.Fear, Emotion.Anger]).ToDocument().ToMarkdown();
        // Always fear: accuracy 3/4, F1 of fear 6/7, of anger 0. Shares as scores: log-loss is the entropy, Brier 1 - (9 + 1)/16.
        Assert.Contains("| macro F1 | 0.733 |", text, StringComparison.Ordinal);
        Assert.Matches(@"\| macro F1 \| .* \| 0\.429 \|", text);
        Assert.Matches(@"\| accuracy \| 0\.750 \| .* \| 0\.750 \|", text);
        Assert.Matches(@"\| balanced accuracy \| .* \| 0\.500 \|", text);
        Assert.Matches(@"\| log-loss .* \| 0\.562 \|", text);
        Assert.Matches(@"\| Brier score .* \| 0\.375 \|", text);
        Assert.Contains("answering fear always reaches accuracy 0.750", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("macro F1", StringComparison.Ordinal) < text.IndexOf("| accuracy", StringComparison.Ordinal));
        Assert.Contains("Only 1 sample is labelled anger", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OneClassOnly_IsAReport()
    {
        EvaluationReport report = ReportSamples.Answers([Emotion.Anger, Emotion.Anger, Emotion.Anger], [Emotion.Anger, Emotion.Anger, Emotion.Anger]);
        Assert.All(report.Figures, figure => Assert.True(double.IsFinite(figure.Value), figure.Name));
        Assert.Equal((1, 1, 0), (report.Metrics.Accuracy, report.Metrics.BalancedAccuracy, report.Metrics.CohenKappa));
        string text = report.ToDocument().ToMarkdown();
        Assert.Contains("No sample is labelled sadness", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        // All answers have the same score: nothing below 100 % can be answered alone.
        Assert.Contains("| at most 90 % | not reached |", text, StringComparison.Ordinal);
        Assert.Equal(report.ToJson(), EvaluationReport.FromJson(report.ToJson()).ToJson());
    }

    [Fact]
    public void Create_ClassWithoutSamples_HasNoFiguresAndNoIntervalOfItsOwn()
    {
        EvaluationReport report = ReportSamples.Answers([Emotion.Anger, Emotion.Fear], [Emotion.Anger, Emotion.Anger]);
        Assert.DoesNotContain(report.Figures, figure => figure.Name == "recall.contempt");
        Assert.Contains("| contempt | 0.000 | 0.000 |  | 0.000 | 0 | 0 |", report.ToDocument().ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Document_ModelThatDoesNotKnowALabel_SaysSo()
    {
        PredictionSet run = ReportSamples.RandomRun();
        PredictionSet basic = run with { Model = run.Model with { Emotions = EmotionSet.Basic } };
        Assert.Contains("does not know contempt", EvaluationReport.Create(basic, ReportSamples.Options).ToDocument().ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoReadingAtAll_SaysWhatHappenedToThePictures()
    {
        PredictionSet run = ReportSamples.Run(ReportSamples.Missed("a", Emotion.Fear), ReportSamples.Missed("b", Emotion.Fear), new Prediction("c", Emotion.Fear, PredictionStatus.Unreadable, default));
        ArgumentException e = Assert.Throws<ArgumentException>("predictions", () => EvaluationReport.Create(run));
        Assert.Contains("2 faces missed", e.Message, StringComparison.Ordinal);
        Assert.Contains("1 pictures unreadable", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("predictions", () => EvaluationReport.Create(ReportSamples.Run()));
    }

    [Fact]
    public void Create_IdsTwiceOrLabelsUndefined_AreRefused()
    {
        PredictionSet twice = ReportSamples.Run(ReportSamples.Answer("a", Emotion.Fear, Emotion.Fear), ReportSamples.Missed("a", Emotion.Fear));
        Assert.Contains("'a'", Assert.Throws<ArgumentException>("predictions", () => EvaluationReport.Create(twice)).Message, StringComparison.Ordinal);
        PredictionSet undefined = ReportSamples.Run(ReportSamples.Answer("a", Emotion.Fear, Emotion.Fear), ReportSamples.Missed("b", (Emotion)99));
        Assert.Throws<ArgumentException>("predictions", () => EvaluationReport.Create(undefined));
        PredictionSet empty = ReportSamples.Run(new Prediction("a", Emotion.Fear, PredictionStatus.Read, default));
        Assert.ThrowsAny<ArgumentException>(() => EvaluationReport.Create(empty));
        Assert.Throws<ArgumentNullException>("predictions", () => EvaluationReport.Create(null!));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(double.NaN, 10)]
    [InlineData(0.95, 0)]
    [InlineData(0.95, 1_000_001)]
    public void Create_OptionsOutOfRange_AreRefused(double level, int resamples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ReportSamples.Random(options: new ReportOptions { Level = level, Resamples = resamples }));

    [Fact]
    public void Create_FocusUndefined_IsRefused() => Assert.Throws<ArgumentException>(() => ReportSamples.Random(options: new ReportOptions { Focus = (Emotion)8 }));

    [Fact]
    public void Document_RunWithoutTime_HasNoSpeed() =>
        Assert.Contains("| speed | not timed |", EvaluationReport.Create(ReportSamples.RandomRun() with { Elapsed = TimeSpan.Zero }, ReportSamples.Options).ToDocument().ToMarkdown(), StringComparison.Ordinal);

    [Fact]
    public void Document_Faults_AreCountedAndNamed()
    {
        DatasetFault[] faults = [.. Enumerable.Range(0, 130).Select(i => new DatasetFault($"row {i}", "too short"))];
        string text = EvaluationReport.Create(ReportSamples.RandomRun() with { Faults = faults }, ReportSamples.Options).ToDocument().ToMarkdown();
        Assert.Contains("130 rows or files could not be used", text, StringComparison.Ordinal);
        Assert.Contains("The first 100 of 130", text, StringComparison.Ordinal);
        Assert.Contains("| row 99 | too short |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("row 100 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_Current_NamesNeitherMachineNorUser()
    {
        ReportEnvironment environment = ReportSamples.Random().Environment;
        Assert.Equal(ReportEnvironment.Current, environment);
        Assert.DoesNotContain(Environment.MachineName, environment.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(".NET", environment.Runtime, StringComparison.Ordinal);
        Assert.NotEmpty(environment.Library);
    }
}
