using FerSharp.Graphs;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests.Detection;

/// <summary>Detectors whose input size comes from the options, on the toy graph with free height and width.</summary>
public sealed class InputSizeTests
{
    private static readonly FrameView Scene = SyntheticFrames.FaceScene();

    [Fact]
    public void Detect_SizeOfTheManifest_EqualsTheFixedGraph()
    {
        using OnnxFaceDetector free = Load(), asked = Load(DetectorInputSize.Square(64)), fixedSize = OnnxFaceDetector.Load(ToyModels.Detector());
        FaceDetection[] expected = fixedSize.Detect(Scene);
        Assert.Equal(3, expected.Length);
        Assert.Equal(expected, free.Detect(Scene));
        Assert.Equal(expected, asked.Detect(Scene));
    }

    [Fact]
    public void Detect_LargerSize_FindsSmallerFaces()
    {
        // 20 of 256 pixels: 5 of 64 tensor pixels.
        FrameView small = FrameTransforms.Place(SyntheticFrames.Faces(64, 64, [new SyntheticFace(32, 32, 20)]), 256, 256, 96, 96);
        using OnnxFaceDetector coarse = Load(), fine = Load(DetectorInputSize.Square(256));
        Assert.Empty(coarse.Detect(small));
        RectF box = Assert.Single(fine.Detect(small)).Box;
        Assert.True(box.IntersectionOverUnion(new SyntheticFace(128, 128, 20).Box) > 0.7f, $"{box}");
    }

    [Theory]
    [InlineData(200, 120)]
    [InlineData(120, 200)]
    [InlineData(128, 128)]
    public void Detect_FrameShape_FindsWhatTheSquareFinds(int width, int height)
    {
        FrameView picture = FrameTransforms.Place(Scene, width, height, 0, 0);
        using OnnxFaceDetector square = Load(DetectorInputSize.Square(128)), shaped = Load(DetectorInputSize.FrameShape(128));
        FaceDetection[] expected = square.Detect(picture), actual = shaped.Detect(picture);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Where(face => face.Score > 0.6f), face => Assert.Contains(actual, other => other.Box.IntersectionOverUnion(face.Box) > 0.9f));
    }

    [Fact]
    public void Detect_SeveralSizes_FindsEachFaceOnce()
    {
        // One face fits 64 tensor pixels, the other 256; neither size shows both.
        FrameView picture = SyntheticFrames.Faces(256, 256, [new SyntheticFace(160, 160, 120), new SyntheticFace(20, 20, 16)]);
        using OnnxFaceDetector coarse = Load(), fine = Load(DetectorInputSize.Square(256)), both = Load(DetectorInputSize.Square(64), DetectorInputSize.Square(256));
        FaceDetection[] found = both.Detect(picture);
        Assert.Equal(2, found.Length);
        Assert.Contains(found, face => face.Box.IntersectionOverUnion(Assert.Single(coarse.Detect(picture)).Box) > 0.9f);
        Assert.Contains(found, face => fine.Detect(picture).Any(other => other.Box.IntersectionOverUnion(face.Box) > 0.9f));
    }

    [Fact]
    public void Detect_OneSizeListedTwice_ChangesNothing()
    {
        using OnnxFaceDetector once = Load(DetectorInputSize.Square(64)), twice = Load(DetectorInputSize.Square(64), DetectorInputSize.Square(64));
        Assert.Equal(once.Detect(Scene), twice.Detect(Scene));
    }

    [Fact]
    public void Detect_MinFaceSize_DropsSmallerFaces()
    {
        // The scene's faces are 27.2, 24 and 25.6 pixels wide.
        using OnnxFaceDetector all = LoadFor(minFaceSize: 20), some = LoadFor(minFaceSize: 24.8f), none = LoadFor(minFaceSize: 40);
        Assert.Equal(3, all.Detect(Scene).Length);
        Assert.Equal(2, some.Detect(Scene).Length);
        Assert.Empty(none.Detect(Scene));
    }

    [Fact]
    public void Load_OneFixedSize_ShowsInTheManifest()
    {
        using OnnxFaceDetector asked = Load(DetectorInputSize.Rectangle(128, 96)), shaped = Load(DetectorInputSize.FrameShape(128));
        Assert.Equal((128, 96), (asked.Model.Manifest.Input.Width, asked.Model.Manifest.Input.Height));
        Assert.Equal(64, shaped.Model.Manifest.Input.Width);
    }

    [Fact]
    public void Load_FixedGraphWithOtherSizes_ListsAllFaults()
    {
        ModelPackage model = ToyModels.Detector().With(manifest => manifest with { Detector = manifest.Detector! with { Names = ["boxes"] } });
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = model, InputSizes = [DetectorInputSize.Square(128), DetectorInputSize.FrameShape(72)] }));
        Assert.Equal(4, exception.Faults.Count);
        Assert.Contains("asks for 128x128, but the graph's input is fixed at 64x64", exception.Message, StringComparison.Ordinal);
        Assert.Contains("multiples of 16", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no output 'boxes'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OptionsOutOfRange_ListsThemAll()
    {
        var options = new OnnxFaceDetectorOptions
        {
            Model = ToyModels.FreeSizeDetector(), InputSizes = [default, DetectorInputSize.Square(8192)], MinFaceSize = float.NaN, MaxBatchSize = 0,
        };
        string message = Assert.Throws<ArgumentException>(() => OnnxFaceDetector.Load(options)).Message;
        Assert.All(["holds 0x0", "holds 8192x8192", "both choose", "MinFaceSize is NaN", "MaxBatchSize is 0"], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Detect_GraphThatIsFixedInside_SaysSoWithTheSize()
    {
        // Declared free, but its reshape wants the cells of 64 x 64.
        ModelPackage model = TestModels.Detector(graph =>
        {
            string input = graph.Input("input", OnnxElementType.Float32, "N", 3, "H", "W");
            string cells = graph.Conv(input, graph.Initializer("weights", new float[15 * 3 * 16], 15, 3, 4, 4), stride: 4);
            string rows = graph.Reshape(cells, 1, 256, 15);
            string first = graph.Node("Slice", [rows, graph.Initializer("from", [0L], 1), graph.Initializer("to", [80L], 1), graph.Initializer("axis", [1L], 1)]);
            graph.Output("pred", first, OnnxElementType.Float32, "N", "cells", 15);
        });
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(model);
        Assert.Empty(detector.Detect(Scene));
        Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = model, InputSizes = [DetectorInputSize.Square(128)] }));

        // A crop takes 160 x 160 under a manifest that says nothing of reliable sizes.
        FerInferenceException exception = Assert.Throws<FerInferenceException>(() => detector.DetectAround(Scene, [new RectF(10, 10, 30, 30)], new FaceDetection[1]));
        Assert.Contains("cannot be run on an input of 160x160", exception.Message, StringComparison.Ordinal);
    }

    private static OnnxFaceDetector Load(params DetectorInputSize[] sizes) =>
        OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.FreeSizeDetector(), InputSizes = sizes });

    private static OnnxFaceDetector LoadFor(float minFaceSize) =>
        OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.FreeSizeDetector(), MinFaceSize = minFaceSize });
}
