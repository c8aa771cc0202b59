namespace FerSharp.Evaluation;

/// <summary>A detection that counts.</summary>
/// <param name="Picture">Position of its picture.</param>
/// <param name="Score">Its score.</param>
/// <param name="Hit">Whether it is on a face that nothing better found.</param>
internal readonly record struct DetectionOutcome(int Picture, float Score, bool Hit);

/// <summary>A true face that counts, and what found it.</summary>
/// <param name="Picture">Position of its picture.</param>
/// <param name="Truth">The true face.</param>
/// <param name="Found">The detection on it; null where there is none at any score.</param>
internal readonly record struct MatchedFace(int Picture, TrueFace Truth, FaceDetection? Found)
{
    /// <summary>The score at which the face was found; negative infinity where it was not.</summary>
    public float Score => Found?.Score ?? float.NegativeInfinity;
}

/// <summary>Detections matched with true faces by the rule of <see cref="DetectionMetrics"/>. Immutable.</summary>
/// <remarks>
/// Pictures are matched once, each by itself; so a bootstrap over pictures only weighs what is here. With a least size, smaller true faces are ignored, and so is a detection
/// that finds no face and is itself smaller (as COCO's evaluation does by area): it is no answer to what was asked.
/// </remarks>
internal sealed class DetectionMatches
{
    public DetectionMatches(IReadOnlyList<DetectionPicture> pictures, double overlap, double minimumSize = 0)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        MetricInput.NotEmpty(pictures.Count, nameof(pictures));
        MetricInput.Share(overlap, nameof(overlap));
        ArgumentOutOfRangeException.ThrowIfZero(overlap);
        Pictures = pictures.Count;
        Overlap = overlap;
        var outcomes = new List<DetectionOutcome>();
        var faces = new List<MatchedFace>();
        for (int p = 0; p < pictures.Count; p++)
        {
            CheckPicture(pictures[p], p);
            Match(pictures[p], p, overlap, minimumSize, outcomes, faces);
        }

        Outcomes = [.. outcomes.OrderByDescending(outcome => outcome.Score)];
        Faces = [.. faces];
    }

    /// <summary>Number of pictures.</summary>
    public int Pictures { get; }

    /// <summary>Least intersection over union of a hit.</summary>
    public double Overlap { get; }

    /// <summary>What each detection that counts is, best score first; equal scores keep the order of pictures and detector.</summary>
    public DetectionOutcome[] Outcomes { get; }

    /// <summary>The true faces that count, in order.</summary>
    public MatchedFace[] Faces { get; }

    private static void Match(DetectionPicture picture, int position, double overlap, double minimumSize, List<DetectionOutcome> outcomes, List<MatchedFace> faces)
    {
        bool[] ignored = [.. picture.Truth.Select(face => face.Ignored || face.Size < minimumSize)];
        var foundBy = new FaceDetection?[picture.Truth.Count];
        foreach (FaceDetection detection in picture.Found.OrderByDescending(found => found.Score))
        {
            int best = -1;
            double bestOverlap = overlap;
            bool isIgnored = Math.Sqrt(detection.Box.Area) < minimumSize;
            for (int t = 0; t < foundBy.Length; t++)
            {
                double shared = detection.Box.IntersectionOverUnion(picture.Truth[t].Box);
                if (ignored[t])
                {
                    isIgnored |= shared >= overlap;
                }
                else if (foundBy[t] is null && shared >= bestOverlap && (best < 0 || shared > bestOverlap))
                {
                    (best, bestOverlap) = (t, shared);
                }
            }

            if (best >= 0)
            {
                foundBy[best] = detection;
            }

            if (best >= 0 || !isIgnored)
            {
                outcomes.Add(new DetectionOutcome(position, detection.Score, best >= 0));
            }
        }

        for (int t = 0; t < foundBy.Length; t++)
        {
            if (!ignored[t])
            {
                faces.Add(new MatchedFace(position, picture.Truth[t], foundBy[t]));
            }
        }
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
