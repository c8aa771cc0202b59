namespace FerSharp.Evaluation;

/// <summary>How far found landmarks lie from the true ones, over the true distance of the eyes' centres. Immutable.</summary>
/// <remarks>
/// Over the faces that were found at the score threshold and have both true and found points. The error of a face is the mean distance of its five points, divided by the
/// distance of its true eyes (inter-ocular normalisation, as in Sagonas et al. 2013, there between the eyes' corners).
/// </remarks>
public sealed record LandmarkErrors
{
    private LandmarkErrors(double[][] errors)
    {
        double[] faces = [.. errors.Select(face => face.Average()).Order()];
        Faces = faces.Length;
        Mean = faces.Average();
        Median = (faces[(faces.Length - 1) / 2] + faces[faces.Length / 2]) / 2;
        ByPoint = [.. Enumerable.Range(0, FaceLandmarks.Count).Select(point => errors.Average(face => face[point]))];
    }

    /// <summary>Number of faces.</summary>
    public int Faces { get; }

    /// <summary>Mean error of the faces.</summary>
    public double Mean { get; }

    /// <summary>Median error of the faces: a few wrong ones do not move it.</summary>
    public double Median { get; }

    /// <summary>Mean error of each point, in the order of <see cref="FaceLandmarks"/>: left eye, right eye, nose, left and right corner of the mouth.</summary>
    public IReadOnlyList<double> ByPoint { get; }

    internal static LandmarkErrors? Of(DetectionMatches matches, double score)
    {
        double[][] errors = [.. Measured(matches, score).Select(one => one.Errors)];
        return errors.Length > 0 ? new LandmarkErrors(errors) : null;
    }

    internal static IEnumerable<(int Picture, double[] Errors)> Measured(DetectionMatches matches, double score) =>
        from face in matches.Faces
        where face.Score >= score && !face.Truth.Landmarks.IsEmpty && face.Found is { Landmarks.IsEmpty: false }
        let found = face.Found!.Value.Landmarks
        let eyes = Distance(face.Truth.Landmarks.LeftEye, face.Truth.Landmarks.RightEye)
        where eyes > 0
        select (face.Picture, Enumerable.Range(0, FaceLandmarks.Count).Select(i => Distance(face.Truth.Landmarks[i], found[i]) / eyes).ToArray());

    private static double Distance(PointF a, PointF b) => Math.Sqrt(((double)(a.X - b.X) * (a.X - b.X)) + ((double)(a.Y - b.Y) * (a.Y - b.Y)));
}

/// <summary>Faces found by number, where no box is known: whether a detection lies on a face is not seen. Immutable.</summary>
public sealed record FaceCounts
{
    private FaceCounts(IReadOnlyList<(int Known, int Found)> pictures)
    {
        Pictures = pictures.Count;
        Faces = pictures.Sum(one => one.Known);
        Found = pictures.Sum(one => Math.Min(one.Known, one.Found));
        Surplus = pictures.Sum(one => Math.Max(0, one.Found - one.Known));
        Exact = pictures.Count(one => one.Known == one.Found);
    }

    /// <summary>Number of pictures.</summary>
    public int Pictures { get; }

    /// <summary>Number of faces in them.</summary>
    public int Faces { get; }

    /// <summary>Number of detections at the score threshold, in each picture at most its number of faces: an upper bound of the faces found.</summary>
    public int Found { get; }

    /// <summary>Number of detections beyond that: a lower bound of the false ones.</summary>
    public int Surplus { get; }

    /// <summary>Number of pictures with as many detections as faces.</summary>
    public int Exact { get; }

    /// <summary>Share of the faces that were found at most, 0 to 1.</summary>
    public double FoundShare => MetricInput.Ratio(Found, Faces);

    internal static FaceCounts? Of(IEnumerable<DetectedPicture> pictures, float score)
    {
        (int, int)[] counts = [.. pictures.Select(picture => (picture.Sample.FaceCount!.Value, picture.Found!.Count(found => found.Score >= score)))];
        return counts.Length > 0 ? new FaceCounts(counts) : null;
    }
}
