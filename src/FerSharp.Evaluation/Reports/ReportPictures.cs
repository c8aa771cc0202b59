using FerSharp.Imaging;
using FerSharp.Media;

namespace FerSharp.Evaluation;

/// <summary>Makes pictures small enough for a page.</summary>
internal static class ReportPictures
{
    /// <summary>Width on the page, and the longest side that is kept, in pixels.</summary>
    public const int Side = 112;

    /// <summary>The picture as it is where it is small, else reduced to fit; in a file of its own.</summary>
    public static ReportPicture Of(in FrameView view, params IReadOnlyList<string> text)
    {
        int longest = Math.Max(view.Width, view.Height);
        if (longest <= Side)
        {
            return new ReportPicture(ImageFile.Encode(view, ImageSaveFormat.Png), Math.Max(1, Side * view.Width / longest), text);
        }

        int width = Math.Max(1, view.Width * Side / longest), height = Math.Max(1, view.Height * Side / longest);
        var kernel = new PreprocessingKernel(new PreprocessingSpec
        {
            Name = "report", Width = width, Height = height, Channels = 3, Order = ChannelOrder.Rgb, Sampling = SamplingMode.Area,
        });
        float[] planes = new float[kernel.TensorLength];
        kernel.Write(view, AffineTransform.Stretch(new RectF(0, 0, view.Width, view.Height), width, height), planes);
        byte[] pixels = new byte[planes.Length];
        for (int i = 0; i < width * height; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                pixels[(i * 3) + c] = (byte)Math.Clamp(MathF.Round(planes[(c * width * height) + i]), 0, 255);
            }
        }

        return new ReportPicture(ImageFile.Encode(new FrameView(pixels, width, height, PixelFormat.Rgb24), ImageSaveFormat.Png), width, text);
    }
}
