namespace FerSharp.Cli.Output;

// The records below are the lines of `--jsonl` of streams; their names are a promise, listed in docs/cli.md. Times are seconds of the source.

/// <summary>A frame and its faces.</summary>
internal sealed record FrameLine(int SchemaVersion, string Type, long Sequence, double Time, bool Predicted, int Width, int Height, IReadOnlyList<FaceReport> Faces)
{
    public static FrameLine Of(StreamResult result) => new(
        RunReport.CurrentSchema, "frame", result.Sequence, result.Timestamp.TotalSeconds, result.IsPredicted, result.Analysis.Width, result.Analysis.Height,
        [.. result.Analysis.Faces.Select((face, index) => FaceReport.Of(index + 1, face))]);
}

/// <summary>The begin or end of a track.</summary>
internal sealed record TrackLine(int SchemaVersion, string Type, int Track, string Phase, double Time)
{
    public static TrackLine Of(FaceTrackEvent change) => new(RunReport.CurrentSchema, "track", change.TrackId, Words.Of(change.Phase), change.Timestamp.TotalSeconds);
}

/// <summary>The begin, height or end of a track's expression.</summary>
internal sealed record ExpressionLine(int SchemaVersion, string Type, int Track, string Expression, string Phase, double Time, float Score)
{
    public static ExpressionLine Of(ExpressionPhaseEvent change) => new(
        RunReport.CurrentSchema, "expression", change.TrackId, Words.Of(change.Expression), Words.Of(change.Phase), change.Timestamp.TotalSeconds, change.Score);
}

/// <summary>Something that a rule found.</summary>
internal sealed record AlertLine(int SchemaVersion, string Type, string Rule, int Track, double From, double To, double? Share, double? Coverage, string Message)
{
    public static AlertLine Of(EmotionAlert alert) => new(
        RunReport.CurrentSchema, "alert", alert.Rule, alert.TrackId, alert.From.TotalSeconds, alert.To.TotalSeconds, alert.Share, alert.Coverage, alert.Message);
}
