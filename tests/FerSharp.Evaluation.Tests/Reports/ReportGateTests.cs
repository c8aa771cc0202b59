namespace FerSharp.Evaluation.Tests.Reports;

/// <summary>The regression gate.</summary>
public sealed class ReportGateTests
{
    private static readonly Emotion[] Truth = [.. Enumerable.Range(0, 100).Select(i => i < 50 ? Emotion.Fear : Emotion.Anger)];

    [Fact]
    public void Compare_TheSameReport_Passes()
    {
        EvaluationReport report = ReportSamples.Random();
        ReportGate gate = ReportGate.Compare(report, EvaluationReport.FromJson(report.ToJson()), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(gate.Passed);
        Assert.Equal(report.Figures.Select(figure => (figure.Name, figure.Value, figure.Value)), gate.Rows.Select(row => (row.Name, row.Baseline, row.Candidate)));
        Assert.All(gate.Rows, row => Assert.Equal(GateVerdict.Passed, row.Verdict));
        Assert.Equal((0, 0, 1), (gate.Paired!.OnlyFirstRight, gate.Paired.OnlySecondRight, gate.Paired.McNemarP));
    }

    [Theory]
    [InlineData(3, 0.03, true)]
    [InlineData(3, 0.0299, false)]
    [InlineData(7, 0.07, true)]
    [InlineData(7, 0.0699999, false)]
    [InlineData(29, 0.29, true)]
    [InlineData(1, 0, false)]
    [InlineData(0, 0, true)]
    public void Compare_AccuracyDrops_PassesUpToTheTolerance(int lost, double tolerance, bool passes)
    {
        ReportGate gate = Gate(lost, Only("accuracy", tolerance));
        Assert.Equal(passes, gate.Passed);
        GateRow row = gate.Rows.Single(one => one.Name == "accuracy");
        Assert.Equal((tolerance, passes ? GateVerdict.Passed : GateVerdict.Worse), (row.Tolerance, row.Verdict));
        Assert.Equal((lost, 0), (gate.Paired!.OnlyFirstRight, gate.Paired.OnlySecondRight));
    }

    [Fact]
    public void Compare_AccuracyRises_IsBetterAndPasses()
    {
        ReportGate gate = ReportGate.Compare(Report(20), Report(0), new GateOptions { Tolerances = Only("accuracy", 0.01) }, TestContext.Current.CancellationToken);
        Assert.True(gate.Passed);
        Assert.Equal(GateVerdict.Better, gate.Rows.Single(row => row.Name == "accuracy").Verdict);
    }

    [Theory]
    [InlineData("logLoss")]
    [InlineData("brier")]
    [InlineData("calibrationErrorEqualWidth")]
    [InlineData("riskCoverageArea")]
    public void Compare_FigureThatIsBetterWhenLower_FailsWhenItRises(string figure)
    {
        IReadOnlyDictionary<string, double> tolerances = Only(figure, 0.001);
        EvaluationReport low = Report(1), high = Report(30);
        Assert.True(high.Figures.Single(one => one.Name == figure).Value > low.Figures.Single(one => one.Name == figure).Value + 0.001);
        Assert.False(ReportGate.Compare(low, high, new GateOptions { Tolerances = tolerances }, TestContext.Current.CancellationToken).Passed);
        ReportGate better = ReportGate.Compare(high, low, new GateOptions { Tolerances = tolerances }, TestContext.Current.CancellationToken);
        Assert.Equal((true, GateVerdict.Better), (better.Passed, better.Rows.Single(row => row.Name == figure).Verdict));
    }

    [Fact]
    public void Compare_FamilyTolerance_HoldsForEveryClassUnlessOneHasItsOwn()
    {
        // Ten of fifty fears are lost: the recall of fear falls by 0.2.
        Dictionary<string, double> tolerances = All(double.PositiveInfinity);
        tolerances["recall"] = 0.1;
        Assert.Equal(["recall.fear"], Gate(10, tolerances).Rows.Where(row => row.Verdict == GateVerdict.Worse).Select(row => row.Name));
        tolerances["recall.fear"] = 0.2;
        Assert.True(Gate(10, tolerances).Passed);
        tolerances["precision"] = 0.1;
        Assert.Equal(["precision.anger"], Gate(10, tolerances).Rows.Where(row => row.Verdict == GateVerdict.Worse).Select(row => row.Name));
    }

    [Fact]
    public void Compare_NoTolerancesGiven_JudgesByTheDefaults()
    {
        ReportGate gate = ReportGate.Compare(Report(0), Report(10), cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(gate.Passed);
        Assert.Equal(0.05, gate.Rows.Single(row => row.Name == "recall.fear").Tolerance);
        Assert.Equal(GateOptions.DefaultTolerances["macroF1"], gate.Rows.Single(row => row.Name == "macroF1").Tolerance);
        GateRow free = gate.Rows.Single(row => row.Name == "cohenKappa");
        Assert.Equal(((double?)null, GateVerdict.Passed), (free.Tolerance, free.Verdict));
        Assert.True(free.Candidate < free.Baseline - 0.1);
    }

    [Fact]
    public void DefaultTolerances_Names_AreFigures() =>
        Assert.NotEmpty(ReportGate.Compare(Report(0), Report(0), new GateOptions { Tolerances = GateOptions.DefaultTolerances }, TestContext.Current.CancellationToken).Rows);

    [Theory]
    [InlineData("accuracy", -0.01, "at least 0")]
    [InlineData("accuracy", double.NaN, "at least 0")]
    [InlineData("acuracy", 0.01, "no figure 'acuracy'")]
    [InlineData("recall.joy", 0.01, "no figure 'recall.joy'")]
    [InlineData("", 0.01, "no figure ''")]
    public void Compare_ToleranceAtFault_IsRefused(string name, double tolerance, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Gate(0, new Dictionary<string, double> { [name] = tolerance })).Message, StringComparison.Ordinal);

    [Fact]
    public void Compare_OtherData_IsRefusedUnlessAllowed()
    {
        EvaluationReport baseline = Report(0);
        PredictionSet run = baseline.Predictions;
        PredictionSet[] others =
        [
            run with { Dataset = run.Dataset with { Sha256 = "other" } },
            run with { Predictions = [.. run.Predictions.Skip(1)] },
            run with { Predictions = [.. run.Predictions.Reverse()] },
            run with { Predictions = [.. run.Predictions.Select((one, i) => i == 3 ? one with { Truth = Emotion.Sadness } : one)] },
        ];
        foreach (PredictionSet other in others)
        {
            EvaluationReport candidate = EvaluationReport.Create(other, ReportSamples.Options);
            Assert.Contains("different data", Assert.Throws<ArgumentException>("candidate", () => ReportGate.Compare(baseline, candidate)).Message, StringComparison.Ordinal);
            ReportGate gate = ReportGate.Compare(baseline, candidate, new GateOptions { AllowDifferentData = true }, TestContext.Current.CancellationToken);
            Assert.NotEmpty(gate.Rows);
            Assert.Null(gate.Paired);
        }
    }

    [Fact]
    public void Compare_ClassThatTheCandidateMissesWholly_FailsWithRecallZero()
    {
        Emotion[] truth = [Emotion.Disgust, .. Truth, .. Truth];
        EvaluationReport baseline = ReportSamples.Answers(truth, [.. truth.Select(label => (Emotion?)label)]);
        EvaluationReport candidate = ReportSamples.Answers(truth, [null, .. truth.Skip(1).Select(label => (Emotion?)label)]);
        ReportGate gate = ReportGate.Compare(baseline, candidate, cancellationToken: TestContext.Current.CancellationToken);
        GateRow row = gate.Rows.Single(one => one.Name == "recall.disgust");
        Assert.Equal((1, 0, GateVerdict.Worse), (row.Baseline, row.Candidate, row.Verdict));
        Assert.False(gate.Passed);
        Assert.Null(gate.Paired);
    }

    [Fact]
    public void Compare_MissedFaces_FailByCoverage()
    {
        EvaluationReport candidate = ReportSamples.Answers(Truth, [.. Truth.Select((label, i) => i % 50 < 2 ? null : (Emotion?)label)]);
        ReportGate gate = ReportGate.Compare(Report(0), candidate, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["accuracyOnAll", "coverage"], gate.Rows.Where(row => row.Verdict == GateVerdict.Worse).Select(row => row.Name));
    }

    [Fact]
    public void Compare_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("baseline", () => ReportGate.Compare(null!, Report(0)));
        Assert.Throws<ArgumentNullException>("candidate", () => ReportGate.Compare(Report(0), null!));
    }

    [Fact]
    public void Compare_Cancelled_Throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => ReportGate.Compare(Report(0), Report(1), cancellationToken: new CancellationToken(canceled: true)));

    private static ReportGate Gate(int lost, IReadOnlyDictionary<string, double> tolerances) =>
        ReportGate.Compare(Report(0), Report(lost), new GateOptions { Tolerances = tolerances }, TestContext.Current.CancellationToken);

    /// <summary>A report in which the first fears are read as anger.</summary>
    private static EvaluationReport Report(int lost) => ReportSamples.Answers(Truth, [.. Truth.Select((label, i) => (Emotion?)(i < lost ? Emotion.Anger : label))]);

    private static Dictionary<string, double> All(double tolerance) => GateOptions.DefaultTolerances.Keys.ToDictionary(name => name, _ => tolerance);

    private static Dictionary<string, double> Only(string figure, double tolerance)
    {
        Dictionary<string, double> all = All(double.PositiveInfinity);
        all[figure] = tolerance;
        return all;
    }
}
