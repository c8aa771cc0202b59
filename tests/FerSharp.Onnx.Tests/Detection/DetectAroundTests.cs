using FerSharp.Testing;

namespace FerSharp.Onnx.Tests.Detection;

public sealed class DetectAroundTests
{
    // A crop of twice the box shows each face at 32 of 64 tensor pixels, which the toy sees well.
    private static readonly SyntheticFace[] Faces = [new(120, 100, 80), new(400, 90, 60, 205, 0.9f), new(260, 300, 70, 215, 0.5f)];
    private static readonly FrameView Scene = SyntheticFrames.Faces(640, 480, Faces);
    private static readonly RectF[] Boxes = [.. Faces.Select(face => face.Box)];

    [Fact]
    public void DetectAround_KnownBoxes_FindsTheFacesAgain()
    {
        using OnnxFaceDetector detector = Load();
        var found = new FaceDetection[8];
        int count = detector.DetectAround(Scene, Boxes, found);
        Assert.Equal(3, count);
        Assert.All(Boxes, box => Assert.Contains(found[..count], face => face.Box.IntersectionOverUnion(box) > 0.8f && !face.Landmarks.IsEmpty));
        Assert.Equal(found[..count].OrderByDescending(face => face.Score), found[..count]);
        for (int i = 0; i < count; i++)
        {
            PointF nose = SyntheticFace.Landmarks(found[i].Box).Nose;
            Assert.Equal(nose.X, found[i].Landmarks.Nose.X, 0.1f * found[i].Box.Width);
        }
    }

    [Theory]
    [InlineData(0.3f, 0, 1)]
    [InlineData(-0.2f, 0.25f, 1)]
    [InlineData(0, 0, 1.2f)]
    [InlineData(0, 0, 0.7f)]
    public void DetectAround_FaceThatMovedOrGrew_IsFoundWhereItIs(float right, float down, float growth)
    {
        using OnnxFaceDetector detector = Load();
        RectF box = Boxes[0];
        var old = new RectF(box.Center.X - (box.Width / growth / 2) - (right * box.Width), box.Center.Y - (box.Height / growth / 2) - (down * box.Height), box.Width / growth, box.Height / growth);
        var found = new FaceDetection[2];
        Assert.Equal(1, detector.DetectAround(Scene, [old], found));
        Assert.True(found[0].Box.IntersectionOverUnion(box) > 0.8f, $"{found[0].Box} instead of {box}");
    }

    [Fact]
    public void DetectAround_OneBoxOfThree_FindsNoOtherFace()
    {
        using OnnxFaceDetector detector = Load();
        Assert.Equal(1, detector.DetectAround(Scene, Boxes.AsSpan(1, 1), new FaceDetection[8]));
    }

    [Fact]
    public void DetectAround_NothingThere_FindsNothing()
    {
        using OnnxFaceDetector detector = Load();
        var sentinel = new FaceDetection(default, 0.123f);
        FaceDetection[] found = [sentinel];
        Assert.Equal(0, detector.DetectAround(Scene, [new RectF(500, 350, 60, 70), new RectF(-500, -500, 40, 40), new RectF(1e6f, 0, 10, 10)], found));
        Assert.Equal(sentinel, found[0]);
        Assert.Equal(0, detector.DetectAround(Scene, [], found));
        Assert.Equal(0, detector.DetectAround(Scene, Boxes, []));
    }

    [Fact]
    public void DetectAround_TwoBoxesOnOneFace_GivesItOnce()
    {
        using OnnxFaceDetector detector = Load();
        RectF near = Boxes[0] with { X = Boxes[0].X + 6 };
        Assert.Equal(1, detector.DetectAround(Scene, [Boxes[0], near], new FaceDetection[8]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void DetectAround_MoreBoxesThanABatch_FindsThemAll(int maxBatchSize)
    {
        using OnnxFaceDetector detector = Load(maxBatchSize);
        RectF[] many = [.. Enumerable.Range(0, 21).Select(i => Boxes[i % 3] with { X = Boxes[i % 3].X + (i / 3) })];
        Assert.Equal(3, detector.DetectAround(Scene, many, new FaceDetection[21]));
    }

    [Fact]
    public void DetectAround_FixedGraph_WorksAtItsSize()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(ToyModels.Detector());
        Assert.Equal(3, detector.DetectAround(Scene, Boxes, new FaceDetection[8]));
    }

    [Fact]
    public void DetectAround_OnceWarm_AllocatesNothing()
    {
        using OnnxFaceDetector detector = Load();
        var found = new FaceDetection[8];
        Assert.Equal(0, Steady.BytesOf(() => detector.DetectAround(Scene, Boxes, found), calls: 30));
    }

    [Fact]
    public void DetectAround_BadArguments_AreRefused()
    {
        OnnxFaceDetector detector = Load();
        var found = new FaceDetection[1];
        Assert.Throws<ArgumentException>("frame", () => detector.DetectAround(default, Boxes, found));
        Assert.Throws<ArgumentException>("boxes", () => detector.DetectAround(Scene, [default], found));
        Assert.Throws<ArgumentException>("boxes", () => detector.DetectAround(Scene, [new RectF(float.NaN, 0, 10, 10)], found));
        Assert.Throws<ArgumentException>("boxes", () => detector.DetectAround(Scene, [new RectF(0, 0, float.PositiveInfinity, 10)], found));
        Assert.ThrowsAny<OperationCanceledException>(() => detector.DetectAround(Scene, Boxes, found, new CancellationToken(canceled: true)));
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.DetectAround(Scene, Boxes, found));
    }

    private static OnnxFaceDetector Load(int maxBatchSize = 8) =>
        OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.FreeSizeDetector(), MaxBatchSize = maxBatchSize });
}
