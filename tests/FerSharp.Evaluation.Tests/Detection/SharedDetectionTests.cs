using FerSharp.Onnx;

namespace FerSharp.Evaluation.Tests.Detection;

/// <summary>The embedded detector on the shared photos.</summary>
public sealed class SharedDetectionTests
{
    [Fact]
    public void Report_LowThreshold_LeavesFiguresAtTheDetectorsOwnAsTheyAre()
    {
        DetectionDataset photos = DetectionDatasets.Csv(TestFiles.InShared("data", "photos", "photos_boxes.csv"), options: new DetectionDatasetOptions { CountsPath = TestFiles.InShared("data", "photos", "photos.csv") });
        ModelPackage model = EmbeddedModels.FaceDetector(DetectorSize.Small);
        float own = model.Manifest.Detector!.ScoreThreshold;
        var bootstrap = new BootstrapOptions { Resamples = 50 };
        using OnnxFaceDetector low = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = model, ScoreThreshold = 0.02f });
        using OnnxFaceDetector asUsed = OnnxFaceDetector.Load(model);
        DetectionReport whole = DetectionReport.Of(DetectionRunner.Run(low, photos), new DetectionReportOptions { ScoreThreshold = own, Bootstrap = bootstrap });
        DetectionReport cut = DetectionReport.Of(DetectionRunner.Run(asUsed, photos), new DetectionReportOptions { Bootstrap = bootstrap });

        Assert.Equal((own, own), (whole.ScoreThreshold, cut.LowestScore));
        Assert.Equal((cut.Boxes!.Hits, cut.Boxes.FalseBoxes), (whole.Boxes!.Hits, whole.Boxes.FalseBoxes));
        Assert.Equal((cut.Counts!.Found, cut.Counts.Surplus), (whole.Counts!.Found, whole.Counts.Surplus));
        Assert.True(whole.Boxes.Points.Count > cut.Boxes.Points.Count && whole.Boxes.AveragePrecision >= cut.Boxes.AveragePrecision);

        // 18 true boxes of four photos, and three photos without a face.
        Assert.Equal((18, 7), (whole.Boxes.Faces, whole.Boxes.Pictures));
        Assert.True(whole.Boxes.Hits >= 17, $"{whole.Boxes.Hits} of 18 true boxes are met.");
        Assert.Equal((model.Manifest.Sha256, 0, 0), (whole.ModelSha256, whole.Faults.Count, whole.Full));
    }

    [Fact]
    public void Report_LandmarksOfVideoFrames_LieNearTheHandMadeOnes()
    {
        DetectionDataset frames = DetectionDatasets.Csv(TestFiles.InShared("data", "keypoints290", "keypoints.csv"), TestFiles.InShared("data", "keypoints290", "images"));
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Small));
        DetectionReport report = DetectionReport.Of(DetectionRunner.Run(detector, frames), new DetectionReportOptions { Overlap = 0.3, Bootstrap = new BootstrapOptions { Resamples = 50 } });
        Assert.True(report.Boxes!.Recall > 0.97, $"{report.Boxes.Hits} of 290 faces are found.");
        Assert.InRange(report.Landmarks!.Mean, 0.03, 0.15);
        Assert.InRange(report.Landmarks.Mean, report.Intervals!.LandmarkError.Lower, report.Intervals.LandmarkError.Upper);
    }
}
