using Microsoft.ML.Data;

namespace FerSharp.MLNet.Tests;

/// <summary>The repository's picture of average faces, decoded by ML.NET.</summary>
internal static class AverageFaces
{
    private static readonly Lazy<FrameView> Decoded = new(() =>
    {
        using MLImage image = MLImage.CreateFromFile(Path);
        return new FrameView(image.Pixels.ToArray(), image.Width, image.Height, image.PixelFormat == MLPixelFormat.Bgra32 ? PixelFormat.Bgra32 : PixelFormat.Rgba32);
    });

    public static string Path { get; } = TestFiles.InRepository("samples", "pictures", "average-faces.png");

    public static FrameView Picture => Decoded.Value;
}
