using System.Globalization;
using FerSharp.Media;

namespace FerSharp.Onnx.Tests;

/// <summary>Other people's models under the repository's manifests. The files are not part of the repository; without them the tests are skipped.</summary>
public sealed class PeerTests
{
    public static TheoryData<string> Detectors => Ids(ModelTask.FaceDetection);

    public static TheoryData<string> Classifiers => Ids(ModelTask.EmotionClassification);

    /// <summary>Accuracy with FER-2013's labels, as measured outside of this library on the same files.</summary>
    public static TheoryData<string, double> Accuracies => new()
    {
        { "mini_xception_48", 0.634 },
        { "mini_xception_64", 0.652 },
        { "big_xception_64", 0.657 },
        { "faceapi_expression_112", 0.579 },
    };

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Detect_PortraitOfOnePerson_FindsTheFace(string id)
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(Package(id));
        using Frame photo = ImageFile.Load(TestFiles.InShared("data", "photos", "human_stock-emotions-a-1.jpg"));
        FaceDetection face = Assert.Single(detector.Detect(photo.View));
        bool hasLandmarks = detector.Model.Manifest.Detector!.Decoder is "yunet" or "retinaFace";
        Assert.Equal(hasLandmarks, !face.Landmarks.IsEmpty);
        Assert.True(!hasLandmarks || (face.Landmarks.LeftEye.X < face.Landmarks.RightEye.X && face.Landmarks.LeftEye.Y < face.Landmarks.LeftMouth.Y), $"The points lie wrong: {face}.");
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Detect_PhotosWithTrueBoxes_LaysBoxesOnTheFaces(string id)
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(Package(id));
        int truths = 0, found = 0;
        foreach ((string photo, RectF[] boxes) in TrueBoxes())
        {
            using Frame frame = ImageFile.Load(TestFiles.InShared("data", "photos", photo));
            FaceDetection[] faces = detector.Detect(frame.View);
            truths += boxes.Length;
            found += boxes.Count(box => faces.Any(face => face.Box.IntersectionOverUnion(box) > 0.4f));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{id}: {found} of {truths}");
        Assert.True(found >= truths - 1, $"{found} of {truths} true boxes are met.");
    }

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void Classify_AnyCrop_GivesProbabilities(string id)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(Package(id));
        using Frame photo = ImageFile.Load(TestFiles.InShared("data", "photos", "human_ai-face.jpg"));
        EmotionScores scores = classifier.Classify(FaceRegion.Whole(photo.View));
        Assert.InRange(scores.TopScore, 1f / 8, 1);
    }

    [Theory]
    [MemberData(nameof(Accuracies))]
    public void Classify_Fer2013PublicTest_ReachesThePublishedAccuracy(string id, double published)
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(Package(id));
        (double accuracy, int count) = Fer2013.Evaluate(classifier, sample => sample.Label);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id}: {accuracy:0.0000} on {count}"));
        Assert.Equal(3589, count);
        Assert.Equal(published, accuracy, 0.003);
    }

    private static TheoryData<string> Ids(ModelTask task) =>
        [.. Directory.EnumerateDirectories(TestFiles.InRepository("samples", "manifests"))
            .Where(folder => ModelManifestReader.Read(File.ReadAllBytes(Path.Combine(folder, ModelPackage.ManifestFileName)), folder).Task == task)
            .Select(folder => Path.GetFileName(folder)).Order()];

    private static ModelPackage Package(string id)
    {
        string manifest = TestFiles.InRepository("samples", "manifests", id, ModelPackage.ManifestFileName);
        string file = ModelManifestReader.Read(File.ReadAllBytes(manifest), manifest).File;
        return ModelPackage.Load(manifest, TestFiles.InShared("models", "peers", file));
    }

    private static IEnumerable<(string Photo, RectF[] Boxes)> TrueBoxes()
    {
        string[][] rows = [.. File.ReadLines(TestFiles.InShared("data", "photos", "photos_boxes.csv")).Skip(1).Select(line => line.Split(','))];
        static float Number(string cell) => float.Parse(cell, CultureInfo.InvariantCulture);
        return rows.GroupBy(row => row[0]).Select(photo => (photo.Key, photo.Select(row => new RectF(Number(row[1]), Number(row[2]), Number(row[3]), Number(row[4]))).ToArray()));
    }
}
