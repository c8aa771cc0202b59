using static FerSharp.Features.EyeFrame;

namespace FerSharp.Features;

/// <summary>Geometry of the five landmarks of a detection. docs/features.md lists the values.</summary>
internal static class FacePoints
{
    public const int Length = 19;

    /// <summary>Writes all values where the landmarks can be used, otherwise none.</summary>
    public static bool TryWrite(in FaceLandmarks landmarks, Span<float> row)
    {
        Span<PointF> points = [landmarks.LeftEye, landmarks.RightEye, landmarks.Nose, landmarks.LeftMouth, landmarks.RightMouth];
        if (landmarks.IsEmpty || !TryEnter(points, landmarks.LeftEye, landmarks.RightEye))
        {
            return false;
        }

        PointF leftEye = points[0], rightEye = points[1], nose = points[2], left = points[3], right = points[4], mouth = Mean(points[3..]);
        ReadOnlySpan<float> values =
        [
            1,
            Distance(leftEye, nose), Distance(rightEye, nose),
            Distance(leftEye, left), Distance(rightEye, right),
            Distance(leftEye, right), Distance(rightEye, left),
            Distance(nose, left), Distance(nose, right),
            Distance(left, right),
            Angle(leftEye, nose, rightEye), Angle(left, nose, right),
            Angle(leftEye, left, right), Angle(rightEye, right, left),
            Slope(left, right),
            Cut(mouth.Y), Ratio(nose.Y, mouth.Y), Ratio(Distance(left, right), mouth.Y),
            Cut(nose.X - mouth.X),
        ];
        values.CopyTo(row);
        return true;
    }
}
