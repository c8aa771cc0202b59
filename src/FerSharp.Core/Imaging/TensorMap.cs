namespace FerSharp.Imaging;

/// <summary>Where a tensor's pixels come from: maps from tensor to source coordinates, as a manifest says.</summary>
public static class TensorMap
{
    /// <summary>Fits a whole picture to a tensor, as the manifest's resize mode says: a detector's view.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="spec">The tensor.</param>
    /// <remarks>A letterbox has one scale for both axes, not rounded to whole tensor pixels, so that shapes and boxes stay exact.</remarks>
    public static AffineTransform ForFrame(int width, int height, PreprocessingSpec spec) => Fit(new RectF(0, 0, width, height), spec);

    /// <summary>Fits a rectangle of a picture to a tensor, as the manifest's resize mode says. What lies outside the picture is border.</summary>
    /// <param name="box">The rectangle, in source pixels, with positive sides.</param>
    /// <param name="spec">The tensor.</param>
    public static AffineTransform ForBox(in RectF box, PreprocessingSpec spec) => Fit(box, spec);

    /// <summary>
    /// Places a face in a classifier's tensor, as the manifest says: aligned by its landmarks where the manifest has a template and the face
    /// has landmarks; otherwise by its box, squared and widened; a whole-picture region fills the tensor.
    /// </summary>
    /// <param name="region">The face.</param>
    /// <param name="spec">The tensor.</param>
    public static AffineTransform ForFace(in FaceRegion region, PreprocessingSpec spec)
    {
        if (region.IsWhole)
        {
            return Fit(region.Face.Box, spec);
        }

        if (spec.AlignTo is { } template && !region.Face.Landmarks.IsEmpty && TryAlign(region.Face.Landmarks, template, spec, out AffineTransform toTensor))
        {
            return toTensor.Inverse();
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

    private static AffineTransform Fit(in RectF source, PreprocessingSpec spec)
    {
        if (spec.Resize == ResizeMode.Stretch)
        {
            return AffineTransform.Stretch(source, spec.Width, spec.Height);
        }

        float step = MathF.Max(source.Width / spec.Width, source.Height / spec.Height);
        float left = source.X, top = source.Y;
        if (spec.Resize == ResizeMode.LetterboxCenter)
        {
            left += (source.Width - (step * spec.Width)) / 2;
            top += (source.Height - (step * spec.Height)) / 2;
        }

        return new AffineTransform(step, 0, left, 0, step, top);
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
