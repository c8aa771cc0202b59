namespace FerSharp.Evaluation;

/// <summary>How much covering each part of a face lowers the score of one expression. Immutable, thread-safe; holds no pixels of the face.</summary>
public sealed class OcclusionMap
{
    // Below a hundredth, nothing hangs on any part: the map stays pale.
    private const float LeastScale = 0.01f;

    private readonly int _width;
    private readonly int _height;
    private readonly HeatMap _heat;

    internal OcclusionMap(ModelInfo model, Emotion emotion, in EmotionScores scores, in FaceRegion face, IReadOnlyList<OcclusionCell> cells, int columns)
    {
        (Model, Emotion, Scores, Cells, Columns) = (model, emotion, scores, cells, columns);
        (_width, _height) = (face.Frame.Width, face.Frame.Height);
        Peak = cells.MaxBy(cell => cell.Drop);
        _heat = new HeatMap(cells);
        Scale = MathF.Max(LeastScale, _heat.Largest);
    }

    /// <summary>The classifier.</summary>
    public ModelInfo Model { get; }

    /// <summary>The expression whose score was watched.</summary>
    public Emotion Emotion { get; }

    /// <summary>The reading of the uncovered face.</summary>
    public EmotionScores Scores { get; }

    /// <summary>The patches, row by row from the top.</summary>
    public IReadOnlyList<OcclusionCell> Cells { get; }

    /// <summary>Patches in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows of patches.</summary>
    public int Rows => Cells.Count / Columns;

    /// <summary>The patch that costs most; the first of equal ones.</summary>
    public OcclusionCell Peak { get; }

    /// <summary>The change of the score that <see cref="Draw"/> shows in full colour: the largest of any pixel, at least 0.01. Name it beside the drawing: a sure reading has a map of small changes.</summary>
    public float Scale { get; }

    /// <summary>Draws the map over its picture.</summary>
    /// <param name="frame">The picture of the face; not changed.</param>
    /// <param name="enlarge">Pixels of the drawing for each of the picture's on either axis, 1 to 16: face crops are often too small to look at.</param>
    /// <returns>
    /// A new <see cref="PixelFormat.Bgra32"/> picture; the caller disposes it. The picture is gray, so that colour belongs to the map alone:
    /// orange where covering lowers the score (the part speaks for the expression), blue where it raises it, clear where it changes
    /// nothing. The two hues differ for every kind of colour blindness (Okabe and Ito, Color Universal Design, 2008).
    /// A pixel has the mean change of the patches that cover it, the nearer a patch's centre the heavier; full colour is <see cref="Scale"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The picture is empty or has another size than the one that was read.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="enlarge"/> is not 1 to 16.</exception>
    public Frame Draw(in FrameView frame, int enlarge = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(enlarge, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(enlarge, 16);
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to draw on.", nameof(frame));
        }

        if (frame.Width != _width || frame.Height != _height)
        {
            throw new ArgumentException($"The map is of a {_width}x{_height} picture, this one is {frame.Width}x{frame.Height}. Draw on the picture that was read.", nameof(frame));
        }

        return _heat.Draw(frame, Scale, enlarge);
    }
}

/// <summary>What covering one patch does.</summary>
/// <param name="Patch">The patch, in pixels of the picture.</param>
/// <param name="Drop">Score of the uncovered face minus score with the patch covered, -1 to 1; above 0 where the patch speaks for the expression.</param>
public readonly record struct OcclusionCell(RectF Patch, float Drop);
