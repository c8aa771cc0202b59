using FerSharp.Imaging;
using FerSharp.Media;

namespace FerSharp.Evaluation;

/// <summary>Pictures of a document: sampled by the kernel that models see through, written as PNG.</summary>
internal static class ReportPictures
{
    /// <summary>The longest side of a picture in a document, in pixels.</summary>
    public const int Side = 112;

    /// <summary>A picture as it is where it is small, else reduced.</summary>
    public static ReportPicture Of(in FrameView view, params IReadOnlyList<string> text)
    {
        (int width, int height) = Fit(view);
        return view.Width <= Side && view.Height <= Side
            ? new ReportPicture(Png(view), width, text)
            : new ReportPicture(Png(Sample(view, Stretch(view, width, height), width, height, IsGray(view))), width, text);
    }

    /// <summary>The size at which a picture's longest side is <see cref="Side"/>.</summary>
    public static (int Width, int Height) Fit(in FrameView view)
    {
        int longest = Math.Max(view.Width, view.Height);
        return (Math.Max(1, (int)((long)Side * view.Width / longest)), Math.Max(1, (int)((long)Side * view.Height / longest)));
    }

    /// <summary>Two pictures side by side, at one size.</summary>
    public static ReportPicture Pair(in FrameView first, in FrameView second, params IReadOnlyList<string> text)
    {
        bool gray = IsGray(first) && IsGray(second);
        FrameView sheet = Sheet([Sample(first, Stretch(first, Side, Side), Side, Side, gray), Sample(second, Stretch(second, Side, Side), Side, Side, gray)], columns: 2, gap: 2);
        return new ReportPicture(Png(sheet), sheet.Width, text);
    }

    public static bool IsGray(in FrameView view) => view.Format == PixelFormat.Gray8;

    /// <summary>Samples a picture through a map from the result's to the picture's pixels; outside the picture the nearest pixel of its edge counts.</summary>
    public static FrameView Sample(in FrameView view, in AffineTransform map, int width, int height, bool gray)
    {
        var kernel = new PreprocessingKernel(new PreprocessingSpec
        {
            Name = "picture",
            Width = width,
            Height = height,
            Layout = TensorLayout.Nhwc,
            Order = gray ? ChannelOrder.Gray : ChannelOrder.Rgb,
            Channels = gray ? 1 : 3,
            Sampling = SamplingMode.Area,
            Border = BorderMode.Replicate,
        });
        float[] tensor = new float[kernel.TensorLength];
        kernel.Write(view, map, tensor);
        return new FrameView(Array.ConvertAll(tensor, value => (byte)Math.Clamp(MathF.Round(value), 0, 255)), width, height, gray ? PixelFormat.Gray8 : PixelFormat.Rgb24);
    }

    /// <summary>Lays pictures of one size and format out in rows, on white.</summary>
    public static FrameView Sheet(IReadOnlyList<FrameView> pictures, int columns, int gap)
    {
        (int width, int height, PixelFormat format) = (pictures[0].Width, pictures[0].Height, pictures[0].Format);
        int rows = (pictures.Count + columns - 1) / columns;
        int sheetWidth = (columns * (width + gap)) - gap, sheetHeight = (rows * (height + gap)) - gap;
        int pixel = format.BytesPerPixel();
        byte[] sheet = new byte[sheetWidth * sheetHeight * pixel];
        sheet.AsSpan().Fill(255);
        for (int i = 0; i < pictures.Count; i++)
        {
            int left = i % columns * (width + gap), top = i / columns * (height + gap);
            for (int y = 0; y < height; y++)
            {
                pictures[i].GetRow(y).CopyTo(sheet.AsSpan((((top + y) * sheetWidth) + left) * pixel));
            }
        }

        return new FrameView(sheet, sheetWidth, sheetHeight, format);
    }

    public static byte[] Png(in FrameView view) => ImageFile.Encode(view, ImageSaveFormat.Png);

    private static AffineTransform Stretch(in FrameView view, int width, int height) => AffineTransform.Stretch(new RectF(0, 0, view.Width, view.Height), width, height);
}
