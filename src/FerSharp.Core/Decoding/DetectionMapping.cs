using FerSharp.Imaging;

namespace FerSharp.Decoding;

/// <summary>From a decoder's candidates in tensor pixels to faces of a picture. Stateless, thread-safe, allocation-free.</summary>
public static class DetectionMapping
{
    /// <summary>Maps candidates to source pixels in place, and drops those that are no face in this picture: outside it, without a size, or not finite.</summary>
    /// <param name="candidates">In tensor pixels; the first ones are in source pixels afterwards, in their old order.</param>
    /// <param name="map">From tensor to source coordinates; see <see cref="TensorMap.ForFrame"/>.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <returns>How many were kept.</returns>
    public static int ToSource(Span<FaceDetection> candidates, in AffineTransform map, int width, int height)
    {
        int count = 0;
        foreach (ref readonly FaceDetection candidate in candidates)
        {
            RectF box = map.Apply(candidate.Box);
            bool isInside = box.Right > 0 && box.Bottom > 0 && box.X < width && box.Y < height;
            if (!isInside || !(box.Width > 0 && box.Height > 0) || !float.IsFinite(box.Width) || !float.IsFinite(box.Height))
            {
                continue;
            }

            FaceLandmarks points = candidate.Landmarks;
            if (!points.IsEmpty)
            {
                points = new FaceLandmarks(map.Apply(points.LeftEye), map.Apply(points.RightEye), map.Apply(points.Nose), map.Apply(points.LeftMouth), map.Apply(points.RightMouth));
                points = IsFinite(points) ? points : default;
            }

            candidates[count++] = new FaceDetection(box, candidate.Score, points);
        }

        return count;
    }

    /// <summary>Points that are no numbers are no points: neither an aligner nor a JSON file has a use for them.</summary>
    private static bool IsFinite(in FaceLandmarks points)
    {
        float sum = 0;
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            // 0 times a number is 0; 0 times anything else is NaN.
            sum += (0 * points[i].X) + (0 * points[i].Y);
        }

        return sum == 0;
    }
}
