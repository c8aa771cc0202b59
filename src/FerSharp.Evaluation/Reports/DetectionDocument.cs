using static FerSharp.Evaluation.Charts;

namespace FerSharp.Evaluation;

/// <summary>Writes <see cref="DetectionReport"/>s for people: one detector, or several on the same pictures.</summary>
internal static class DetectionDocument
{
    private static readonly string[] Points = ["left eye", "right eye", "nose", "left corner of the mouth", "right corner of the mouth"];

    public static ReportDocument Of(IReadOnlyList<DetectionReport> reports)
    {
        DatasetInfo data = reports[0].Dataset;
        var document = new ReportDocument($"{(reports.Count == 1 ? reports[0].Model.Id : "Detectors")} on {data.Name} {data.Split}".TrimEnd());
        document.Text($"{reports[0].Pictures} pictures, {reports[0].Unreadable} unreadable; data SHA-256 {data.Sha256}.");
        WriteBoxes(document, reports);
        WriteSizes(document, reports);
        WriteLandmarks(document, reports);
        WriteCounts(document, reports);
        document.Chapter("What was measured");
        document.TextTable(
            "",
            ["detector", "version", "backend", "lowest score", "speed (indicative)"],
            reports.Select(report => (IReadOnlyList<string>)
            [
                report.Model.Id, report.Model.Version, report.Model.Backend, Text(report.LowestScore, "0.###"),
                $"{Text(report.Pictures / report.Elapsed.TotalSeconds, "0.0")} pictures a second, loading included",
            ]));
        document.TextTable("", ["detector", "SHA-256"], reports.Select(report => (IReadOnlyList<string>)[report.Model.Id, report.ModelSha256 ?? "unknown: the manifest does not give it"]));
        DatasetFault[] faults = [.. reports[0].Faults];
        if (faults.Length > 0)
        {
            document.Chapter("Rows and files at fault");
            document.TextTable("", ["where", "what is wrong"], faults.Take(100).Select(fault => (IReadOnlyList<string>)[fault.Where, fault.Reason]));
        }

        return document;
    }

    private static void WriteBoxes(ReportDocument document, IReadOnlyList<DetectionReport> reports)
    {
        DetectionReport[] boxed = [.. reports.Where(report => report.Boxes is not null)];
        if (boxed.Length == 0)
        {
            return;
        }

        document.Chapter("Boxes");
        DetectionMetrics any = boxed[0].Boxes!;
        document.Table(
            $"{any.Faces} faces{(boxed[0].Options.MinimumFaceSize > 0 ? $" of at least {Text(boxed[0].Options.MinimumFaceSize, "0.#")} pixels" : "")}, overlap {Text(any.OverlapThreshold, "0.##")}; intervals by bootstrap over pictures.",
            ["detector", "AP", "interval", "threshold", "recall", "precision", "false boxes a picture", "recall at the wanted precision", "interval", "recall at the allowed false boxes", "interval"],
            boxed.Select(report => (IReadOnlyList<string>)
            [
                report.Model.Id,
                Text(report.Boxes!.AveragePrecision, "0.000"),
                report.Intervals is { } ap ? EvaluationDocument.Range(ap.AveragePrecision) : "",
                Text(report.ScoreThreshold, "0.00"),
                Text(report.Boxes.Recall, "0.000"),
                Text(report.Boxes.Precision, "0.000"),
                Text(report.Boxes.FalseBoxesPerPicture, "0.00"),
                report.AtPrecision is { } precise ? Text(precise.Recall, "0.000") : "not reached",
                report.Intervals is { } rp ? EvaluationDocument.Range(rp.RecallAtPrecision) : "",
                report.AtFalseBoxes is { } few ? Text(few.Recall, "0.000") : "not reached",
                report.Intervals is { } rf ? EvaluationDocument.Range(rf.RecallAtFalseBoxes) : "",
            ]));
        document.Chart(Plot(
            "Precision and recall of the detectors",
            string.Join("; ", boxed.Select(report => $"{report.Model.Id}: average precision {Text(report.Boxes!.AveragePrecision, "0.000")}")) + ".",
            new ChartAxis("recall", 0, 1),
            new ChartAxis("precision", 0, 1),
            [.. boxed.Select(report => new ChartSeries(report.Model.Id, [.. report.Boxes!.Points.Select(point => (point.Recall, point.Precision))]))]));
    }

    private static void WriteSizes(ReportDocument document, IReadOnlyList<DetectionReport> reports)
    {
        DetectionReport[] boxed = [.. reports.Where(report => report.Boxes is not null)];
        if (boxed.Length == 0)
        {
            return;
        }

        FaceSizeRecall[] sizes = [.. boxed[0].Boxes!.BySize];
        string[] names = [.. sizes.Select(size => double.IsPositiveInfinity(size.MaximumSize) ? $"{Text(size.MinimumSize, "0")} px and more" : $"{Text(size.MinimumSize, "0")} to {Text(size.MaximumSize, "0")} px")];
        document.Table(
            "Recall by size of the face (square root of the box's area) at each detector's threshold",
            ["detector", .. names.Select((name, i) => $"{name} (n = {sizes[i].Faces})")],
            boxed.Select(report => (IReadOnlyList<string>)[report.Model.Id, .. report.Boxes!.BySize.Select(size => size.Faces > 0 ? Text(size.Recall, "0.000") : "")]));
    }

    private static void WriteLandmarks(ReportDocument document, IReadOnlyList<DetectionReport> reports)
    {
        DetectionReport[] pointed = [.. reports.Where(report => report.Landmarks is not null)];
        if (pointed.Length > 0)
        {
            document.Chapter("Landmarks");
            document.Table(
                "Distance from the true points over the distance of the eyes",
                ["detector", "faces", "mean", "interval", "median", .. Points],
                pointed.Select(report => (IReadOnlyList<string>)
                [
                    report.Model.Id, Text(report.Landmarks!.Faces, "0"), Text(report.Landmarks.Mean, "0.000"), report.Intervals is { } all ? EvaluationDocument.Range(all.LandmarkError) : "",
                    Text(report.Landmarks.Median, "0.000"), .. report.Landmarks.ByPoint.Select(error => Text(error, "0.000")),
                ]));
        }
    }

    private static void WriteCounts(ReportDocument document, IReadOnlyList<DetectionReport> reports)
    {
        DetectionReport[] counted = [.. reports.Where(report => report.Counts is not null)];
        if (counted.Length > 0)
        {
            document.Chapter("Pictures of which only the number of faces is known");
            document.Table(
                "Whether a box lies on a face is not seen here",
                ["detector", "pictures", "faces", "found at most", "surplus at least", "pictures with the right number"],
                counted.Select(report => (IReadOnlyList<string>)
                    [report.Model.Id, Text(report.Counts!.Pictures, "0"), Text(report.Counts.Faces, "0"), Text(report.Counts.Found, "0"), Text(report.Counts.Surplus, "0"), Text(report.Counts.Exact, "0")]));
        }
    }
}
