namespace FerSharp;

/// <summary>One face that a detector found.</summary>
/// <param name="Box">The face, in pixels of the source picture; it may reach outside the picture.</param>
/// <param name="Score">The detector's confidence that this is a face, 0 to 1. Not comparable between detectors.</param>
/// <param name="Landmarks">Five points, in pixels of the source picture; empty where the detector gives none.</param>
public readonly record struct FaceDetection(RectF Box, float Score, FaceLandmarks Landmarks = default);

/// <summary>A face in a picture: what a classifier is asked about.</summary>
/// <remarks>Borrows the picture's memory just as <see cref="FrameView"/> does.</remarks>
public readonly record struct FaceRegion
{
    /// <summary>A face that a detector found in a picture. The classifier crops and aligns as its manifest says.</summary>
    /// <param name="frame">The whole picture.</param>
    /// <param name="face">The face in it.</param>
    /// <exception cref="ArgumentException">The picture is empty, or the box has no positive finite size or does not touch the picture.</exception>
    public FaceRegion(in FrameView frame, in FaceDetection face)
    {
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to look at.", nameof(frame));
        }

        RectF box = face.Box;
        if (!float.IsFinite(box.X) || !float.IsFinite(box.Y) || !float.IsFinite(box.Right) || !float.IsFinite(box.Bottom) || !(box.Width > 0) || !(box.Height > 0))
        {
            throw new ArgumentException($"The box {box} has no positive, finite size.", nameof(face));
        }

        if (box.X >= frame.Width || box.Y >= frame.Height || box.Right <= 0 || box.Bottom <= 0)
        {
            throw new ArgumentException($"The box {box} lies outside the {frame.Width}x{frame.Height} picture.", nameof(face));
        }

        Frame = frame;
        Face = face;
    }

    private FaceRegion(in FrameView crop)
    {
        Frame = crop;
        Face = new FaceDetection(new RectF(0, 0, crop.Width, crop.Height), 1);
        IsWhole = true;
    }

    /// <summary>The picture.</summary>
    public FrameView Frame { get; }

    /// <summary>The face in it.</summary>
    public FaceDetection Face { get; }

    /// <summary>Whether the picture is already cropped to the face as the classifier was trained: no margin, no alignment, all of it is input.</summary>
    public bool IsWhole { get; }

    /// <summary>A picture that is already a face crop, such as a row of FER-2013.</summary>
    /// <param name="crop">The crop.</param>
    /// <exception cref="ArgumentException">The view is empty.</exception>
    public static FaceRegion Whole(in FrameView crop) => crop.IsEmpty
        ? throw new ArgumentException("The view is empty (default): there is no picture to look at.", nameof(crop))
        : new FaceRegion(crop);
}
