using FerSharp.Imaging;
using FerSharp.Media;

namespace FerSharp.Benchmarks;

/// <summary>Pictures that benchmarks run on; made here, so that anyone can run them.</summary>
internal static class Scenes
{
    /// <summary>A picture of the given size with the first of the average faces in its middle, 200 pixels wide, on gray.</summary>
    public static FrameView OneFace(int width, int height, PixelFormat format)
    {
        using Stream stream = typeof(Scenes).Assembly.GetManifestResourceStream("average-faces.png")!;
        using Frame faces = ImageFile.Load(stream);
        const int Side = 260;
        FrameView face = faces.View.Slice(25, 40, Side, Side);
        int bytes = format.BytesPerPixel();
        byte[] pixels = new byte[width * height * bytes];
        pixels.AsSpan().Fill(face.GetRow(0)[0]);
        int left = (width - Side) / 2, top = (height - Side) / 2;

        var gray = new PreprocessingKernel(new PreprocessingSpec { Name = "face", Width = Side, Height = Side, Channels = 1, Order = ChannelOrder.Gray });
        float[] luma = new float[Side * Side];
        gray.Write(face, AffineTransform.Identity, luma);
        for (int i = 0; i < luma.Length; i++)
        {
            pixels.AsSpan((((top + (i / Side)) * width) + left + (i % Side)) * bytes, bytes).Fill((byte)luma[i]);
        }

        return new FrameView(pixels, width, height, format);
    }
}
