using System.Globalization;

namespace FerSharp;

/// <summary>A point in pixels of the source picture; pixel centres lie at halves.</summary>
/// <param name="X">Rightwards from the left edge.</param>
/// <param name="Y">Downwards from the top edge.</param>
public readonly record struct PointF(float X, float Y)
{
    /// <summary>The coordinates to a tenth of a pixel, in the invariant culture: <c>12.5,30</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X:0.#},{Y:0.#}");
}

/// <summary>A rectangle in pixels of the source picture. It may reach outside the picture.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width; not negative for a meaningful rectangle.</param>
/// <param name="Height">Height; not negative for a meaningful rectangle.</param>
public readonly record struct RectF(float X, float Y, float Width, float Height)
{
    /// <summary>Right edge, X + Width.</summary>
    public float Right => X + Width;

    /// <summary>Bottom edge, Y + Height.</summary>
    public float Bottom => Y + Height;

    /// <summary>The middle.</summary>
    public PointF Center => new(X + (Width / 2), Y + (Height / 2));

    /// <summary>Width times height; 0 for a rectangle with a negative side.</summary>
    public float Area => Width > 0 && Height > 0 ? Width * Height : 0;

    /// <summary>Area of the overlap with another rectangle, in square pixels; 0 where they do not overlap.</summary>
    /// <param name="other">The other rectangle.</param>
    public float IntersectionArea(in RectF other)
    {
        float width = MathF.Min(Right, other.Right) - MathF.Max(X, other.X);
        float height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Y, other.Y);
        return width > 0 && height > 0 ? width * height : 0;
    }

    /// <summary>Intersection over union (Jaccard index), 0 to 1; 0 where both are empty.</summary>
    /// <param name="other">The other rectangle.</param>
    public float IntersectionOverUnion(in RectF other)
    {
        float intersection = IntersectionArea(other);
        float union = Area + other.Area - intersection;
        return union > 0 ? intersection / union : 0;
    }

    /// <summary>Corner and size to a tenth of a pixel, in the invariant culture: <c>12.5,30 100x120</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X:0.#},{Y:0.#} {Width:0.#}x{Height:0.#}");
}
