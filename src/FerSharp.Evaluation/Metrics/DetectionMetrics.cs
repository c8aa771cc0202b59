namespace FerSharp.Evaluation;

/// <summary>A true face of a picture.</summary>
/// <param name="Box">The face, in pixels.</param>
/// <param name="Ignored">Whether the face counts neither as found nor as missed, such as one too small or blurred to be asked for.</param>
public readonly record struct TrueFace(RectF Box, bool Ignored = false);

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
    private DetectionMetrics(int pictures, int faces, int hits, int falseBoxes, IReadOnlyList<FaceSizeRecall> sizes, IReadOnlyList<PrecisionRecallPoint> points)
    {
        (Pictures, Faces, Hits, FalseBoxes, BySize, Points) = (pictures, faces, hits, falseBoxes, sizes, points);
        double best = 0;
        for (int i = points.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, points[i].Precision);
            AveragePrecision += (points[i].Recall - (i > 0 ? points[i - 1].Recall : 0)) * best;
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
    public double OverlapThreshold { get; private init; }

    /// <summary>Least score of a detection that counts, for all figures but <see cref="Points"/> and <see cref="AveragePrecision"/>.</summary>
    public double ScoreThreshold { get; private init; }

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
        ArgumentNullException.ThrowIfNull(pictures);
        MetricInput.NotEmpty(pictures.Count, nameof(pictures));
        MetricInput.Share(overlap, nameof(overlap));
        ArgumentOutOfRangeException.ThrowIfZero(overlap);
        MetricInput.Share(score, nameof(score));
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
        var outcomes = new List<(float Score, bool Hit)>();
        for (int p = 0; p < pictures.Count; p++)
        {
            CheckPicture(pictures[p], p);
            float[] foundAt = Match(pictures[p], overlap, outcomes);
            for (int t = 0; t < foundAt.Length; t++)
            {
                TrueFace face = pictures[p].Truth[t];
                if (!face.Ignored)
                {
                    double size = Math.Sqrt(face.Box.Area);
                    int row = Array.FindLastIndex(limits, limit => size >= limit);
                    faces[row]++;
                    missed[row] += foundAt[t] >= score ? 0 : 1;
                }
            }
        }

        outcomes.Sort((a, b) => b.Score.CompareTo(a.Score));
        int total = faces.Sum();
        return new DetectionMetrics(
            pictures.Count,
            total,
            total - missed.Sum(),
            outcomes.Count(outcome => !outcome.Hit && outcome.Score >= score),
            [.. faces.Select((count, row) => new FaceSizeRecall(limits[row], limits[row + 1], count, missed[row]))],
            Curve(outcomes, total))
        {
            OverlapThreshold = overlap,
            ScoreThreshold = score,
        };
    }

    private static List<PrecisionRecallPoint> Curve(List<(float Score, bool Hit)> outcomes, int faces)
    {
        var points = new List<PrecisionRecallPoint>();
        int hits = 0;
        for (int i = 0; i < outcomes.Count; i++)
        {
            hits += outcomes[i].Hit ? 1 : 0;
            if (i == outcomes.Count - 1 || outcomes[i + 1].Score != outcomes[i].Score)
            {
                points.Add(new PrecisionRecallPoint(outcomes[i].Score, hits / (i + 1.0), MetricInput.Ratio(hits, faces)));
            }
        }

        return points;
    }

    // The score at which each true face was found; negative infinity for those that were not.
    private static float[] Match(DetectionPicture picture, double overlap, List<(float Score, bool Hit)> outcomes)
    {
        float[] foundAt = new float[picture.Truth.Count];
        Array.Fill(foundAt, float.NegativeInfinity);
        foreach (FaceDetection detection in picture.Found.OrderByDescending(found => found.Score))
        {
            int best = -1;
            double bestOverlap = overlap;
            bool onIgnored = false;
            for (int t = 0; t < foundAt.Length; t++)
            {
                double shared = detection.Box.IntersectionOverUnion(picture.Truth[t].Box);
                if (picture.Truth[t].Ignored)
                {
                    onIgnored |= shared >= overlap;
                }
                else if (float.IsNegativeInfinity(foundAt[t]) && shared >= bestOverlap && (best < 0 || shared > bestOverlap))
                {
                    (best, bestOverlap) = (t, shared);
                }
            }

            if (best >= 0)
            {
                foundAt[best] = detection.Score;
            }

            if (best >= 0 || !onIgnored)
            {
                outcomes.Add((detection.Score, best >= 0));
            }
        }

        return foundAt;
    }

    private static void CheckPicture(DetectionPicture picture, int position)
    {
        if (picture.Found.Any(found => !float.IsFinite(found.Score)))
        {
            throw new ArgumentException($"A detection of picture {position} has a score that is no finite number.", nameof(picture));
        }

        if (picture.Truth.Any(face => !(face.Box.Area > 0) || !float.IsFinite(face.Box.Area)))
        {
            throw new ArgumentException($"A true box of picture {position} has no positive, finite size. Mark it as ignored only if it has a size; drop it otherwise.", nameof(picture));
        }
    }
}
