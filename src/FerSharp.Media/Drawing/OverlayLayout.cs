namespace FerSharp.Media;

/// <summary>Finds places for labels and panels: inside the picture, near their face, over as little else as can be.</summary>
/// <param name="width">Width of the picture.</param>
/// <param name="height">Height of the picture.</param>
/// <param name="faces">The faces' boxes.</param>
internal sealed class OverlayLayout(int width, int height, IReadOnlyList<RectF> faces)
{
    private readonly List<RectF> _placed = [];

    /// <summary>A place for a face's label; there always is one.</summary>
    public RectF PlaceLabel(int face, float labelWidth, float labelHeight, float gap)
    {
        RectF box = faces[face];
        float right = box.Right - labelWidth;
        float middle = box.Center.Y - (labelHeight / 2);
        ReadOnlySpan<PointF> corners =
        [
            new(box.X - gap, box.Y - gap - labelHeight),
            new(box.X - gap, box.Bottom + gap),
            new(right + gap, box.Y - gap - labelHeight),
            new(right + gap, box.Bottom + gap),
            new(box.Right + gap, box.Y - gap),
            new(box.X - gap - labelWidth, box.Y - gap),
            new(box.Right + gap, middle),
            new(box.X - gap - labelWidth, middle),
            new(box.X, box.Y),
            new(box.X, box.Bottom - labelHeight),
        ];
        RectF best = default;
        float least = float.MaxValue;
        float order = 0;
        foreach (PointF corner in corners)
        {
            RectF place = MoveInside(corner, labelWidth, labelHeight);
            float cost = ((4 * CoveredFaces(place, face)) + (6 * Covered(place, _placed)) + (1.5f * place.IntersectionArea(box))) / place.Area;
            cost += order;
            order += 0.03f;
            if (cost < least)
            {
                (best, least) = (place, cost);
            }
        }

        _placed.Add(best);
        return best;
    }

    /// <summary>A place for a face's panel that covers no other face and no label, and at most a part of its own face.</summary>
    public bool TryPlacePanel(int face, float panelWidth, float panelHeight, float gap, out RectF panel)
    {
        const float MostOfOwnFace = 0.3f;
        panel = default;
        if (panelWidth > width || panelHeight > height)
        {
            return false;
        }

        RectF box = faces[face];
        ReadOnlySpan<PointF> corners =
        [
            new(box.Right + gap, box.Y),
            new(box.X - gap - panelWidth, box.Y),
            new(box.Right + gap, box.Bottom - panelHeight),
            new(box.X - gap - panelWidth, box.Bottom - panelHeight),
            new(box.X, box.Bottom + gap),
            new(box.Right - panelWidth, box.Bottom + gap),
            new(box.X, box.Y - gap - panelHeight),
            new(box.Right - panelWidth, box.Y - gap - panelHeight),
            // A face that fills the picture: into a corner of it, the lower ones first, where fewer eyes are.
            new(0, height),
            new(width, height),
            new(0, 0),
            new(width, 0),
        ];
        float least = MostOfOwnFace;
        for (int i = 0; i < (faces.Count == 1 ? corners.Length : corners.Length - 4); i++)
        {
            RectF place = MoveInside(corners[i], panelWidth, panelHeight);
            float own = place.IntersectionArea(box) / box.Area;
            if (own < least && CoveredFaces(place, face) + Covered(place, _placed) < 0.01f * place.Area)
            {
                (panel, least) = (place, own - 0.01f);
            }
        }

        if (panel == default)
        {
            return false;
        }

        _placed.Add(panel);
        return true;
    }

    private static float Covered(in RectF place, IReadOnlyList<RectF> others)
    {
        float area = 0;
        foreach (RectF other in others)
        {
            area += place.IntersectionArea(other);
        }

        return area;
    }

    private float CoveredFaces(in RectF place, int except) => Covered(place, faces) - place.IntersectionArea(faces[except]);

    private RectF MoveInside(PointF corner, float w, float h) =>
        new(MathF.Round(Math.Clamp(corner.X, 0, Math.Max(0, width - w))), MathF.Round(Math.Clamp(corner.Y, 0, Math.Max(0, height - h))), w, h);
}
