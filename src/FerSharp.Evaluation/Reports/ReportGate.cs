namespace FerSharp.Evaluation;

/// <summary>How much worse a figure may get before a comparison fails.</summary>
public sealed record GateOptions
{
    /// <summary>The tolerances that apply where <see cref="Tolerances"/> says nothing.</summary>
    public static IReadOnlyDictionary<string, double> DefaultTolerances { get; } = new Dictionary<string, double>
    {
        ["macroF1"] = 0.01,
        ["balancedAccuracy"] = 0.01,
        ["accuracy"] = 0.005,
        ["accuracyOnAll"] = 0.005,
        ["coverage"] = 0.005,
        ["logLoss"] = 0.02,
        ["calibrationErrorEqualMass"] = 0.01,
        ["recall"] = 0.05,
    };

    /// <summary>
    /// By a figure's name, the largest step to the worse that passes, at least 0; <c>recall</c> stands for the recall of every class, likewise
    /// <c>precision</c> and <c>f1</c>. Infinity switches a check off. Figures without a tolerance are shown and not judged.
    /// </summary>
    /// <value>Default empty: <see cref="DefaultTolerances"/>.</value>
    public IReadOnlyDictionary<string, double> Tolerances { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether reports on different data may be compared. Their figures then differ for more than one reason.</summary>
    /// <value>Default false.</value>
    public bool AllowDifferentData { get; init; }

    internal double? For(string figure)
    {
        string family = figure.Split('.')[0];
        return Tolerances.TryGetValue(figure, out double own) || Tolerances.TryGetValue(family, out own)
            || DefaultTolerances.TryGetValue(figure, out own) || DefaultTolerances.TryGetValue(family, out own)
            ? own
            : null;
    }

    internal void ThrowIfInvalid(IEnumerable<string> figures)
    {
        HashSet<string> known = [.. figures, .. figures.Select(name => name.Split('.')[0])];
        foreach ((string name, double tolerance) in Tolerances)
        {
            if (!known.Contains(name) || !(tolerance >= 0))
            {
                throw new ArgumentException(
                    known.Contains(name) ? FormattableString.Invariant($"The tolerance of {name} is {tolerance}; it must be at least 0.") : $"There is no figure '{name}'. The figures are {string.Join(", ", known.Where(one => !one.Contains('.')))}.");
            }
        }
    }
}

/// <summary>A figure of two reports.</summary>
/// <param name="Name">The figure.</param>
/// <param name="Baseline">Its value in the baseline.</param>
/// <param name="Candidate">Its value in the candidate.</param>
/// <param name="Tolerance">The largest step to the worse that passes; null where the figure is not judged.</param>
/// <param name="Verdict">What the gate says.</param>
public sealed record GateRow(string Name, double Baseline, double Candidate, double? Tolerance, GateVerdict Verdict);

/// <summary>What a gate says of a figure.</summary>
public enum GateVerdict
{
    /// <summary>Within the tolerance, or not judged.</summary>
    Passed = 0,

    /// <summary>Worse by more than the tolerance.</summary>
    Worse = 1,

    /// <summary>Better by more than the tolerance.</summary>
    Better = 2,
}

/// <summary>The regression gate: a candidate's report against a baseline's. Immutable.</summary>
public sealed class ReportGate
{
    private ReportGate(EvaluationReport baseline, EvaluationReport candidate, IReadOnlyList<GateRow> rows, PairedComparison? paired)
    {
        (Baseline, Candidate, Rows, Paired) = (baseline, candidate, rows, paired);
        Passed = rows.All(row => row.Verdict != GateVerdict.Worse);
    }

    /// <summary>The report that sets the measure.</summary>
    public EvaluationReport Baseline { get; }

    /// <summary>The report that is judged.</summary>
    public EvaluationReport Candidate { get; }

    /// <summary>
    /// Every figure that both have. On the same data also those of a class of which the candidate read no sample, with 0: a class cannot leave the gate by being missed.
    /// </summary>
    public IReadOnlyList<GateRow> Rows { get; }

    /// <summary>Whether no figure got worse by more than its tolerance.</summary>
    public bool Passed { get; }

    /// <summary>McNemar's test and differences with intervals; null where the two did not read the same samples.</summary>
    public PairedComparison? Paired { get; }

    /// <summary>Compares two reports.</summary>
    /// <param name="baseline">The report that sets the measure.</param>
    /// <param name="candidate">The report that is judged.</param>
    /// <param name="options">Tolerances; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the comparison.</param>
    /// <exception cref="ArgumentNullException">A report is null.</exception>
    /// <exception cref="ArgumentException">The reports are on different data and that is not allowed, or a tolerance names no figure or is below 0.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ReportGate Compare(EvaluationReport baseline, EvaluationReport candidate, GateOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        options ??= new GateOptions();
        options.ThrowIfInvalid(baseline.Figures.Select(figure => figure.Name));
        bool sameData = ModelComparison.SameData(baseline, candidate);
        if (!sameData && !options.AllowDifferentData)
        {
            throw new ArgumentException(ModelComparison.DifferentData(baseline, candidate), nameof(candidate));
        }

        Dictionary<string, double> values = candidate.Figures.ToDictionary(figure => figure.Name, figure => figure.Value);
        GateRow[] rows =
        [
            .. baseline.Figures
                .Where(figure => sameData || values.ContainsKey(figure.Name))
                .Select(figure => Judge(figure, values.GetValueOrDefault(figure.Name), options.For(figure.Name))),
        ];
        PairedComparison? paired = sameData && ModelComparison.SameSamples(baseline, candidate)
            ? PairedComparison.Of(baseline.Samples, candidate.Samples, baseline.Bootstrap, baseline.Options.Level, cancellationToken)
            : null;
        return new ReportGate(baseline, candidate, rows, paired);
    }

    private static GateRow Judge(ReportFigure baseline, double candidate, double? tolerance)
    {
        double gain = baseline.HigherIsBetter ? candidate - baseline.Value : baseline.Value - candidate;
        // A step of exactly the tolerance passes, whatever the last bit of the subtraction says.
        double slack = (tolerance ?? double.PositiveInfinity) + 1e-12;
        return new GateRow(baseline.Name, baseline.Value, candidate, tolerance, gain < -slack ? GateVerdict.Worse : gain > slack ? GateVerdict.Better : GateVerdict.Passed);
    }
}
