namespace FerSharp.Features;

/// <summary>Points in units of the eyes' distance, with the origin half-way between the eyes, x along them to the right of the picture and y downwards from them.</summary>
internal static class EyeFrame
{
    /// <summary>Eyes nearer to each other than this, in pixels, count as coinciding.</summary>
    private const float MinDistance = 1e-3f;

    private const float MaxLength = 10;

    /// <summary>Moves points into the frame of two eyes.</summary>
    /// <param name="points">The points, changed in place.</param>
    /// <param name="leftEye">Centre of the eye that is left in the picture.</param>
    /// <param name="rightEye">Centre of the other.</param>
    /// <returns>False where the eyes coincide or a coordinate is not finite; the points are then of no use.</returns>
    public static bool TryEnter(Span<PointF> points, PointF leftEye, PointF rightEye)
    {
        float x = (leftEye.X + rightEye.X) / 2, y = (leftEye.Y + rightEye.Y) / 2, dx = rightEye.X - leftEye.X, dy = rightEye.Y - leftEye.Y;
        float square = (dx * dx) + (dy * dy);
        if (!(square > MinDistance * MinDistance) || !float.IsFinite(square))
        {
            return false;
        }

        foreach (ref PointF point in points)
        {
            float px = point.X - x, py = point.Y - y;
            point = new PointF(((px * dx) + (py * dy)) / square, ((py * dx) - (px * dy)) / square);
            if (!float.IsFinite(point.X) || !float.IsFinite(point.Y))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The centre of a run of points.</summary>
    public static PointF Mean(ReadOnlySpan<PointF> points)
    {
        float x = 0, y = 0;
        foreach (PointF point in points)
        {
            x += point.X;
            y += point.Y;
        }

        return new PointF(x / points.Length, y / points.Length);
    }

    /// <summary>A length, cut so that a stray point cannot drown the others.</summary>
    public static float Cut(float length) => Math.Clamp(length, -MaxLength, MaxLength);

    public static float Distance(PointF a, PointF b) => Cut(MathF.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y))));

    /// <summary>One length over another, cut; 0 where the other is 0.</summary>
    public static float Ratio(float length, float over) => over == 0 ? 0 : Cut(length / over);

    /// <summary>Slope of the way from a to b in units of 180 degrees, -1 to 1; above 0 where it goes down in the picture.</summary>
    public static float Slope(PointF a, PointF b) => MathF.Atan2(b.Y - a.Y, b.X - a.X) / MathF.PI;

    /// <summary>The angle at a corner between the ways to a and to b, in units of 180 degrees, 0 to 1; 0 where a way has no length.</summary>
    public static float Angle(PointF a, PointF corner, PointF b)
    {
        float ax = a.X - corner.X, ay = a.Y - corner.Y, bx = b.X - corner.X, by = b.Y - corner.Y;
        return MathF.Atan2(MathF.Abs((ax * by) - (ay * bx)), (ax * bx) + (ay * by)) / MathF.PI;
    }
}
