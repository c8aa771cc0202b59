using FerSharp.Evaluation;
using FerSharp.Imaging;

namespace FerSharp.Training;

/// <summary>Faces under similarity maps, mirror images included.</summary>
internal static class SceneGeometry
{
    /// <summary>The map from canvas to picture that lays a point of the picture onto one of the canvas.</summary>
    /// <param name="from">The point in the picture.</param>
    /// <param name="to">The point on the canvas.</param>
    /// <param name="scale">Canvas pixels in a pixel of the picture.</param>
    /// <param name="degrees">By how much the picture is turned, clockwise.</param>
    /// <param name="mirror">Whether it is mirrored first.</param>
    public static AffineTransform Place(PointF from, PointF to, float scale, float degrees, bool mirror)
    {
        (float sin, float cos) = MathF.SinCos(degrees * MathF.PI / 180);
        float side = mirror ? -1 : 1;
        float a = side * cos / scale, b = side * sin / scale, d = -sin / scale, e = cos / scale;
        return new AffineTransform(a, b, from.X - (a * to.X) - (b * to.Y), d, e, from.Y - (d * to.X) - (e * to.Y));
    }

    /// <summary>A face under a map. Its box becomes the one around the turned ellipse in it: a turned rectangle's would be too large.</summary>
    public static TrueFace Map(in TrueFace face, in AffineTransform map)
    {
        RectF box = face.Box;
        PointF center = map.Apply(box.Center);
        float width = MathF.Sqrt(Square(map.A * box.Width) + Square(map.B * box.Height));
        float height = MathF.Sqrt(Square(map.D * box.Width) + Square(map.E * box.Height));
        return new TrueFace(new RectF(center.X - (width / 2), center.Y - (height / 2), width, height), face.Ignored, Map(face.Landmarks, map));
    }

    /// <summary>The points under a map; a mirror image exchanges left and right.</summary>
    private static FaceLandmarks Map(in FaceLandmarks points, in AffineTransform map)
    {
        if (points.IsEmpty)
        {
            return points;
        }

        bool mirrored = (map.A * map.E) - (map.B * map.D) < 0;
        PointF leftEye = map.Apply(points.LeftEye), rightEye = map.Apply(points.RightEye), nose = map.Apply(points.Nose);
        PointF leftMouth = map.Apply(points.LeftMouth), rightMouth = map.Apply(points.RightMouth);
        return mirrored ? new FaceLandmarks(rightEye, leftEye, nose, rightMouth, leftMouth) : new FaceLandmarks(leftEye, rightEye, nose, leftMouth, rightMouth);
    }

    private static float Square(float value) => value * value;
}
