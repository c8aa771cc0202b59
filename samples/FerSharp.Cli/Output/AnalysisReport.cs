using System.Globalization;

namespace FerSharp.Cli.Output;

// The records below are the JSON of `analyze`; their names are a promise, listed in docs/cli.md.

/// <summary>A whole run.</summary>
internal sealed record RunReport(
    int SchemaVersion, bool Complete, DetectorReport Detector, ClassifierReport Classifier,
    IReadOnlyList<PictureReport> Pictures, RunSummary Summary, IReadOnlyList<StageReport>? Timings)
{
    /// <summary>Raised when a name or a meaning changes; new names alone do not raise it.</summary>
    public const int CurrentSchema = 1;
}

/// <summary>The detector that was used.</summary>
internal sealed record DetectorReport(string Id, string Version, string Backend)
{
    public static DetectorReport Of(ModelInfo model) => new(model.Id, model.Version, model.Backend);
}

/// <summary>The classifier that was used, and the expressions that it knows.</summary>
internal sealed record ClassifierReport(string Id, string Version, string Backend, IReadOnlyList<string> Expressions)
{
    public static ClassifierReport Of(ModelInfo model) => new(model.Id, model.Version, model.Backend, [.. model.Emotions.ToArray().Select(Words.Of)]);
}

/// <summary>Counts over a run.</summary>
internal sealed record RunSummary(int Pictures, int Faces, int Failed)
{
    public static RunSummary Of(IReadOnlyCollection<PictureReport> reports) =>
        new(reports.Count, reports.Sum(report => report.Faces?.Count ?? 0), reports.Count(report => report.Error is not null));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Words.Count(Pictures, "picture")}, {Words.Count(Faces, "face")}{(Failed > 0 ? $", {Failed} failed" : "")}");
}

/// <summary>How long a stage took, in milliseconds, and its share of all stages.</summary>
internal sealed record StageReport(string Stage, int Count, double MeanMs, double P50Ms, double P95Ms, double Percent);

/// <summary>One picture: what was found, or why it failed.</summary>
internal sealed record PictureReport
{
    /// <summary>Given where the picture stands alone, as a line.</summary>
    public int? SchemaVersion { get; init; }

    public required string File { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public IReadOnlyList<FaceReport>? Faces { get; init; }

    public string? Drawing { get; init; }

    public PictureError? Error { get; init; }

    public static PictureReport Of(string file, FrameAnalysis analysis) => new()
    {
        File = file,
        Width = analysis.Width,
        Height = analysis.Height,
        Faces = [.. analysis.Faces.Select((face, index) => FaceReport.Of(index + 1, face))],
    };
}

/// <summary>Why a picture failed.</summary>
internal sealed record PictureError(string Kind, string Message)
{
    public const string NotFound = "notFound";
    public const string AccessDenied = "accessDenied";
    public const string InvalidPicture = "invalidPicture";
    public const string ReadFailed = "readFailed";
    public const string DrawingFailed = "drawingFailed";
}

/// <summary>One face of a picture.</summary>
internal sealed record FaceReport(
    int Face, BoxReport Box, float DetectorScore, LandmarksReport? Landmarks,
    string Expression, float Score, IReadOnlyDictionary<string, float> Scores, float? Valence, float? Arousal,
    string Outcome, IReadOnlyList<string> Reasons, SentimentReport Sentiment, QualityReport Quality)
{
    /// <summary>In streams: the track's number, where the face has one.</summary>
    public int? Track { get; init; }

    /// <summary>In streams: the track's steadied reading, where there is one.</summary>
    public SmoothedReport? Smoothed { get; init; }

    public static FaceReport Of(int number, in FaceEmotion face)
    {
        RectF box = face.Face.Box;
        EmotionScores scores = face.Scores;
        OutcomeReasons reasons = face.Reasons;
        return new FaceReport(
            number,
            new BoxReport(box.X, box.Y, box.Width, box.Height),
            face.Face.Score,
            LandmarksReport.Of(face.Face.Landmarks),
            Words.Of(scores.Top),
            scores.TopScore,
            Words.Expressions.ToDictionary(Words.Of, emotion => scores[emotion]),
            Number(scores.Valence),
            Number(scores.Arousal),
            Words.Of(face.Outcome),
            [.. Enum.GetValues<OutcomeReasons>().Where(reason => reason != OutcomeReasons.None && reasons.HasFlag(reason)).Select(Words.Of)],
            new SentimentReport(Words.Of(face.Sentiment.Label), face.Sentiment.Score),
            new QualityReport(face.Quality.Size, face.Quality.Brightness, face.Quality.Sharpness))
        {
            Track = face.TrackId > 0 ? face.TrackId : null,
            Smoothed = SmoothedReport.Of(face.Smoothed),
        };
    }

    private static float? Number(float value) => float.IsNaN(value) ? null : value;
}

/// <summary>A track's steadied reading.</summary>
internal sealed record SmoothedReport(string? Expression, bool Fresh, IReadOnlyDictionary<string, float> Scores)
{
    public static SmoothedReport? Of(SmoothedEmotion reading) => reading.Scores.IsEmpty ? null : new SmoothedReport(
        reading.Expression is { } expression ? Words.Of(expression) : null, reading.IsFresh, Words.Expressions.ToDictionary(Words.Of, emotion => reading.Scores[emotion]));
}

/// <summary>A box in pixels of the picture.</summary>
internal sealed record BoxReport(float X, float Y, float Width, float Height);

/// <summary>A point in pixels of the picture.</summary>
internal sealed record PointReport(float X, float Y)
{
    public static PointReport Of(PointF point) => new(point.X, point.Y);
}

/// <summary>The five landmarks; left and right are the picture's.</summary>
internal sealed record LandmarksReport(PointReport LeftEye, PointReport RightEye, PointReport Nose, PointReport LeftMouth, PointReport RightMouth)
{
    public static LandmarksReport? Of(in FaceLandmarks points) => points.IsEmpty ? null : new LandmarksReport(
        PointReport.Of(points.LeftEye), PointReport.Of(points.RightEye), PointReport.Of(points.Nose), PointReport.Of(points.LeftMouth), PointReport.Of(points.RightMouth));
}

/// <summary>Sentiment of an expression.</summary>
internal sealed record SentimentReport(string Label, float Score);

/// <summary>What was measured on a face's pixels.</summary>
internal sealed record QualityReport(float Size, float Brightness, float Sharpness);
