using FerSharp.Testing;

namespace FerSharp.Onnx.Tests.Detection;

public sealed class DetectBatchTests
{
    private static readonly FrameView[] Frames =
    [
        SyntheticFrames.FaceScene(), FrameTransforms.Mirror(SyntheticFrames.FaceScene()), FrameTransforms.Encode(FrameTransforms.Enlarge(SyntheticFrames.FaceScene(), 2), PixelFormat.Bgra32, padding: 4),
        SyntheticFrames.Blank(128, 128), FrameTransforms.Place(SyntheticFrames.FaceScene(), 200, 128, 40, 0), FrameTransforms.Place(SyntheticFrames.FaceScene(), 200, 130, 72, 0),
        SyntheticFrames.FaceScene(), SyntheticFrames.Noise(90, 140), SyntheticFrames.FaceScene(),
    ];

    public static TheoryData<string> Modes => ["manifest", "fixed", "shape", "face", "fused", "single"];

    [Theory]
    [MemberData(nameof(Modes))]
    public void DetectBatch_AnyFrames_EqualsSingleCalls(string mode)
    {
        const int MaxFaces = 5;
        using OnnxFaceDetector detector = Load(mode);
        for (int first = 0; first < Frames.Length; first++)
        {
            FrameView[] frames = Frames[first..];
            var faces = new FaceDetection[frames.Length * MaxFaces];
            int[] counts = new int[frames.Length];
            detector.DetectBatch(frames, MaxFaces, faces, counts);
            for (int i = 0; i < frames.Length; i++)
            {
                FaceDetection[] expected = detector.Detect(frames[i], MaxFaces);
                Assert.Equal(expected.Length, counts[i]);
                for (int k = 0; k < expected.Length; k++)
                {
                    AssertNear(expected[k], faces[(i * MaxFaces) + k]);
                }
            }
        }
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("fused")]
    public void DetectBatch_OnceWarm_AllocatesNothing(string mode)
    {
        using OnnxFaceDetector detector = Load(mode);
        var faces = new FaceDetection[Frames.Length * 4];
        int[] counts = new int[Frames.Length];
        Assert.Equal(0, Steady.BytesOf(() => detector.DetectBatch(Frames, 4, faces, counts), calls: 20));
        Assert.Equal(3, counts[0]);
    }

    [Fact]
    public void DetectBatch_FewerFacesThanFound_GivesTheBestAndLeavesTheRest()
    {
        using OnnxFaceDetector detector = Load("manifest");
        var sentinel = new FaceDetection(new RectF(-1, -1, -1, -1), -1);
        FaceDetection[] faces = [.. Enumerable.Repeat(sentinel, 6)];
        int[] counts = [7, 7, 7];
        detector.DetectBatch([Frames[0], Frames[3]], 2, faces, counts);
        Assert.Equal([2, 0, 7], counts);
        Assert.Equal(detector.Detect(Frames[0], 2).Length, counts[0]);
        Assert.All(faces[2..], face => Assert.Equal(sentinel, face));
    }

    [Fact]
    public void DetectBatch_NoFramesOrNoRoom_DoesNothing()
    {
        using OnnxFaceDetector detector = Load("manifest");
        detector.DetectBatch([], 3, [], []);
        int[] counts = [9, 9];
        detector.DetectBatch([Frames[0], Frames[1]], 0, [], counts);
        Assert.Equal([0, 0], counts);
    }

    [Fact]
    public void DetectBatch_BadArguments_AreRefused()
    {
        OnnxFaceDetector detector = Load("manifest");
        var faces = new FaceDetection[4];
        int[] counts = new int[2];
        Assert.Throws<ArgumentException>("frames", () => detector.DetectBatch([Frames[0], default], 2, faces, counts));
        Assert.Throws<ArgumentException>("destination", () => detector.DetectBatch([Frames[0], Frames[1]], 3, faces, counts));
        Assert.Throws<ArgumentException>("counts", () => detector.DetectBatch([Frames[0], Frames[0], Frames[0]], 1, faces, counts));
        Assert.Throws<ArgumentOutOfRangeException>("maxFaces", () => detector.DetectBatch([Frames[0]], -1, faces, counts));
        Assert.ThrowsAny<OperationCanceledException>(() => detector.DetectBatch([Frames[0]], 1, faces, counts, new CancellationToken(canceled: true)));
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.DetectBatch([Frames[0]], 1, faces, counts));
    }

    private static OnnxFaceDetector Load(string mode)
    {
        var options = new OnnxFaceDetectorOptions { Model = mode == "fixed" ? ToyModels.Detector() : ToyModels.FreeSizeDetector() };
        switch (mode)
        {
            case "shape":
                options.InputSizes = [DetectorInputSize.FrameShape(96)];
                break;
            case "face":
                options.MinFaceSize = 20;
                break;
            case "fused":
                options.InputSizes = [DetectorInputSize.Square(64), DetectorInputSize.FrameShape(128)];
                break;
            case "single":
                options.MaxBatchSize = 1;
                break;
        }

        return OnnxFaceDetector.Load(options);
    }

    private static void AssertNear(in FaceDetection expected, in FaceDetection actual)
    {
        Assert.Equal(expected.Score, actual.Score, 1e-4f);
        Assert.Equal(expected.Box.X, actual.Box.X, 0.05f);
        Assert.Equal(expected.Box.Y, actual.Box.Y, 0.05f);
        Assert.Equal(expected.Box.Right, actual.Box.Right, 0.05f);
        Assert.Equal(expected.Box.Bottom, actual.Box.Bottom, 0.05f);
        Assert.Equal(expected.Landmarks.Nose.X, actual.Landmarks.Nose.X, 0.05f);
    }
}
