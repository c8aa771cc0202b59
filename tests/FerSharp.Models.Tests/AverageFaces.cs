using FerSharp.Media;
using FerSharp.Onnx;

namespace FerSharp.Models.Tests;

/// <summary>The repository's picture of seven average faces, and where the large detector finds them.</summary>
internal static class AverageFaces
{
    public const int Count = 7;

    private static readonly Lazy<FrameView> Loaded = new(Load);
    private static readonly Lazy<FaceDetection[]> Found = new(Find);

    public static FrameView Picture => Loaded.Value;

    public static IReadOnlyList<FaceDetection> Faces => Found.Value;

    private static FrameView Load()
    {
        using Frame frame = ImageFile.Load(TestFiles.InRepository("samples", "pictures", "average-faces.png"));
        FrameView view = frame.View;
        return new FrameView(view.Pixels.ToArray(), view.Width, view.Height, view.Format, view.Stride);
    }

    private static FaceDetection[] Find()
    {
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Large));
        return detector.Detect(Picture);
    }
}
