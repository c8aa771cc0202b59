using System.Globalization;
using FerSharp.Media;
using FerSharp.Onnx;

namespace FerSharp.Models.Tests;

/// <summary>What the embedded models reach on data that are not part of the repository; without them the tests are skipped.</summary>
public sealed class AccuracyTests
{
    [Fact]
    public void Classifier_FerPlusMajorityOfPublicTest_ReachesItsMeasuredAccuracy()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        (double accuracy, int count) = Fer2013.Evaluate(classifier, sample => sample.Majority);
        Report($"FER+ majority: {accuracy:0.0000} on {count}");
        Assert.Equal(3316, count);
        Assert.Equal(0.857, accuracy, 0.003);
    }

    [Fact]
    public void LargeDetector_Photos_FindsAtLeastTheFacesItFoundBefore()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Large));
        int total = 0;
        foreach (string row in File.ReadLines(TestFiles.InShared("data", "photos", "photos.csv")).Skip(1))
        {
            string[] cells = row.Split(',');
            int count = Count(detector, cells[0]);
            total += count;
            Report($"{cells[0]}: {count} of {cells[3]}");
        }

        Report($"total: {total}");
        Assert.True(total >= 137, $"{total} faces were found; 140 were when this was written.");
    }

    [Theory]
    [InlineData("human_background.jpg")]
    [InlineData("opencv_churchill-downs.png")]
    public void LargeDetector_PhotoWithoutFaces_FindsNone(string photo)
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Large));
        Assert.Equal(0, Count(detector, photo));
    }

    private static int Count(OnnxFaceDetector detector, string photo)
    {
        using Frame frame = ImageFile.Load(TestFiles.InShared("data", "photos", photo));
        return detector.Detect(frame.View, maxFaces: 200).Length;
    }

    private static void Report(FormattableString text) => TestContext.Current.TestOutputHelper?.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
