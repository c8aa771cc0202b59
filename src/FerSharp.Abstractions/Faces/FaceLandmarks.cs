namespace FerSharp;

/// <summary>Five points of a face, in pixels of the source picture. Left and right are the picture's, not the person's.</summary>
/// <remarks><c>default</c> is empty: the detector gives no landmarks. Immutable value, no memory behind it.</remarks>
public readonly record struct FaceLandmarks
{
    private readonly bool _present;

    /// <summary>Makes landmarks from five points.</summary>
    /// <param name="leftEye">Centre of the eye that is left in the picture.</param>
    /// <param name="rightEye">Centre of the eye that is right in the picture.</param>
    /// <param name="nose">Tip of the nose.</param>
    /// <param name="leftMouth">Corner of the mouth that is left in the picture.</param>
    /// <param name="rightMouth">Corner of the mouth that is right in the picture.</param>
    public FaceLandmarks(PointF leftEye, PointF rightEye, PointF nose, PointF leftMouth, PointF rightMouth)
    {
        LeftEye = leftEye;
        RightEye = rightEye;
        Nose = nose;
        LeftMouth = leftMouth;
        RightMouth = rightMouth;
        _present = true;
    }

    /// <summary>Number of points, where there are any: 5.</summary>
    public const int Count = 5;

    /// <summary>Whether there are no landmarks.</summary>
    public bool IsEmpty => !_present;

    /// <summary>Centre of the eye that is left in the picture.</summary>
    public PointF LeftEye { get; }

    /// <summary>Centre of the eye that is right in the picture.</summary>
    public PointF RightEye { get; }

    /// <summary>Tip of the nose.</summary>
    public PointF Nose { get; }

    /// <summary>Corner of the mouth that is left in the picture.</summary>
    public PointF LeftMouth { get; }

    /// <summary>Corner of the mouth that is right in the picture.</summary>
    public PointF RightMouth { get; }

    /// <summary>A point by position: left eye, right eye, nose, left and right corner of the mouth.</summary>
    /// <param name="index">0 to 4.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 4.</exception>
    public PointF this[int index] => index switch
    {
        0 => LeftEye,
        1 => RightEye,
        2 => Nose,
        3 => LeftMouth,
        4 => RightMouth,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "A face has landmarks 0 to 4."),
    };
}
