namespace FerSharp.Tracking;

/// <summary>One followed face: centre in pixels and size in logarithms, each with a <see cref="MotionFilter"/>. Reused for another face once it ended.</summary>
internal sealed class TrackState
{
    /// <summary>Of the centre, in face sizes. A head turns and stops within a second; five-point detectors place a box to a few per cent of its size.</summary>
    private static readonly MotionFilter.Motion Centre = new(Fade: 1, Density: 4, Speed: 2, Error: 0.06);

    /// <summary>Of the logarithm of width and height.</summary>
    private static readonly MotionFilter.Motion Size = new(Fade: 0.3, Density: 0.3, Speed: 0.3, Error: 0.07);

    private MotionFilter _x, _y, _width, _height;
    private OneEuroFilter _steadyX, _steadyY, _steadyWidth, _steadyHeight;
    private FaceDetection _seen;
    private int _detections, _updates;

    /// <summary>0 until the track is confirmed.</summary>
    public int Id { get; private set; }

    public TimeSpan FirstSeen { get; private set; }

    public TimeSpan LastSeen { get; private set; }

    private double Scale => Math.Exp((_width.Position + _height.Position) / 2);

    public void Start(in FaceDetection face, TimeSpan timestamp)
    {
        (Id, _detections, _updates) = (0, 1, 1);
        (FirstSeen, LastSeen, _seen) = (timestamp, timestamp, face);
        PointF centre = face.Box.Center;
        double scale = Math.Sqrt((double)face.Box.Width * face.Box.Height);
        Start(ref _x, centre.X, Centre, scale);
        Start(ref _y, centre.Y, Centre, scale);
        Start(ref _width, Math.Log(face.Box.Width), Size, 1);
        Start(ref _height, Math.Log(face.Box.Height), Size, 1);
        _steadyX.Start(centre.X);
        _steadyY.Start(centre.Y);
        _steadyWidth.Start(face.Box.Width);
        _steadyHeight.Start(face.Box.Height);
    }

    public void Predict(double seconds)
    {
        double scale = Scale;
        _x.Predict(seconds, Centre, scale);
        _y.Predict(seconds, Centre, scale);
        _width.Predict(seconds, Size, 1);
        _height.Predict(seconds, Size, 1);
        _updates++;
    }

    /// <summary>
    /// Twice the negative log-likelihood of a detection, less its value for a certain track: squared Mahalanobis distance plus the logarithm of how much
    /// wider the expectation is than one measurement. The second term keeps a track that was long unseen, and so fits nearly anything, from taking a seen one's face.
    /// Infinite where the face is farther away than a face can be.
    /// </summary>
    public double Distance(in FaceDetection face, double maxDistance)
    {
        PointF centre = face.Box.Center;
        double scale = Scale, dx = centre.X - _x.Position, dy = centre.Y - _y.Position;
        double reach = maxDistance * Math.Max(scale, Math.Sqrt((double)face.Box.Width * face.Box.Height));
        if (!((dx * dx) + (dy * dy) <= reach * reach))
        {
            return double.PositiveInfinity;
        }

        return Term(_x, dx, Centre.Error * scale) + Term(_y, dy, Centre.Error * scale)
            + Term(_width, Math.Log(face.Box.Width) - _width.Position, Size.Error) + Term(_height, Math.Log(face.Box.Height) - _height.Position, Size.Error);

        static double Term(in MotionFilter filter, double difference, double error)
        {
            double variance = error * error, total = filter.Variance + variance;
            return (difference * difference / total) + Math.Log(total / variance);
        }
    }

    public void Correct(in FaceDetection face, TimeSpan timestamp, OneEuroOptions? steady)
    {
        double seconds = (timestamp - LastSeen).TotalSeconds, scale = Scale;
        PointF centre = face.Box.Center;
        double error = Centre.Error * scale;
        _x.Correct(centre.X, error * error);
        _y.Correct(centre.Y, error * error);
        _width.Correct(Math.Log(face.Box.Width), Size.Error * Size.Error);
        _height.Correct(Math.Log(face.Box.Height), Size.Error * Size.Error);
        if (steady is not null)
        {
            _steadyX.Apply(centre.X, seconds, scale, steady);
            _steadyY.Apply(centre.Y, seconds, scale, steady);
            _steadyWidth.Apply(face.Box.Width, seconds, scale, steady);
            _steadyHeight.Apply(face.Box.Height, seconds, scale, steady);
        }

        (LastSeen, _seen) = (timestamp, face);
        _detections++;
    }

    /// <summary>Whether the face was there long enough, and in more than half of the updates.</summary>
    public bool IsWorthAnId(TimeSpan timestamp, TimeSpan confirmAfter) =>
        timestamp - FirstSeen >= confirmAfter && (_detections > 1 || confirmAfter == TimeSpan.Zero) && 2 * _detections > _updates;

    public void Confirm(int id) => Id = id;

    /// <summary>The face as it is expected a time after the last update, with the last seen landmarks moved along.</summary>
    /// <param name="seconds">From the tracker's last update on, at least 0.</param>
    /// <param name="now">Time of the tracker's last update.</param>
    /// <param name="steady">Whether the steadied box is asked for.</param>
    public FaceTrack At(double seconds, TimeSpan now, bool steady)
    {
        double x = _x.Position + _x.Displacement(seconds, Centre), y = _y.Position + _y.Displacement(seconds, Centre);
        double width = Math.Exp(_width.Position + _width.Displacement(seconds, Size)), height = Math.Exp(_height.Position + _height.Displacement(seconds, Size));
        // While a face is unseen its steadied box is of the past; what the motion filter expects is better.
        if (steady && LastSeen == now)
        {
            (x, y) = (_steadyX.Value + x - _x.Position, _steadyY.Value + y - _y.Position);
            (width, height) = (_steadyWidth.Value * width / Math.Exp(_width.Position), _steadyHeight.Value * height / Math.Exp(_height.Position));
        }

        var box = new RectF((float)(x - (width / 2)), (float)(y - (height / 2)), (float)width, (float)height);
        double keep = Math.Exp(-seconds / Centre.Fade);
        return new FaceTrack(Id, new FaceDetection(box, _seen.Score, Move(_seen.Landmarks, _seen.Box, box)), new PointF((float)(_x.Velocity * keep), (float)(_y.Velocity * keep)), FirstSeen, LastSeen);
    }

    private static void Start(ref MotionFilter filter, double value, in MotionFilter.Motion motion, double unit) =>
        filter.Start(value, motion.Error * motion.Error * unit * unit, motion.Speed * motion.Speed * unit * unit);

    private static FaceLandmarks Move(in FaceLandmarks points, RectF from, RectF to)
    {
        return points.IsEmpty ? default : new FaceLandmarks(One(points.LeftEye), One(points.RightEye), One(points.Nose), One(points.LeftMouth), One(points.RightMouth));

        PointF One(PointF point) => new(to.X + ((point.X - from.X) * to.Width / from.Width), to.Y + ((point.Y - from.Y) * to.Height / from.Height));
    }
}
