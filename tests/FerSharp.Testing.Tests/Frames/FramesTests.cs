namespace FerSharp.Testing.Tests;

public sealed class FramesTests
{
    public static TheoryData<PixelFormat> Formats => [.. Enum.GetValues<PixelFormat>()];

    [Theory, MemberData(nameof(Formats))]
    public void Encode_ThereAndBack_KeepsAGrayPicture(PixelFormat format)
    {
        FrameView gray = SyntheticFrames.Noise(13, 9, format: PixelFormat.Gray8);
        FrameView back = FrameTransforms.Encode(FrameTransforms.Encode(gray, format, padding: 5, margin: 2), PixelFormat.Gray8);
        Assert.Equal(gray.Pixels.ToArray(), back.Pixels.ToArray());
    }

    [Fact]
    public void Encode_Rgb_WritesTheNamedOrder()
    {
        var rgb = new FrameView(new byte[] { 1, 2, 3 }, 1, 1, PixelFormat.Rgb24);
        Assert.Equal([3, 2, 1], FrameTransforms.Encode(rgb, PixelFormat.Bgra32).GetRow(0)[..3].ToArray());
    }

    [Fact]
    public void Encode_WithMargin_IsASubView()
    {
        FrameView view = FrameTransforms.Encode(SyntheticFrames.Gradient(4, 4), PixelFormat.Rgb24, padding: 1, margin: 2);
        Assert.Equal((8 * 3) + 1, view.Stride);
        Assert.Equal(4, view.Width);
    }

    [Fact]
    public void Mirror_Twice_IsThePicture()
    {
        FrameView picture = SyntheticFrames.Gradient(7, 3);
        Assert.Equal(picture.Pixels.ToArray(), FrameTransforms.Mirror(FrameTransforms.Mirror(picture)).Pixels.ToArray());
    }

    [Fact]
    public void Place_BesideThePicture_ContinuesTheEdge()
    {
        var picture = new FrameView(new byte[] { 10, 20 }, 2, 1, PixelFormat.Gray8);
        Assert.Equal([10, 10, 20, 20], FrameTransforms.Place(picture, 4, 1, 1, 0).GetRow(0).ToArray());
    }

    [Fact]
    public void Enlarge_ByTwo_RepeatsEachPixel()
    {
        var picture = new FrameView(new byte[] { 10, 20 }, 2, 1, PixelFormat.Gray8);
        Assert.Equal([10, 10, 20, 20, 10, 10, 20, 20], FrameTransforms.Enlarge(picture, 2).Pixels.ToArray());
    }

    [Fact]
    public void Noise_SameSeed_IsTheSamePicture() => Assert.Equal(SyntheticFrames.Noise(5, 5, 3).Pixels.ToArray(), SyntheticFrames.Noise(5, 5, 3).Pixels.ToArray());

    [Fact]
    public void Noise_OtherSeed_IsAnotherPicture() => Assert.NotEqual(SyntheticFrames.Noise(5, 5, 3).Pixels.ToArray(), SyntheticFrames.Noise(5, 5, 4).Pixels.ToArray());

    [Fact]
    public void RevocableMemory_ReadAfterRevoke_ThrowsAndCounts()
    {
        using var memory = new RevocableMemory(SyntheticFrames.Gradient(3, 3));
        Assert.Equal(9, memory.View.GetRow(0).Length);
        memory.Revoke();
        Assert.Throws<InvalidOperationException>(() => memory.View.GetRow(0).Length);
        Assert.Equal(1, memory.LateTouches);
    }

    [Fact]
    public void RevocableMemory_Pins_AreCounted()
    {
        using var memory = new RevocableMemory(SyntheticFrames.Gradient(3, 3));
        using (memory.View.Pixels.Pin())
        {
            Assert.Equal(1, memory.Pins);
        }

        Assert.Equal(0, memory.Pins);
    }

    [Fact]
    public void FakeDetector_WithFixedFaces_GivesThemBestFirst()
    {
        var low = new FaceDetection(new RectF(1, 1, 5, 5), 0.3f);
        var high = new FaceDetection(new RectF(9, 9, 5, 5), 0.8f);
        using var detector = new FakeFaceDetector(low, high, new FaceDetection(new RectF(99, 99, 5, 5), 0.9f));
        Assert.Equal([high, low], detector.Detect(SyntheticFrames.Blank(20, 20), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void FakeDetector_FaceScene_FindsTheDrawnFaces()
    {
        using var detector = new FakeFaceDetector();
        FaceDetection[] found = detector.Detect(SyntheticFrames.FaceScene(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(SyntheticFrames.SceneFaces.Count, found.Length);
        Assert.All(SyntheticFrames.SceneFaces, face => Assert.Contains(found, one => one.Box.IntersectionOverUnion(face.Box) > 0.8f));
    }

    [Fact]
    public void FakeClassifier_WithAFixedReading_GivesIt()
    {
        var scores = new EmotionScores([0, 1, 0, 0, 0, 0, 0, 0]);
        using var classifier = new FakeEmotionClassifier(scores);
        Assert.Equal(scores, classifier.Classify(FaceRegion.Whole(SyntheticFrames.Blank(2, 2)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FakeSource_BeforeFrame_DecidesWhenAFrameArrives()
    {
        var gate = new TaskCompletionSource();
        await using var source = new FakeFrameSource(1) { BeforeFrame = (_, _) => new ValueTask(gate.Task) };
        await using IAsyncEnumerator<Frame> frames = source.ReadFramesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> next = frames.MoveNextAsync();
        Assert.False(next.IsCompleted);
        gate.SetResult();
        Assert.True(await next);
        frames.Current.Dispose();
        Assert.Equal(0, source.Outstanding);
    }
}
