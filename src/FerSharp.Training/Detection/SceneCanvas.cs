using FerSharp.Evaluation;
using FerSharp.Imaging;

namespace FerSharp.Training;

/// <summary>A training picture in the making: parts of pictures are drawn onto it, and bring their faces along.</summary>
/// <remarks>Reused; not thread-safe.</remarks>
internal sealed class SceneCanvas(int maxSide)
{
    // A face of which less is to be seen is not asked for; of one that is nearly whole, the box is kept beyond the part's edge.
    private const float MostlyVisible = 0.75f, HardlyVisible = 0.1f;

    private const int FixedOne = 256;

    private readonly byte[] _pixels = new byte[3 * maxSide * maxSide];

    /// <summary>Side in pixels.</summary>
    public int Side { get; private set; }

    /// <summary>Red, green, blue, row by row.</summary>
    public Span<byte> Pixels => _pixels.AsSpan(0, 3 * Side * Side);

    /// <summary>The faces so far, and the ignored regions.</summary>
    public List<TrueFace> Faces { get; } = [];

    public void Clear(int side)
    {
        Side = side;
        Faces.Clear();
    }

    /// <summary>Draws a picture into a rectangle of whole pixels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="map">From canvas to picture.</param>
    /// <param name="region">Where to draw; within the canvas.</param>
    /// <param name="background">Gray level outside the picture.</param>
    public void Draw(DetectionPicture picture, in AffineTransform map, in RectF region, byte background)
    {
        int left = (int)region.X, top = (int)region.Y, right = (int)region.Right, bottom = (int)region.Bottom;
        int taps = TapsOf(map);
        Span<byte> pixel = stackalloc byte[3];
        for (int y = top; y < bottom; y++)
        {
            int to = 3 * ((y * Side) + left);
            for (int x = left; x < right; x++, to += 3)
            {
                if (!Sample(picture, map, x, y, taps, pixel))
                {
                    pixel.Fill(background);
                }

                pixel.CopyTo(_pixels.AsSpan(to, 3));
            }
        }

        AddFaces(picture, map.Inverse(), region);
    }

    /// <summary>Pastes a face: an ellipse around it, within its picture, which fades out.</summary>
    /// <param name="picture">A close-up or a crop.</param>
    /// <param name="map">From canvas to picture.</param>
    /// <param name="gains">Factors on its red, green and blue.</param>
    public void Paste(DetectionPicture picture, in AffineTransform map, (float Red, float Green, float Blue) gains)
    {
        AffineTransform toCanvas = map.Inverse();
        TrueFace face = SceneGeometry.Map(picture.Known[0], toCanvas);
        RectF whole = SceneGeometry.Map(new TrueFace(new RectF(0, 0, picture.Width, picture.Height)), toCanvas).Box;
        PointF center = face.Box.Center;
        float radiusX = MathF.Min(0.8f * face.Box.Width, MathF.Min(center.X - whole.X, whole.Right - center.X));
        float radiusY = MathF.Min(0.85f * face.Box.Height, MathF.Min(center.Y - whole.Y, whole.Bottom - center.Y));
        Span<float> gain = [gains.Red, gains.Green, gains.Blue];
        int left = Math.Clamp((int)(center.X - radiusX), 0, Side), right = Math.Clamp((int)(center.X + radiusX) + 1, 0, Side);
        int top = Math.Clamp((int)(center.Y - radiusY), 0, Side), bottom = Math.Clamp((int)(center.Y + radiusY) + 1, 0, Side);
        int taps = TapsOf(map);
        Span<byte> pixel = stackalloc byte[3];
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                float dx = (x + 0.5f - center.X) / radiusX, dy = (y + 0.5f - center.Y) / radiusY;
                float share = Math.Clamp((1 - MathF.Sqrt((dx * dx) + (dy * dy))) * 6, 0, 1);
                if (share > 0 && Sample(picture, map, x, y, taps, pixel))
                {
                    int to = 3 * ((y * Side) + x);
                    for (int c = 0; c < 3; c++)
                    {
                        _pixels[to + c] = (byte)Math.Min(_pixels[to + c] + (share * ((gain[c] * pixel[c]) - _pixels[to + c])), 255);
                    }
                }
            }
        }

        Faces.Add(Visible(face, new RectF(0, 0, Side, Side)) ?? face with { Ignored = true });
    }

    private void AddFaces(DetectionPicture picture, in AffineTransform toCanvas, in RectF region)
    {
        foreach (TrueFace face in picture.Faces)
        {
            if (Visible(SceneGeometry.Map(face, toCanvas), region) is { } seen)
            {
                Faces.Add(seen);
            }
        }
    }

    private static TrueFace? Visible(in TrueFace face, in RectF region)
    {
        float share = face.Box.IntersectionArea(region) / face.Box.Area;
        return share < HardlyVisible ? null : face with { Ignored = face.Ignored || share < MostlyVisible };
    }

    private static int TapsOf(in AffineTransform map) => Math.Clamp((int)MathF.Round(MathF.Sqrt(MathF.Abs((map.A * map.E) - (map.B * map.D)))), 1, 4);

    /// <summary>The mean of as many bilinear samples as the reduction needs; false outside the picture.</summary>
    private static bool Sample(DetectionPicture picture, in AffineTransform map, int x, int y, int taps, Span<byte> pixel)
    {
        if (taps == 1)
        {
            return Bilinear(picture, map, x + 0.5f, y + 0.5f, pixel);
        }

        Span<byte> one = stackalloc byte[3];
        int red = 0, green = 0, blue = 0, count = 0;
        for (int i = 0; i < taps * taps; i++)
        {
            if (Bilinear(picture, map, x + (((i % taps) + 0.5f) / taps), y + (((i / taps) + 0.5f) / taps), one))
            {
                (red, green, blue, count) = (red + one[0], green + one[1], blue + one[2], count + 1);
            }
        }

        if (count == 0)
        {
            return false;
        }

        (pixel[0], pixel[1], pixel[2]) = ((byte)(red / count), (byte)(green / count), (byte)(blue / count));
        return true;
    }

    private static bool Bilinear(DetectionPicture picture, in AffineTransform map, float x, float y, Span<byte> pixel)
    {
        float fromX = (map.A * x) + (map.B * y) + map.C, fromY = (map.D * x) + (map.E * y) + map.F;
        if (!(fromX >= 0 && fromY >= 0 && fromX < picture.Width && fromY < picture.Height))
        {
            return false;
        }

        fromX = Math.Clamp(fromX - 0.5f, 0, picture.Width - 1);
        fromY = Math.Clamp(fromY - 0.5f, 0, picture.Height - 1);
        int left = (int)fromX, top = (int)fromY;
        int fx = (int)((fromX - left) * FixedOne), fy = (int)((fromY - top) * FixedOne);
        int right = left + 1 < picture.Width ? 3 : 0, below = top + 1 < picture.Height ? 3 * picture.Width : 0;
        ReadOnlySpan<byte> from = picture.Pixels.AsSpan(3 * ((top * picture.Width) + left));
        for (int c = 0; c < 3; c++)
        {
            int upper = (from[c] * (FixedOne - fx)) + (from[c + right] * fx);
            int lower = (from[c + below] * (FixedOne - fx)) + (from[c + below + right] * fx);
            pixel[c] = (byte)(((upper * (FixedOne - fy)) + (lower * fy) + (FixedOne * FixedOne / 2)) / (FixedOne * FixedOne));
        }

        return true;
    }
}
