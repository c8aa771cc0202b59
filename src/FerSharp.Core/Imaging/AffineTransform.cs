namespace FerSharp.Imaging;

/// <summary>An affine map of the plane: <c>x' = A x + B y + C</c>, <c>y' = D x + E y + F</c>.</summary>
/// <remarks>
/// Maps from tensor to source coordinates wherever pixels are sampled. Coordinates are continuous: pixel (i, j) covers
/// [i, i + 1) x [j, j + 1), its centre is (i + 0.5, j + 0.5).
/// </remarks>
/// <param name="A">Factor of x in x'.</param>
/// <param name="B">Factor of y in x'.</param>
/// <param name="C">Offset of x'.</param>
/// <param name="D">Factor of x in y'.</param>
/// <param name="E">Factor of y in y'.</param>
/// <param name="F">Offset of y'.</param>
public readonly record struct AffineTransform(float A, float B, float C, float D, float E, float F)
{
    /// <summary>The map that changes nothing.</summary>
    public static AffineTransform Identity => new(1, 0, 0, 0, 1, 0);

    /// <summary>Whether rows stay rows and columns stay columns.</summary>
    public bool IsAxisAligned => B == 0 && D == 0;

    /// <summary>The map's value at a point.</summary>
    /// <param name="point">The point.</param>
    public PointF Apply(PointF point) => new((A * point.X) + (B * point.Y) + C, (D * point.X) + (E * point.Y) + F);

    /// <summary>The bounding box of a rectangle's image; exact where the map is axis-aligned and not mirrored.</summary>
    /// <param name="rect">The rectangle.</param>
    public RectF Apply(in RectF rect)
    {
        PointF a = Apply(new PointF(rect.X, rect.Y)), b = Apply(new PointF(rect.Right, rect.Y));
        PointF c = Apply(new PointF(rect.X, rect.Bottom)), d = Apply(new PointF(rect.Right, rect.Bottom));
        float left = MathF.Min(MathF.Min(a.X, b.X), MathF.Min(c.X, d.X)), right = MathF.Max(MathF.Max(a.X, b.X), MathF.Max(c.X, d.X));
        float top = MathF.Min(MathF.Min(a.Y, b.Y), MathF.Min(c.Y, d.Y)), bottom = MathF.Max(MathF.Max(a.Y, b.Y), MathF.Max(c.Y, d.Y));
        return new RectF(left, top, right - left, bottom - top);
    }

    /// <summary>The map that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">The map flattens the plane; nothing undoes it.</exception>
    public AffineTransform Inverse()
    {
        double determinant = ((double)A * E) - ((double)B * D);
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            throw new InvalidOperationException($"{this} has no inverse.");
        }

        double a = E / determinant, b = -B / determinant, d = -D / determinant, e = A / determinant;
        return new AffineTransform((float)a, (float)b, (float)-((a * C) + (b * F)), (float)d, (float)e, (float)-((d * C) + (e * F)));
    }

    /// <summary>The map that stretches a tensor of the given size over a rectangle of the source.</summary>
    /// <param name="source">The rectangle.</param>
    /// <param name="width">Width of the tensor.</param>
    /// <param name="height">Height of the tensor.</param>
    public static AffineTransform Stretch(in RectF source, int width, int height) =>
        new(source.Width / width, 0, source.X, 0, source.Height / height, source.Y);

    /// <summary>
    /// The similarity (rotation, uniform scale, shift; no mirroring) that brings points closest to their targets in the least-squares
    /// sense. Umeyama, Least-squares estimation of transformation parameters between two point patterns, 1991; in the plane its
    /// solution is a division of complex numbers.
    /// </summary>
    /// <param name="points">The points.</param>
    /// <param name="targets">Where they should come to lie; as many.</param>
    /// <param name="transform">The similarity, where the method returns true.</param>
    /// <returns>False where the points coincide or a coordinate is not finite, so that no similarity is determined.</returns>
    /// <exception cref="ArgumentException">Not as many targets as points, or fewer than two.</exception>
    public static bool TryFitSimilarity(ReadOnlySpan<PointF> points, ReadOnlySpan<PointF> targets, out AffineTransform transform)
    {
        if (points.Length != targets.Length || points.Length < 2)
        {
            throw new ArgumentException($"Two or more points and as many targets are needed; {points.Length} and {targets.Length} were given.", nameof(targets));
        }

        double px = 0, py = 0, qx = 0, qy = 0;
        for (int i = 0; i < points.Length; i++)
        {
            px += points[i].X;
            py += points[i].Y;
            qx += targets[i].X;
            qy += targets[i].Y;
        }

        px /= points.Length;
        py /= points.Length;
        qx /= points.Length;
        qy /= points.Length;
        double dot = 0, cross = 0, norm = 0;
        for (int i = 0; i < points.Length; i++)
        {
            double x = points[i].X - px, y = points[i].Y - py, u = targets[i].X - qx, v = targets[i].Y - qy;
            dot += (x * u) + (y * v);
            cross += (x * v) - (y * u);
            norm += (x * x) + (y * y);
        }

        double a = dot / norm, b = cross / norm;
        transform = new AffineTransform((float)a, (float)-b, (float)(qx - (a * px) + (b * py)), (float)b, (float)a, (float)(qy - (b * px) - (a * py)));
        return norm > 0 && (a * a) + (b * b) is > 0 and < double.PositiveInfinity;
    }
}
