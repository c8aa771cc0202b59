namespace FerSharp.Testing;

/// <summary>The laws of geometry: what happens to the picture happens to the faces.</summary>
internal static class DetectorGeometry
{
    public static void Shift(DetectorSubject subject)
    {
        int width = subject.Scene.Width + (subject.Scene.Width / 8);
        int height = subject.Scene.Height + (subject.Scene.Height / 8);
        int dx = width - subject.Scene.Width;
        int dy = height - subject.Scene.Height;
        FrameView before = FrameTransforms.Place(subject.Scene, width, height, 0, 0);
        FrameView after = FrameTransforms.Place(subject.Scene, width, height, dx, dy);
        ExpectMoved(subject, before, after, $"After a shift by ({dx}, {dy})", face => Map(face, point => new PointF(point.X + dx, point.Y + dy)));
    }

    public static void Enlarge(DetectorSubject subject) =>
        ExpectMoved(subject, subject.Scene, FrameTransforms.Enlarge(subject.Scene, 2), "At twice the size", face => Map(face, point => new PointF(2 * point.X, 2 * point.Y)));

    public static void Mirror(DetectorSubject subject)
    {
        int width = subject.Scene.Width;
        ExpectMoved(subject, subject.Scene, FrameTransforms.Mirror(subject.Scene), "In the mirrored scene", face =>
        {
            FaceLandmarks points = face.Landmarks;
            Expect.That(points.LeftEye.X <= points.RightEye.X, $"In the scene, the left eye is at x = {points.LeftEye.X} and the right eye at x = {points.RightEye.X}: left and right are the picture's.");
            FaceDetection swapped = points.IsEmpty ? face : face with { Landmarks = new FaceLandmarks(points.RightEye, points.LeftEye, points.Nose, points.RightMouth, points.LeftMouth) };
            return Map(swapped, point => new PointF(width - point.X, point.Y));
        });
    }

    private static void ExpectMoved(DetectorSubject subject, in FrameView before, in FrameView after, string when, Func<FaceDetection, FaceDetection> move)
    {
        using IFaceDetector detector = subject.Create();
        FaceDetection[] found = detector.Detect(after);
        FaceDetection[] clear = [.. DetectorLaws.TwoOrMore(detector, before).Where(face => face.Score >= subject.ClearScore)];
        Expect.That(clear.Length > 0, $"No face of the scene reaches the clear score of {subject.ClearScore}, so that this law cannot be checked.");
        foreach (FaceDetection face in clear)
        {
            FaceDetection expected = move(face);
            Expect.That(found.Length > 0, $"{when} no face was found; one should be at {expected.Box}.");
            FaceDetection nearest = found.MinBy(candidate => Distance(candidate, expected));
            float limit = subject.GeometryTolerance * MathF.Max(expected.Box.Width, expected.Box.Height);
            float distance = Distance(nearest, expected);
            Expect.That(distance <= limit, $"{when} the face {expected} should be found to {limit:0.00} pixels; the nearest, {nearest}, is off by {distance:0.00}.");
        }
    }

    private static FaceDetection Map(in FaceDetection face, Func<PointF, PointF> map)
    {
        PointF a = map(new PointF(face.Box.X, face.Box.Y));
        PointF b = map(new PointF(face.Box.Right, face.Box.Bottom));
        var box = new RectF(MathF.Min(a.X, b.X), MathF.Min(a.Y, b.Y), MathF.Abs(b.X - a.X), MathF.Abs(b.Y - a.Y));
        FaceLandmarks points = face.Landmarks;
        return new FaceDetection(box, face.Score, points.IsEmpty
            ? default
            : new FaceLandmarks(map(points.LeftEye), map(points.RightEye), map(points.Nose), map(points.LeftMouth), map(points.RightMouth)));
    }

    /// <summary>How far the worst edge or landmark is off, in pixels; infinite where only one has landmarks.</summary>
    private static float Distance(in FaceDetection a, in FaceDetection b)
    {
        if (a.Landmarks.IsEmpty != b.Landmarks.IsEmpty)
        {
            return float.PositiveInfinity;
        }

        float worst = MathF.Max(
            MathF.Max(MathF.Abs(a.Box.X - b.Box.X), MathF.Abs(a.Box.Right - b.Box.Right)),
            MathF.Max(MathF.Abs(a.Box.Y - b.Box.Y), MathF.Abs(a.Box.Bottom - b.Box.Bottom)));
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            worst = MathF.Max(worst, MathF.Max(MathF.Abs(a.Landmarks[i].X - b.Landmarks[i].X), MathF.Abs(a.Landmarks[i].Y - b.Landmarks[i].Y)));
        }

        return worst;
    }
}
