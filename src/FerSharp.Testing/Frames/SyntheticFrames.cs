namespace FerSharp.Testing;

/// <summary>A drawn face: a bright ellipse with two dark eyes and a dark mouth.</summary>
/// <param name="CenterX">Centre of the ellipse, in pixels from the left edge.</param>
/// <param name="CenterY">Centre of the ellipse, in pixels from the top edge.</param>
/// <param name="Height">Height of the ellipse in pixels; its width is <see cref="WidthToHeight"/> of that.</param>
/// <param name="Brightness">Luma of the skin, 0 to 255; the background lies near 45.</param>
/// <param name="Mouth">How far the mouth is open, 0 to 1: the drawing's only expression.</param>
/// <remarks>
/// Not a likeness of anybody: a pattern simple enough for a toy model. Where its landmarks lie is fixed, see <see cref="Landmarks"/>.
/// </remarks>
public readonly record struct SyntheticFace(float CenterX, float CenterY, float Height, byte Brightness = 220, float Mouth = 0.3f)
{
    /// <summary>Width of the ellipse divided by its height: 0.8.</summary>
    public const float WidthToHeight = 0.8f;

    /// <summary>The five landmarks as offsets from the box's centre, in units of the box's width and height; <see cref="FaceLandmarks"/> order.</summary>
    public static IReadOnlyList<PointF> LandmarkOffsets { get; } = [new(-0.2f, -0.15f), new(0.2f, -0.15f), new(0, 0.05f), new(-0.15f, 0.25f), new(0.15f, 0.25f)];

    /// <summary>The ellipse's box, in pixels.</summary>
    public RectF Box => new(CenterX - (Height * WidthToHeight / 2), CenterY - (Height / 2), Height * WidthToHeight, Height);

    /// <summary>Where the landmarks of a drawn face with this box lie.</summary>
    /// <param name="box">The ellipse's box, in pixels.</param>
    public static FaceLandmarks Landmarks(in RectF box)
    {
        PointF center = box.Center;
        float width = box.Width;
        float height = box.Height;
        PointF At(int i) => new(center.X + (LandmarkOffsets[i].X * width), center.Y + (LandmarkOffsets[i].Y * height));
        return new FaceLandmarks(At(0), At(1), At(2), At(3), At(4));
    }
}

/// <summary>Pictures for tests, the same for the same arguments on every machine. Pure functions; thread-safe; each result has memory of its own.</summary>
/// <remarks>Every method throws <see cref="ArgumentOutOfRangeException"/> for a size below 1 or an invalid format.</remarks>
public static class SyntheticFrames
{
    /// <summary>A picture of one colour.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="luma">Value of all channels, 0 to 255.</param>
    /// <param name="format">How a pixel is laid out.</param>
    public static FrameView Blank(int width, int height, byte luma = 0, PixelFormat format = PixelFormat.Rgb24) =>
        Paint(width, height, format, (_, _) => (luma, luma, luma));

    /// <summary>Independent, evenly spread noise in every channel.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="seed">Another seed gives another picture.</param>
    /// <param name="format">How a pixel is laid out.</param>
    public static FrameView Noise(int width, int height, int seed = 0, PixelFormat format = PixelFormat.Rgb24)
    {
        var random = new SplitMix((ulong)seed);
        return Paint(width, height, format, (_, _) =>
        {
            ulong bits = random.Next();
            return ((byte)bits, (byte)(bits >> 8), (byte)(bits >> 16));
        });
    }

    /// <summary>Red rises to the right, green downwards, blue along the diagonal: every pixel says where it is and every channel differs.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="format">How a pixel is laid out.</param>
    public static FrameView Gradient(int width, int height, PixelFormat format = PixelFormat.Rgb24) => Paint(width, height, format, (x, y) =>
    {
        int right = (255 * x) / Math.Max(1, width - 1);
        int down = (255 * y) / Math.Max(1, height - 1);
        return ((byte)right, (byte)down, (byte)((right + down) / 2));
    });

    /// <summary>Drawn faces on a dark, faintly structured background.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="faces">The faces, later ones over earlier ones.</param>
    /// <param name="format">How a pixel is laid out.</param>
    /// <param name="seed">Seed of the background.</param>
    public static FrameView Faces(int width, int height, ReadOnlySpan<SyntheticFace> faces, PixelFormat format = PixelFormat.Rgb24, int seed = 0)
    {
        var random = new SplitMix((ulong)seed);
        SyntheticFace[] drawn = faces.ToArray();
        return Paint(width, height, format, (x, y) =>
        {
            byte background = (byte)(40 + (random.Next() % 10));
            (byte, byte, byte) pixel = (background, background, (byte)(background + 8));
            foreach (SyntheticFace face in drawn)
            {
                if (ShadeOf(face, x + 0.5f, y + 0.5f) is { } shade)
                {
                    // A skin-like tint that keeps the luma: 0.299 * 16 - 0.587 * 4 - 0.114 * 21 is nearly 0.
                    pixel = (Tint(shade, 16), Tint(shade, -4), Tint(shade, -21));
                }
            }

            return pixel;
        });
    }

    /// <summary>Three faces of different size, brightness and mouth, far apart: the scene that laws use where a subject names none. 128 x 128, colour.</summary>
    public static FrameView FaceScene() => Faces(128, 128, SceneFaces.ToArray());

    /// <summary>The faces of <see cref="FaceScene"/>.</summary>
    public static IReadOnlyList<SyntheticFace> SceneFaces { get; } = [new(30, 34, 34, 225, 0.1f), new(98, 30, 30, 205, 0.9f), new(60, 98, 32, 215, 0.5f)];

    private static float? ShadeOf(in SyntheticFace face, float x, float y)
    {
        float u = (x - face.CenterX) / (face.Height * SyntheticFace.WidthToHeight);
        float v = (y - face.CenterY) / face.Height;
        if ((u * u) + (v * v) > 0.25f)
        {
            return null;
        }

        float eye = MathF.Abs(u) - 0.2f;
        bool isEye = (eye * eye) + ((v + 0.15f) * (v + 0.15f)) < 0.06f * 0.06f;
        bool isMouth = MathF.Abs(u) < 0.15f && MathF.Abs(v - 0.25f) < 0.02f + (0.06f * face.Mouth);
        return isEye || isMouth ? 60 : face.Brightness;
    }

    private static byte Tint(float shade, int tint) => (byte)Math.Clamp((int)shade + tint, 0, 255);

    private static FrameView Paint(int width, int height, PixelFormat format, Func<int, int, (byte R, byte G, byte B)> color)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int row = width * format.BytesPerPixel();
        byte[] pixels = new byte[row * height];
        pixels.AsSpan().Fill(255);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (byte r, byte g, byte b) = color(x, y);
                FrameTransforms.WritePixel(pixels.AsSpan(y * row, row), x, format, r, g, b);
            }
        }

        return new FrameView(pixels, width, height, format);
    }
}
