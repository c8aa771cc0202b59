using CsCheck;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests.Detection;

public sealed class InputSizingTests
{
    private const int Free = -1;

    [Theory]
    [InlineData(640, 480, 320, 256)]
    [InlineData(480, 640, 256, 320)]
    [InlineData(640, 360, 320, 192)]
    [InlineData(640, 640, 320, 320)]
    [InlineData(640, 320, 320, 160)]
    [InlineData(1920, 1080, 320, 192)]
    [InlineData(4000, 1, 320, 32)]
    [InlineData(1, 1, 320, 320)]
    public void For_FrameShape_IsAsShortAsTheFrameNeeds(int width, int height, int wantedWidth, int wantedHeight) =>
        Assert.Equal(new InputShape(wantedWidth, wantedHeight), Sizing(options => options.InputSizes = [DetectorInputSize.FrameShape(320)]).For(0, width, height));

    [Theory]
    [InlineData(640, 480, 40, 256, 192)]
    [InlineData(640, 480, 20, 512, 384)]
    [InlineData(1280, 720, 40, 512, 288)]
    [InlineData(640, 480, 1, 2048, 1536)]
    [InlineData(640, 480, 10_000, 64, 64)]
    [InlineData(100_000, 60_000, 100, 2048, 1248)]
    public void For_MinFaceSize_IsTheSmallestThatShowsIt(int width, int height, float face, int wantedWidth, int wantedHeight) =>
        Assert.Equal(new InputShape(wantedWidth, wantedHeight), Sizing(options => options.MinFaceSize = face).For(0, width, height));

    [Fact]
    public void For_AnyFrame_CoversItInMultiplesOfTheStride()
    {
        InputSizing sizing = Sizing(options => options.InputSizes = [DetectorInputSize.FrameShape(640)]);
        Gen.Select(Gen.Int[1, 8000], Gen.Int[1, 8000]).Sample((width, height) =>
        {
            InputShape shape = sizing.For(0, width, height);
            Assert.True(shape.Width % 32 == 0 && shape.Height % 32 == 0, $"{shape}");
            Assert.Equal(640, Math.Max(shape.Width, shape.Height));

            // The whole frame is in, and no more than a stride of the shorter side is padding.
            double scale = 640.0 / Math.Max(width, height), shortSide = Math.Min(width, height) * scale;
            Assert.InRange(Math.Min(shape.Width, shape.Height), shortSide - 0.01, Math.Max(32, shortSide + 32));
        });
    }

    [Fact]
    public void For_AnyMinFaceSize_ShowsTheFaceOrIsTheLargest()
    {
        Gen.Select(Gen.Int[32, 4000], Gen.Int[32, 4000], Gen.Float[1, 500]).Sample((width, height, face) =>
        {
            InputShape shape = Sizing(options => options.MinFaceSize = face).For(0, width, height);
            int side = Math.Max(shape.Width, shape.Height);
            float shown = face * side / Math.Max(width, height);
            Assert.True(shown >= 15.99f || side == InputSizing.MostLongSide, $"{face} pixels of a {width}x{height} frame are {shown} of {shape}.");
            float less = face * (side - 32) / Math.Max(width, height);
            Assert.True(less < 16.01f || side <= InputSizing.LeastLongSide, $"{shape} is larger than {face} pixels of a {width}x{height} frame need.");
        });
    }

    [Fact]
    public void FaultsFor_FixedGraph_NamesEachSizeThatItCannotRun()
    {
        string[] faults = [.. Sizing(options => options.InputSizes = [DetectorInputSize.Square(320), DetectorInputSize.Square(640), DetectorInputSize.FrameShape(320)]).FaultsFor(320, 320)];
        Assert.Equal(2, faults.Length);
        Assert.Contains("asks for 640x640, but the graph's input is fixed at 320x320. Leave it empty, or export", faults[0], StringComparison.Ordinal);
        Assert.Contains("asks for the frame's shape at 320", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsFor_SizeOffTheStride_NamesTheStride()
    {
        string fault = Assert.Single(Sizing(options => options.InputSizes = [DetectorInputSize.Rectangle(320, 250)]).FaultsFor(Free, Free));
        Assert.Contains("holds 320x250; sides must be multiples of 32", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(320, Free, "fixed at a width of 320")]
    [InlineData(Free, 320, "fixed at a height of 320")]
    public void FaultsFor_MinFaceSizeOnAGraphThatIsFixedInOneAxis_SaysWhich(int width, int height, string text) =>
        Assert.Contains(text, Assert.Single(Sizing(options => options.MinFaceSize = 40).FaultsFor(width, height)), StringComparison.Ordinal);

    [Fact]
    public void FaultsFor_NothingAskedFor_IsEmptyWhateverTheGraph()
    {
        Assert.Empty(Sizing(_ => { }).FaultsFor(320, 240));
        Assert.Empty(Sizing(_ => { }).FaultsFor(Free, Free));
    }

    private static InputSizing Sizing(Action<OnnxFaceDetectorOptions> configure)
    {
        var options = new OnnxFaceDetectorOptions { Model = ToyModels.FreeSizeDetector() };
        configure(options);
        ModelManifest manifest = options.Model.Manifest;
        return new InputSizing(
            manifest with { Input = manifest.Input with { Width = 320, Height = 240 }, Detector = manifest.Detector! with { Strides = [8, 16, 32], ReliableFaceSize = 16 } }, options);
    }
}
