namespace FerSharp.Evaluation;

/// <summary>Intervals of a detector's figures, from a bootstrap over whole pictures: the faces of one picture are no independent samples. Immutable.</summary>
/// <remarks>Pictures of one <see cref="DetectionSample.Subject"/> are drawn together. A figure is NaN where it is not defined: recall without true faces, precision without detections.</remarks>
public sealed record DetectionIntervals
{
    private DetectionIntervals(IReadOnlyList<BootstrapDistribution> runs, double level)
    {
        Interval[] all = [.. runs.Select(run => run.Interval(level))];
        (AveragePrecision, Recall, Precision, FalseBoxesPerPicture) = (all[0], all[1], all[2], all[3]);
        (RecallAtPrecision, RecallAtFalseBoxes, LandmarkError) = (all[4], all[5], all[6]);
    }

    /// <summary>Average precision.</summary>
    public Interval AveragePrecision { get; }

    /// <summary>Recall at the score threshold.</summary>
    public Interval Recall { get; }

    /// <summary>Precision at the score threshold.</summary>
    public Interval Precision { get; }

    /// <summary>False detections for each picture at the score threshold.</summary>
    public Interval FalseBoxesPerPicture { get; }

    /// <summary>Recall at <see cref="DetectionReportOptions.Precision"/>; 0 where no threshold reaches it.</summary>
    public Interval RecallAtPrecision { get; }

    /// <summary>Recall at <see cref="DetectionReportOptions.FalseBoxesPerPicture"/>; 0 where there are always more.</summary>
    public Interval RecallAtFalseBoxes { get; }

    /// <summary>Mean landmark error, <see cref="LandmarkErrors.Mean"/>; NaN where there are no points.</summary>
    public Interval LandmarkError { get; }

    internal static DetectionIntervals Of(DetectionMatches matches, IReadOnlyList<string?> subjects, double score, DetectionReportOptions options, CancellationToken cancellationToken)
    {
        (int Picture, double Error)[] errors = [.. LandmarkErrors.Measured(matches, score).Select(one => (one.Picture, one.Errors.Average()))];
        IReadOnlyList<BootstrapDistribution> runs = Bootstrap.BySubject(subjects, options.Bootstrap).Run(
            7,
            (indices, values) =>
            {
                int[] weights = new int[matches.Pictures];
                foreach (int i in indices)
                {
                    weights[i]++;
                }

                Measure(matches, weights, score, values);
                Walk(matches.Outcomes, weights, options, values);
                double sum = 0, count = 0;
                foreach ((int picture, double error) in errors)
                {
                    (sum, count) = (sum + (weights[picture] * error), count + weights[picture]);
                }

                values[6] = sum / count;
            },
            cancellationToken);
        return new DetectionIntervals(runs, options.Level);
    }

    // Figures at the score threshold. values[0] is left as the number of faces for what follows.
    private static void Measure(DetectionMatches matches, int[] weights, double score, Span<double> values)
    {
        double faces = 0, hits = 0, falseBoxes = 0;
        foreach (MatchedFace face in matches.Faces)
        {
            faces += weights[face.Picture];
            hits += face.Score >= score ? weights[face.Picture] : 0;
        }

        foreach (DetectionOutcome outcome in matches.Outcomes)
        {
            if (outcome.Score < score)
            {
                break;
            }

            falseBoxes += outcome.Hit ? 0 : weights[outcome.Picture];
        }

        (values[0], values[1], values[2], values[3]) = (faces, hits / faces, hits / (hits + falseBoxes), falseBoxes / weights.Sum());
    }

    // Figures of the curve, from its end upwards: the best precision at a recall or above is then at hand without a list of points.
    private static void Walk(DetectionOutcome[] outcomes, int[] weights, DetectionReportOptions options, Span<double> values)
    {
        double faces = values[0], hits = 0, falseBoxes = 0, area = 0, best = 0;
        double allowed = options.FalseBoxesPerPicture * weights.Sum();
        double? atPrecision = null, atFalseBoxes = null;
        foreach (DetectionOutcome outcome in outcomes)
        {
            hits += outcome.Hit ? weights[outcome.Picture] : 0;
            falseBoxes += outcome.Hit ? 0 : weights[outcome.Picture];
        }

        for (int i = outcomes.Length - 1; i >= 0;)
        {
            double precision = MetricInput.Ratio(hits, hits + falseBoxes), recall = hits / faces;
            best = Math.Max(best, precision);
            atPrecision ??= precision >= options.Precision ? recall : null;
            atFalseBoxes ??= falseBoxes <= allowed ? recall : null;
            float point = outcomes[i].Score;
            for (; i >= 0 && outcomes[i].Score == point; i--)
            {
                hits -= outcomes[i].Hit ? weights[outcomes[i].Picture] : 0;
                falseBoxes -= outcomes[i].Hit ? 0 : weights[outcomes[i].Picture];
            }

            area += (recall - (hits / faces)) * best;
        }

        (values[0], values[4], values[5]) = faces > 0 ? (area, atPrecision ?? 0, atFalseBoxes ?? 0) : (double.NaN, double.NaN, double.NaN);
    }
}
