using System.Globalization;
using FerSharp.Media;

namespace FerSharp.Onnx.Tests.Detection;

/// <summary>Input sizes on another project's real detector with free sizes. Its file is not part of the repository; without it the tests are skipped.</summary>
public sealed class PeerSizeTests
{
    [Fact]
    public void Detect_FrameShape_FindsTheFacesOfTheSquare()
    {
        using OnnxFaceDetector square = Load(options => options.InputSizes = [DetectorInputSize.Square(320)]);
        using OnnxFaceDetector shaped = Load(options => options.InputSizes = [DetectorInputSize.FrameShape(320)]);
        int expected = 0, met = 0;
        foreach (string photo in Photos())
        {
            using Frame frame = ImageFile.Load(photo);
            FaceDetection[] clear = [.. square.Detect(frame.View).Where(face => face.Score > 0.8f)], found = shaped.Detect(frame.View);
            expected += clear.Length;
            met += clear.Count(face => found.Any(other => other.Box.IntersectionOverUnion(face.Box) > 0.8f));
        }

        Assert.True(expected > 20 && met >= 0.97 * expected, $"{met} of {expected} clear faces are met.");
    }

    [Fact]
    public void DetectBatch_Photos_EqualsSingleCalls()
    {
        using OnnxFaceDetector detector = Load(options => options.InputSizes = [DetectorInputSize.Square(160)]);
        Frame[] frames = [.. Photos().Take(11).Select(photo => ImageFile.Load(photo))];
        FrameView[] views = [.. frames.Select(frame => frame.View)];
        var faces = new FaceDetection[views.Length * 32];
        int[] counts = new int[views.Length];
        detector.DetectBatch(views, 32, faces, counts);
        Assert.True(counts.Sum() > 5);
        for (int i = 0; i < views.Length; i++)
        {
            FaceDetection[] expected = detector.Detect(views[i], 32);
            Assert.Equal(expected.Length, counts[i]);
            for (int k = 0; k < expected.Length; k++)
            {
                FaceDetection actual = faces[(i * 32) + k];
                Assert.Equal(expected[k].Score, actual.Score, 1e-4f);
                Assert.Equal(expected[k].Box.X, actual.Box.X, 0.05f);
                Assert.Equal(expected[k].Box.Bottom, actual.Box.Bottom, 0.05f);
            }
        }

        Array.ForEach(frames, frame => frame.Dispose());
    }

    [Fact]
    public void DetectAround_FacesOfPhotos_FindsThemAgain()
    {
        using OnnxFaceDetector detector = Load(options => options.InputSizes = [DetectorInputSize.FrameShape(640)]);
        int expected = 0, met = 0;
        float worst = 0;
        foreach (string photo in Photos())
        {
            using Frame frame = ImageFile.Load(photo);
            FaceDetection[] clear = [.. detector.Detect(frame.View).Where(face => face.Score > 0.8f)];
            var found = new FaceDetection[64];
            int count = detector.DetectAround(frame.View, [.. clear.Select(face => face.Box)], found);
            Assert.True(count <= clear.Length);
            foreach (FaceDetection face in clear)
            {
                FaceDetection again = found[..count].DefaultIfEmpty().MaxBy(other => other.Box.IntersectionOverUnion(face.Box));
                expected++;
                if (again.Box.IntersectionOverUnion(face.Box) > 0.6f)
                {
                    met++;
                    worst = MathF.Max(worst, MathF.Abs(again.Landmarks.Nose.X - face.Landmarks.Nose.X) / face.Box.Width);
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{met} of {expected} found again; the nose is off by at most {worst:0.00} of the box's width"));
        Assert.True(expected > 20 && met >= 0.95 * expected, $"{met} of {expected} clear faces are found again.");
    }

    private static string[] Photos() => [.. Directory.EnumerateFiles(TestFiles.InShared("data", "photos")).Where(file => !file.EndsWith(".csv", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static OnnxFaceDetector Load(Action<OnnxFaceDetectorOptions> configure)
    {
        string manifest = TestFiles.InRepository("samples", "manifests", "yunet_n_dynamic_320", ModelPackage.ManifestFileName);
        var options = new OnnxFaceDetectorOptions { Model = ModelPackage.Load(manifest, TestFiles.InShared("models", "peers", "yunet_n_dynamic.onnx")) };
        configure(options);
        return OnnxFaceDetector.Load(options);
    }
}
