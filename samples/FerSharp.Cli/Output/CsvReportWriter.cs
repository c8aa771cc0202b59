using System.Globalization;

namespace FerSharp.Cli.Output;

/// <summary>One row for each face (RFC 4180, but lines end with a line feed). Names are a promise, listed in docs/cli.md.</summary>
internal sealed class CsvReportWriter : ReportWriter
{
    private static readonly string[] Names =
    [
        "schemaVersion", "file", "width", "height", "face", "boxX", "boxY", "boxWidth", "boxHeight", "detectorScore", "expression", "score",
        .. Words.Expressions.Select(Words.Of), "valence", "arousal", "outcome", "reasons", "sentiment", "sentimentScore",
        "faceSize", "brightness", "sharpness",
        "leftEyeX", "leftEyeY", "rightEyeX", "rightEyeY", "noseX", "noseY", "leftMouthX", "leftMouthY", "rightMouthX", "rightMouthY",
    ];

    public CsvReportWriter(TextWriter writer)
        : base(writer) => WriteRow(Names);

    public override bool IsStreaming => true;

    public override void Write(PictureReport picture)
    {
        foreach (FaceReport face in picture.Faces ?? [])
        {
            LandmarksReport? marks = face.Landmarks;
            PointReport?[] points = [marks?.LeftEye, marks?.RightEye, marks?.Nose, marks?.LeftMouth, marks?.RightMouth];
            WriteRow(
            [
                RunReport.CurrentSchema, picture.File, picture.Width, picture.Height, face.Face, face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height,
                face.DetectorScore, face.Expression, face.Score, .. face.Scores.Values.Cast<object>(), face.Valence, face.Arousal,
                face.Outcome, string.Join(' ', face.Reasons), face.Sentiment.Label, face.Sentiment.Score,
                face.Quality.Size, face.Quality.Brightness, face.Quality.Sharpness, .. points.SelectMany(point => new object?[] { point?.X, point?.Y }),
            ]);
        }

        Writer.Flush();
    }

    private void WriteRow(IEnumerable<object?> cells) => Writer.Write(string.Join(',', cells.Select(Cell)) + "\n");

    private static string Cell(object? value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
