using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>Covers parts of faces: their lower third as a mask does, the eyes as dark glasses do, or a rectangle as a hand or another head does.</summary>
internal static class FaceCover
{
    // Of smaller faces nothing would be left.
    private const float SmallestFace = 16;

    public static void Apply(SceneCanvas canvas, float probability, ref RandomSource random)
    {
        for (int i = 0; i < canvas.Faces.Count; i++)
        {
            TrueFace face = canvas.Faces[i];
            if (random.Unit() >= probability || face.Size < SmallestFace)
            {
                continue;
            }

            RectF box = face.Box;
            Span<byte> colour = [(byte)random.Below(256), (byte)random.Below(256), (byte)random.Below(256)];
            switch (random.Below(3))
            {
                case 0:
                    // Masks are white, blue or black more often than of any colour.
                    if (random.Unit() < 0.7f)
                    {
                        byte light = (byte)random.Below(256);
                        (colour[0], colour[1], colour[2]) = (light, light, (byte)Math.Min(light + random.Below(60), 255));
                    }

                    float top = face.Landmarks.IsEmpty ? box.Y + (0.58f * box.Height) : face.Landmarks.Nose.Y + (random.Around(0.06f) * box.Height);
                    Fill(canvas, new RectF(box.X + (0.06f * box.Width), top, 0.88f * box.Width, box.Bottom - top), colour, rounded: 0.35f);
                    break;
                case 1 when !face.Landmarks.IsEmpty:
                    byte dark = (byte)random.Below(50);
                    colour.Fill(dark);
                    float radius = (0.13f + (0.05f * random.Unit())) * box.Width;
                    FillEye(canvas, face.Landmarks.LeftEye, radius, colour);
                    FillEye(canvas, face.Landmarks.RightEye, radius, colour);
                    break;
                default:
                    float width = (0.2f + (0.4f * random.Unit())) * box.Width, height = (0.2f + (0.4f * random.Unit())) * box.Height;
                    Fill(canvas, new RectF(box.X + (random.Unit() * (box.Width - width)), box.Y + (random.Unit() * (box.Height - height)), width, height), colour, rounded: 0);
                    break;
            }
        }
    }

    private static void FillEye(SceneCanvas canvas, PointF eye, float radius, ReadOnlySpan<byte> colour) =>
        Fill(canvas, new RectF(eye.X - radius, eye.Y - (0.8f * radius), 2 * radius, 1.6f * radius), colour, rounded: 1);

    /// <summary>Fills a rectangle; its lower corners, or with 1 all of it, are rounded.</summary>
    private static void Fill(SceneCanvas canvas, in RectF area, ReadOnlySpan<byte> colour, float rounded)
    {
        int side = canvas.Side;
        int left = Math.Clamp((int)MathF.Round(area.X), 0, side), right = Math.Clamp((int)MathF.Round(area.Right), 0, side);
        int top = Math.Clamp((int)MathF.Round(area.Y), 0, side), bottom = Math.Clamp((int)MathF.Round(area.Bottom), 0, side);
        PointF center = area.Center;
        for (int y = top; y < bottom; y++)
        {
            float dy = (y + 0.5f - center.Y) / (area.Height / 2);
            float beyond = rounded == 1 ? dy : MathF.Max((dy - 1 + (2 * rounded)) / (2 * MathF.Max(rounded, 0.01f)), 0);
            float half = area.Width / 2 * MathF.Sqrt(MathF.Max(1 - (beyond * beyond), 0));
            for (int x = left; x < right; x++)
            {
                if (MathF.Abs(x + 0.5f - center.X) <= half)
                {
                    colour.CopyTo(canvas.Pixels[(3 * ((y * side) + x))..]);
                }
            }
        }
    }
}
