namespace FerSharp.Evaluation;

/// <summary>Accuracy with the detector's misses counted: a face that is not found is an error of the whole pipeline. Immutable.</summary>
public sealed record CoverageMetrics
{
    private CoverageMetrics(int read, int missed, int unreadable, int right, double level)
    {
        (Read, FaceMissed, Unreadable, Right) = (read, missed, unreadable, right);
        OnFound = read > 0 ? Interval.Wilson(right, read, level) : null;
        OnAll = Interval.Wilson(right, read + missed, level);
        Found = Interval.Wilson(read, read + missed, level);
    }

    /// <summary>Number of pictures whose face was found and read.</summary>
    public int Read { get; }

    /// <summary>Number of pictures in which no face was found.</summary>
    public int FaceMissed { get; }

    /// <summary>Number of pictures that could not be loaded: counted, and part of no rate.</summary>
    public int Unreadable { get; }

    /// <summary>Number of right answers.</summary>
    public int Right { get; }

    /// <summary>Share of pictures whose face was found, with Wilson's interval.</summary>
    public Interval Found { get; }

    /// <summary>Accuracy on the found faces, with Wilson's interval; null where none was found.</summary>
    public Interval? OnFound { get; }

    /// <summary>Accuracy on all pictures that could be loaded, a missed face being wrong, with Wilson's interval.</summary>
    public Interval OnAll { get; }

    /// <summary>Counts predictions.</summary>
    /// <param name="predictions">The predictions of all samples.</param>
    /// <param name="level">Confidence level, above 0 and below 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="predictions"/> is null.</exception>
    /// <exception cref="ArgumentException">No picture could be loaded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside its range.</exception>
    public static CoverageMetrics Of(IEnumerable<Prediction> predictions, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int read = 0, missed = 0, unreadable = 0, right = 0;
        foreach (Prediction prediction in predictions)
        {
            read += prediction.Status == PredictionStatus.Read ? 1 : 0;
            missed += prediction.Status == PredictionStatus.FaceMissed ? 1 : 0;
            unreadable += prediction.Status == PredictionStatus.Unreadable ? 1 : 0;
            right += prediction.Status == PredictionStatus.Read && prediction.Scores.Top == prediction.Truth ? 1 : 0;
        }

        MetricInput.NotEmpty(read + missed, nameof(predictions));
        return new CoverageMetrics(read, missed, unreadable, right, level);
    }
}
