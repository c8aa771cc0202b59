namespace FerSharp.Media;

/// <summary>Draws what an analyzer found onto a copy of the picture.</summary>
/// <remarks>
/// <para>Each face gets a box, its landmarks, a label and a panel with a bar for each expression. A box is solid where the reading can be used,
/// dashed where the outcome is <see cref="FaceOutcome.Uncertain"/>, dotted and thin where it is <see cref="FaceOutcome.LowQuality"/>; the label
/// then says so with the reason. Colours are those of <see cref="EmotionPalette"/>, always with the name in words.</para>
/// <para>Sizes follow the picture and the face. Labels and panels lie inside the picture and keep off other faces as far as there is room.
/// Text is drawn with strokes of our own: it needs no installed font and looks the same everywhere.</para>
/// <para>Thread-safe.</para>
/// </remarks>
public static class AnalysisRenderer
{
    /// <summary>Draws an analysis onto a copy of its picture.</summary>
    /// <param name="frame">The picture; not changed.</param>
    /// <param name="analysis">What was found in it. Faces outside the picture are not drawn.</param>
    /// <param name="options">What to draw; null for the defaults.</param>
    /// <returns>A new <see cref="PixelFormat.Bgra32"/> picture of the same size. The caller owns it and disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="analysis"/> is null.</exception>
    /// <exception cref="ArgumentException">The picture is empty, has another size than the analysis, or a box has no positive, finite size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Skia's native library is missing or does not fit.</exception>
    public static Frame Draw(in FrameView frame, FrameAnalysis analysis, DrawOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to draw on.", nameof(frame));
        }

        if (frame.Width != analysis.Width || frame.Height != analysis.Height)
        {
            throw new ArgumentException($"The analysis is of a {analysis.Width}x{analysis.Height} picture, this one is {frame.Width}x{frame.Height}. Draw on the picture that was analysed.", nameof(analysis));
        }

        options ??= new DrawOptions();
        options.Validate();
        var faces = new List<FaceEmotion>(analysis.Faces.Count);
        foreach (FaceEmotion face in analysis.Faces)
        {
            RectF box = face.Face.Box;
            if (!float.IsFinite(box.X) || !float.IsFinite(box.Y) || !float.IsFinite(box.Area) || !(box.Area > 0))
            {
                throw new ArgumentException($"The box {box} has no positive, finite size.", nameof(analysis));
            }

            if (box.IntersectionArea(new RectF(0, 0, frame.Width, frame.Height)) > 0)
            {
                faces.Add(face);
            }
        }

        SkiaRuntime.Require();
        Frame copy = PixelOperations.ToBgra(frame);
        try
        {
            using var painter = new OverlayPainter(copy.View, options);
            painter.Paint(faces);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
