using FerSharp.Evaluation;
using FerSharp.Imaging;

namespace FerSharp.Training;

/// <summary>Composes training pictures of a detector: parts of scenes, mosaics, grids of close-ups, single close-ups, pasted faces.</summary>
/// <remarks>A picture is a function of the random source. Immutable, thread-safe.</remarks>
internal sealed class SceneComposer(DetectionPictures pictures, SceneSpec spec)
{
    // Enlarged further, a picture has nothing more to show.
    private const float MostEnlarged = 2.5f;

    private const float SmallestPasted = 9;

    public void Compose(SceneCanvas canvas, int side, ref RandomSource random)
    {
        canvas.Clear(side);
        bool hasScenes = pictures.Scenes.Count > 0, hasCloseUps = pictures.CloseUps.Count > 0, hasFaces = hasCloseUps || pictures.Crops.Count > 0;
        float scene = hasScenes ? spec.Scene : 0, grid = hasCloseUps ? spec.Grid : 0, closeUp = hasCloseUps ? spec.CloseUp : 0;
        float choice = random.Unit() * (scene + spec.Mosaic + grid + closeUp);
        var whole = new RectF(0, 0, side, side);
        if (choice < scene)
        {
            DrawScene(canvas, whole, ref random);
            PasteSome(canvas, hasFaces, ref random);
        }
        else if (choice < scene + spec.Mosaic)
        {
            DrawMosaic(canvas, hasScenes, hasCloseUps, ref random);
            PasteSome(canvas, hasFaces && hasScenes, ref random);
        }
        else if (choice < scene + spec.Mosaic + grid)
        {
            DrawGrid(canvas, ref random);
        }
        else
        {
            DrawCloseUp(canvas, whole, 0.45f + (0.5f * random.Unit()), ref random);
        }

        FaceCover.Apply(canvas, spec.Cover, ref random);
        ScenePhotometry.Apply(canvas, spec, ref random);
        IgnoreSmallFaces(canvas.Faces);
    }

    private void DrawScene(SceneCanvas canvas, in RectF region, ref RandomSource random)
    {
        DetectionPicture picture = pictures.Scenes[random.Below(pictures.Scenes.Count)];
        float cover = MathF.Max(region.Width / picture.Width, region.Height / picture.Height);
        if (picture.Known.Count > 0 && random.Unit() < 0.85f)
        {
            // A face of the picture decides; sizes are drawn evenly over their logarithms.
            TrueFace face = picture.Known[random.Below(picture.Known.Count)];
            float smallest = spec.SmallestFace * 1.2f, largest = MathF.Max(smallest, 0.75f * MathF.Min(region.Width, region.Height));
            float size = smallest * MathF.Pow(largest / smallest, random.Unit());
            Draw(canvas, picture, face.Box.Center, Math.Clamp(size / (float)face.Size, 0.6f * cover, MathF.Max(MostEnlarged, cover)), region, ref random);
        }
        else
        {
            Draw(canvas, picture, new PointF(picture.Width * random.Unit(), picture.Height * random.Unit()), cover * MathF.Pow(2, random.Around(0.7f)), region, ref random);
        }
    }

    /// <param name="canvas">The canvas.</param>
    /// <param name="region">Where.</param>
    /// <param name="share">Size of the face as a share of the region's shorter side.</param>
    /// <param name="random">Where the variation comes from.</param>
    private void DrawCloseUp(SceneCanvas canvas, in RectF region, float share, ref RandomSource random)
    {
        DetectionPicture picture = pictures.CloseUps[random.Below(pictures.CloseUps.Count)];
        float scale = share * MathF.Min(region.Width, region.Height) / (float)picture.Known[0].Size;
        Draw(canvas, picture, picture.Known[0].Box.Center, scale, region, ref random);
    }

    private void DrawMosaic(SceneCanvas canvas, bool hasScenes, bool hasCloseUps, ref RandomSource random)
    {
        int side = canvas.Side, x = (int)(side * (0.5f + random.Around(0.2f))), y = (int)(side * (0.5f + random.Around(0.2f)));
        ReadOnlySpan<RectF> regions = [new(0, 0, x, y), new(x, 0, side - x, y), new(0, y, x, side - y), new(x, y, side - x, side - y)];
        foreach (ref readonly RectF region in regions)
        {
            if (hasScenes && (!hasCloseUps || random.Unit() < 0.75f))
            {
                DrawScene(canvas, region, ref random);
            }
            else
            {
                DrawCloseUp(canvas, region, 0.35f + (0.4f * random.Unit()), ref random);
            }
        }
    }

    private void DrawGrid(SceneCanvas canvas, ref RandomSource random)
    {
        int side = canvas.Side, most = Math.Max(side / 24, 2);
        int cells = Math.Max((int)MathF.Round(2 * MathF.Pow(most / 2f, random.Unit())), 2);
        for (int cell = 0; cell < cells * cells; cell++)
        {
            int left = cell % cells * side / cells, right = ((cell % cells) + 1) * side / cells;
            int top = cell / cells * side / cells, bottom = ((cell / cells) + 1) * side / cells;
            DrawCloseUp(canvas, new RectF(left, top, right - left, bottom - top), 0.4f + (0.35f * random.Unit()), ref random);
        }
    }

    private void PasteSome(SceneCanvas canvas, bool hasFaces, ref RandomSource random)
    {
        if (!hasFaces || random.Unit() >= spec.Paste)
        {
            return;
        }

        int count = 1 + random.Below(Math.Max(spec.Pasted, 1));
        for (int i = 0; i < count; i++)
        {
            // As often a crop as a close-up, however many there are of each: close-ups bring hair and necks along.
            bool crop = pictures.CloseUps.Count == 0 || (pictures.Crops.Count > 0 && random.Unit() < 0.5f);
            IReadOnlyList<DetectionPicture> from = crop ? pictures.Crops : pictures.CloseUps;
            DetectionPicture picture = from[random.Below(from.Count)];
            float own = (float)picture.Known[0].Size, largest = MathF.Min(0.5f * canvas.Side, MostEnlarged * own);
            float size = SmallestPasted * MathF.Pow(largest / SmallestPasted, random.Unit());
            var to = new PointF(canvas.Side * random.Unit(), canvas.Side * random.Unit());
            AffineTransform map = SceneGeometry.Place(picture.Known[0].Box.Center, to, size / own, Angle(ref random), random.Unit() < spec.Flip);
            float gain = 1 + random.Around(0.3f);

            // A gray face in a coloured scene would be told by that alone: it gets a colour of skin.
            (float, float, float) gains = picture.IsGray && random.Unit() < 0.9f
                ? (gain * (1 + (0.35f * random.Unit())), gain, gain * (1 - (0.4f * random.Unit())))
                : (gain, gain, gain);
            if (IsFree(canvas.Faces, new RectF(to.X - (0.8f * size), to.Y - (0.9f * size), 1.6f * size, 1.8f * size)))
            {
                canvas.Paste(picture, map, gains);
            }
        }
    }

    /// <summary>Draws a picture at a random place that shows a point of it, and leaves as little of the region empty as its scale allows.</summary>
    private void Draw(SceneCanvas canvas, DetectionPicture picture, PointF shown, float scale, in RectF region, ref RandomSource random)
    {
        bool mirror = random.Unit() < spec.Flip;
        var to = new PointF(
            PlaceOf((mirror ? picture.Width - shown.X : shown.X) * scale, picture.Width * scale, region.X, region.Right, ref random),
            PlaceOf(shown.Y * scale, picture.Height * scale, region.Y, region.Bottom, ref random));
        AffineTransform map = SceneGeometry.Place(shown, to, scale, Angle(ref random), mirror);
        canvas.Draw(picture, map, region, background: (byte)(random.Unit() < 0.5f ? 0 : random.Below(256)));
    }

    /// <summary>Where a point at an offset in a picture of some length comes to lie between two edges.</summary>
    private static float PlaceOf(float offset, float length, float low, float high, ref RandomSource random)
    {
        float atLow = low + offset, atHigh = high - (length - offset);
        return Math.Clamp(atLow + (random.Unit() * (atHigh - atLow)), low, high);
    }

    private float Angle(ref RandomSource random) => random.Around(spec.Rotation) * (random.Unit() < 0.5f ? 0.25f : 1);

    private static bool IsFree(List<TrueFace> faces, RectF place) => faces.TrueForAll(face => face.Box.IntersectionArea(place) == 0);

    private void IgnoreSmallFaces(List<TrueFace> faces)
    {
        for (int i = 0; i < faces.Count; i++)
        {
            faces[i] = faces[i] with { Ignored = faces[i].Ignored || faces[i].Size < spec.SmallestFace };
        }
    }
}
