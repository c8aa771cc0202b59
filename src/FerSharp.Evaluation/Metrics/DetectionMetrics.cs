namespace FerSharp.Evaluation;

/// <summary>A true face of a picture.</summary>
/// <param name="Box">The face, in pixels.</param>
/// <param name="Ignored">Whether the face counts neither as found nor as missed, such as one too small or blurred to be asked for.</param>
/// <param name="Landmarks">Its five points; empty where they are not known.</param>
public readonly record struct TrueFace(RectF Box, bool Ignored = false, FaceLandmarks Landmarks = default)
{
    /// <summary>Size of the face in pixels: the square root of the box's area.</summary>
    public double Size => Math.Sqrt(Box.Area);
}

/// <summary>A picture's true faces and what a detector found.</summary>
/// <param name="Truth">The true faces; empty where there are none.</param>
/// <param name="Found">The detections, with a score threshold low enough for the whole curve.</param>
public sealed record DetectionPicture(IReadOnlyList<TrueFace> Truth, IReadOnlyList<FaceDetection> Found);

/// <summary>Recall of faces of one size.</summary>
/// <param name="MinimumSize">Least size in pixels, included; size is the square root of the box's area.</param>
/// <param name="MaximumSize">Largest size in pixels, not included; infinite in the last row.</param>
/// <param name="Faces">Number of true faces that count.</param>
/// <param name="Missed">How many of them were not found.</param>
public readonly record struct FaceSizeRecall(double MinimumSize, double MaximumSize, int Faces, int Missed)
{
    /// <summary>Share of the faces that were found, 0 to 1; 0 without faces.</summary>
    public double Recall => MetricInput.Ratio(Faces - Missed, Faces);
}

/// <summary>How well a detector finds faces. Immutable.</summary>
/// <remarks>
/// Matching: in each picture, from the best score down, a detection takes the free true face of the largest overlap that reaches the threshold. One that finds no free
/// face but overlaps an ignored one by the threshold counts neither way; any other is false, a second detection of a face included. Equal scores keep the detector's order.
/// </remarks>
public sealed record DetectionMetrics
{
    // False detections down to each point.
    private readonly List<int> _falseBoxes;

    private DetectionMetrics(DetectionMatches matches, double score, IReadOnlyList<FaceSizeRecall> sizes)
    {
        (Pictures, OverlapThreshold, ScoreThreshold, BySize) = (matches.Pictures, matches.Overlap, score, sizes);
        Faces = matches.Faces.Length;
        Hits = matches.Faces.Count(face => face.Score >= score);
        FalseBoxes = matches.Outcomes.Count(outcome => !outcome.Hit && outcome.Score >= score);
        (Points, _falseBoxes) = Curve(matches.Outcomes, Faces);
        double best = 0;
        for (int i = Points.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, Points[i].Precision);
            AveragePrecision += (Points[i].Recall - (i > 0 ? Points[i - 1].Recall : 0)) * best;
        }
    }

    /// <summary>Number of pictures.</summary>
    public int Pictures { get; }

    /// <summary>Number of true faces that count.</summary>
    public int Faces { get; }

    /// <summary>Number of them that were found at the score threshold.</summary>
    public int Hits { get; }

    /// <summary>Number of false detections at the score threshold.</summary>
    public int FalseBoxes { get; }

    /// <summary>Least intersection over union of a hit.</summary>
    public double OverlapThreshold { get; }

    /// <summary>Least score of a detection that counts, for all figures but <see cref="Points"/> and <see cref="AveragePrecision"/>.</summary>
    public double ScoreThreshold { get; }

    /// <summary>Share of the faces that were found, 0 to 1; 0 without faces.</summary>
    public double Recall => MetricInput.Ratio(Hits, Faces);

    /// <summary>Share of hits among the detections that count, 0 to 1; 0 without detections.</summary>
    public double Precision => MetricInput.Ratio(Hits, Hits + FalseBoxes);

    /// <summary>False detections for each picture.</summary>
    public double FalseBoxesPerPicture => (double)FalseBoxes / Pictures;

    /// <summary>Area under the precision-recall curve with all-point interpolation, each precision being the best one at that recall or above
    /// (Pascal VOC since 2010, Everingham et al. 2015); 0 to 1. It covers the scores that were given: a detector's own threshold cuts it off.</summary>
    public double AveragePrecision { get; }

    /// <summary>Recall by size of face, at the score threshold.</summary>
    public IReadOnlyList<FaceSizeRecall> BySize { get; }

    /// <summary>One point for each distinct score, from the highest down.</summary>
    public IReadOnlyList<PrecisionRecallPoint> Points { get; }

    /// <summary>Computes the metrics.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="overlap">Least intersection over union of a hit, above 0 to 1.</param>
    /// <param name="score">Least score of a detection that counts.</param>
    /// <param name="sizeLimits">Rising limits between the sizes in pixels; null for 16, 32, 64 and 128.</param>
    /// <exception cref="ArgumentNullException"><paramref name="pictures"/> is null.</exception>
    /// <exception cref="ArgumentException">There are no pictures, a score is NaN, a true box has no positive finite size, or the limits do not rise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is outside its range.</exception>
    public static DetectionMetrics Of(IReadOnlyList<DetectionPicture> pictures, double overlap = 0.5, double score = 0.5, IReadOnlyList<double>? sizeLimits = null)
    {
        MetricInput.Share(score, nameof(score));
        return Of(new DetectionMatches(pictures, overlap), score, sizeLimits);
    }

    /// <summary>The point of the highest recall whose precision is at least the wanted one; null where no threshold reaches it.</summary>
    /// <param name="precision">Wanted precision, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number from 0 to 1.</exception>
    public PrecisionRecallPoint? ForPrecision(double precision)
    {
        MetricInput.Share(precision, nameof(precision));
        return Last(i => Points[i].Precision >= precision);
    }

    /// <summary>The point of the highest recall at which false detections are at most so many for each picture, on average (the vertical line of a FROC curve); null where the best detections are too many false ones.</summary>
    /// <param name="falseBoxesPerPicture">Allowed false detections for each picture, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number from 0 up.</exception>
    public PrecisionRecallPoint? ForFalseBoxes(double falseBoxesPerPicture)
    {
        MetricInput.FalseBoxes(falseBoxesPerPicture, nameof(falseBoxesPerPicture));
        return Last(i => _falseBoxes[i] <= falseBoxesPerPicture * Pictures);
    }

    internal static DetectionMetrics Of(DetectionMatches matches, double score, IReadOnlyList<double>? sizeLimits)
    {
        double[] limits = [0, .. sizeLimits ?? [16, 32, 64, 128], double.PositiveInfinity];
        for (int i = 1; i < limits.Length; i++)
        {
            if (!(limits[i] > limits[i - 1]))
            {
                throw new ArgumentException("The limits between sizes must rise, from above 0.", nameof(sizeLimits));
            }
        }

        int[] faces = new int[limits.Length - 1];
        int[] missed = new int[limits.Length - 1];
        foreach (MatchedFace face in matches.Faces)
        {
            int row = Array.FindLastIndex(limits, limit => face.Truth.Size >= limit);
            faces[row]++;
            missed[row] += face.Score >= score ? 0 : 1;
        }

        return new DetectionMetrics(matches, score, [.. faces.Select((count, row) => new FaceSizeRecall(limits[row], limits[row + 1], count, missed[row]))]);
    }

    // Recall never falls along the points, so the last one that fits has the highest; of equal recall the first is the most precise.
    private PrecisionRecallPoint? Last(Func<int, bool> fits)
    {
        int at = Points.Count - 1;
        while (at >= 0 && !fits(at))
        {
            at--;
        }

        while (at > 0 && Points[at - 1].Recall == Points[at].Recall && fits(at - 1))
        {
            at--;
        }

        return at < 0 ? null : Points[at];
    }

    private static (List<PrecisionRecallPoint> Points, List<int> FalseBoxes) Curve(DetectionOutcome[] outcomes, int faces)
    {
        var points = new List<PrecisionRecallPoint>();
        var falseBoxes = new List<int>();
        int hits = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            hits += outcomes[i].Hit ? 1 : 0;
            if (i == outcomes.Length - 1 || outcomes[i + 1].Score != outcomes[i].Score)
            {
                points.Add(new PrecisionRecallPoint(outcomes[i].Score, hits / (i + 1.0), MetricInput.Ratio(hits, faces)));
                falseBoxes.Add(i + 1 - hits);
            }
        }

        return (points, falseBoxes);
    }
}
