using FerSharp.Imaging;

namespace FerSharp.Evaluation;

/// <summary>A sheet of nine random changes of one picture, as training makes them: rotation, shift, shear, zoom, mirror.</summary>
/// <remarks>
/// Each change is drawn evenly from its range: rotation up to 20 degrees either way; shift up to 0.2 of width and height; shear up to 0.2 of a pixel to the side for each
/// pixel downwards; zoom 0.8 to 1.2 on each axis; mirrored in one of two cases. What comes from outside takes the nearest pixel of the edge.
/// </remarks>
internal static class AugmentationPreview
{
    public const string Description = "rotation up to 20 degrees, shift up to 0.2, shear up to 0.2, zoom 0.8 to 1.2, mirrored at random, nearest pixel of the edge outside";

    private const double Degrees = 20, Shift = 0.2, Shear = 0.2, Zoom = 0.2;
    private const int Columns = 3;

    /// <summary>The sheet, 3 x 3, gray for a gray picture, else RGB.</summary>
    public static FrameView Draw(in FrameView picture, int seed)
    {
        var random = new SplitMix64((ulong)(uint)seed);
        (int width, int height) = ReportPictures.Fit(picture);
        var pictures = new FrameView[Columns * Columns];
        for (int i = 0; i < pictures.Length; i++)
        {
            pictures[i] = ReportPictures.Sample(picture, NextMap(ref random, picture.Width, picture.Height, width, height), width, height, ReportPictures.IsGray(picture));
        }

        return ReportPictures.Sheet(pictures, Columns, gap: 4);
    }

    /// <summary>A random map from the result's to the picture's pixels, about the picture's centre.</summary>
    internal static AffineTransform NextMap(ref SplitMix64 random, int sourceWidth, int sourceHeight, int width, int height)
    {
        double angle = random.Next(-Degrees, Degrees) * Math.PI / 180;
        double right = random.Next(-Shift, Shift) * sourceWidth, down = random.Next(-Shift, Shift) * sourceHeight;
        double shear = random.Next(-Shear, Shear);
        double zoomX = random.Next(1 - Zoom, 1 + Zoom), zoomY = random.Next(1 - Zoom, 1 + Zoom);
        double mirror = random.Next(0, 1) < 0.5 ? -1 : 1;
        (double sine, double cosine) = Math.SinCos(angle);

        // Picture = rotation x shear x zoom and mirror, applied to the result's offset from its centre in the picture's pixels.
        double scaleX = mirror * zoomX * sourceWidth / width, scaleY = zoomY * sourceHeight / height;
        double a = cosine * scaleX, b = ((cosine * shear) - sine) * scaleY;
        double d = sine * scaleX, e = ((sine * shear) + cosine) * scaleY;
        double c = (sourceWidth / 2.0) + right - (a * width / 2) - (b * height / 2);
        double f = (sourceHeight / 2.0) + down - (d * width / 2) - (e * height / 2);
        return new AffineTransform((float)a, (float)b, (float)c, (float)d, (float)e, (float)f);
    }
}
