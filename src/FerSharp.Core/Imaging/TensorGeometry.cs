namespace FerSharp.Imaging;

/// <summary>Where a tensor's pixels come from: the map to source coordinates, and the part of the tensor that holds picture.</summary>
/// <param name="ToSource">From tensor to source coordinates.</param>
/// <param name="ContentWidth">Columns of the tensor that hold picture, from <paramref name="ContentX"/> on; the rest is padding.</param>
/// <param name="ContentHeight">Rows of the tensor that hold picture, from <paramref name="ContentY"/> on; the rest is padding.</param>
/// <param name="ContentX">First column that holds picture.</param>
/// <param name="ContentY">First row that holds picture.</param>
/// <param name="IsWholeFrame">Whether the content is exactly the whole picture: its edge pixels then continue for the half pixel that sampling may reach beyond them, whatever the border.</param>
public readonly record struct TensorGeometry(AffineTransform ToSource, int ContentWidth, int ContentHeight, int ContentX = 0, int ContentY = 0, bool IsWholeFrame = false)
{
    /// <summary>Fits a whole picture to a tensor, as the manifest's resize mode says: a detector's view.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="spec">The tensor.</param>
    /// <remarks>
    /// A letterbox keeps the picture's shape up to rounding to whole tensor pixels: each axis is scaled to fill its rounded size exactly, as
    /// references that resize and then pad do. At least one row and one column hold picture.
    /// </remarks>
    public static TensorGeometry ForFrame(int width, int height, PreprocessingSpec spec) =>
        Fit(new RectF(0, 0, width, height), spec) with { IsWholeFrame = true };

    /// <summary>
    /// Places a face in a classifier's tensor, as the manifest says: aligned by its landmarks where the manifest has a template and the face
    /// has landmarks; otherwise by its box, squared and widened; a whole-picture region fills the tensor.
    /// </summary>
    /// <param name="region">The face.</param>
    /// <param name="spec">The tensor.</param>
    public static TensorGeometry ForFace(in FaceRegion region, PreprocessingSpec spec)
    {
        if (region.IsWhole)
        {
            return ForFrame(region.Frame.Width, region.Frame.Height, spec);
        }

        if (spec.AlignTo is { } template && !region.Face.Landmarks.IsEmpty && TryAlign(region.Face.Landmarks, template, spec, out AffineTransform toTensor))
        {
            return new TensorGeometry(toTensor.Inverse(), spec.Width, spec.Height);
        }

        return Fit(Crop(region.Face.Box, spec.Crop), spec);
    }

    /// <summary>A face's box squared, widened and moved as a manifest says, in source pixels.</summary>
    /// <param name="box">The detector's box.</param>
    /// <param name="crop">The manifest's rule.</param>
    public static RectF Crop(in RectF box, CropSpec crop)
    {
        float width = crop.Square ? MathF.Max(box.Width, box.Height) : box.Width;
        float height = crop.Square ? width : box.Height;
        PointF center = box.Center;
        float centerY = center.Y + (crop.ShiftY * height);
        width *= 1 + (2 * crop.Margin);
        height *= 1 + (2 * crop.Margin);
        return new RectF(center.X - (width / 2), centerY - (height / 2), width, height);
    }

    private static TensorGeometry Fit(in RectF source, PreprocessingSpec spec)
    {
        if (spec.Resize == ResizeMode.Stretch)
        {
            return new TensorGeometry(AffineTransform.Stretch(source, spec.Width, spec.Height), spec.Width, spec.Height);
        }

        float scale = MathF.Min(spec.Width / source.Width, spec.Height / source.Height);
        int width = Math.Clamp((int)MathF.Round(source.Width * scale), 1, spec.Width);
        int height = Math.Clamp((int)MathF.Round(source.Height * scale), 1, spec.Height);
        bool center = spec.Resize == ResizeMode.LetterboxCenter;
        int x = center ? (spec.Width - width) / 2 : 0;
        int y = center ? (spec.Height - height) / 2 : 0;
        AffineTransform map = AffineTransform.Stretch(source, width, height);
        return new TensorGeometry(map with { C = map.C - (map.A * x), F = map.F - (map.E * y) }, width, height, x, y);
    }

    private static bool TryAlign(in FaceLandmarks landmarks, IReadOnlyList<PointF> template, PreprocessingSpec spec, out AffineTransform toTensor)
    {
        Span<PointF> points = stackalloc PointF[FaceLandmarks.Count];
        Span<PointF> targets = stackalloc PointF[FaceLandmarks.Count];
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            points[i] = landmarks[i];
            targets[i] = new PointF(template[i].X * spec.Width, template[i].Y * spec.Height);
        }

        return AffineTransform.TryFitSimilarity(points, targets, out toTensor);
    }
}
