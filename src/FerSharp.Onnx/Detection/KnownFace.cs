namespace FerSharp.Onnx;

/// <summary>A face that is looked for where it was.</summary>
internal static class KnownFace
{
    /// <summary>What is looked at: a square of twice the longer side, around the box's centre.</summary>
    public static RectF Around(in RectF box)
    {
        float side = 2 * MathF.Max(box.Width, box.Height);
        PointF center = box.Center;
        return new RectF(center.X - (side / 2), center.Y - (side / 2), side, side);
    }

    /// <summary>
    /// The best-scored candidate that can be the same face: its centre lies in the box, its longer side is between half and twice the box's.
    /// Null where there is none; what else is in the crop, such as a neighbour cut by the crop's edge, is not asked for.
    /// </summary>
    public static FaceDetection? BestOf(ReadOnlySpan<FaceDetection> candidates, in RectF box)
    {
        FaceDetection? best = null;
        float side = MathF.Max(box.Width, box.Height);
        foreach (ref readonly FaceDetection candidate in candidates)
        {
            PointF center = candidate.Box.Center;
            float ratio = MathF.Max(candidate.Box.Width, candidate.Box.Height) / side;
            bool isSame = center.X >= box.X && center.X <= box.Right && center.Y >= box.Y && center.Y <= box.Bottom && ratio is >= 0.5f and <= 2;
            if (isSame && !(candidate.Score <= best?.Score))
            {
                best = candidate;
            }
        }

        return best;
    }
}
