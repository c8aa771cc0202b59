using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>Shows what a detector's recipe composes, exactly as the network gets to see it, with the boxes and points it is told.</summary>
public static class ScenePreview
{
    /// <summary>Draws a sheet of the first pictures of the first epoch; boxes are green, ignored regions gray, points red.</summary>
    /// <param name="recipe">The recipe; its seed, first size and scenes count.</param>
    /// <param name="pictures">What is composed of.</param>
    /// <param name="columns">Pictures beside each other.</param>
    /// <param name="rows">Pictures above each other.</param>
    /// <returns>The sheet; the caller disposes it.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Columns or rows are not from 1 to 32.</exception>
    public static Frame Draw(DetectorRecipe recipe, DetectionPictures pictures, int columns = 6, int rows = 4)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(pictures);
        foreach (int count in new[] { columns, rows })
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(columns));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32, nameof(columns));
        }

        int side = recipe.Sizes[0], width = columns * side;
        var sheet = new byte[3 * width * rows * side];
        var canvas = new SceneCanvas(side);
        var composer = new SceneComposer(pictures, recipe.Scenes);
        for (int i = 0; i < columns * rows; i++)
        {
            var random = new RandomSource(recipe.Seed, 0, i);
            composer.Compose(canvas, side, ref random);
            foreach (TrueFace face in canvas.Faces)
            {
                Mark(canvas, face);
            }

            for (int y = 0; y < side; y++)
            {
                int to = 3 * (((((i / columns) * side) + y) * width) + (i % columns * side));
                canvas.Pixels.Slice(3 * y * side, 3 * side).CopyTo(sheet.AsSpan(to));
            }
        }

        return Frame.CopyOf(new FrameView(sheet, width, rows * side, PixelFormat.Rgb24));
    }

    private static void Mark(SceneCanvas canvas, in TrueFace face)
    {
        ReadOnlySpan<byte> colour = face.Ignored ? [128, 128, 128] : [0, 220, 0];
        int left = (int)face.Box.X, top = (int)face.Box.Y, right = (int)face.Box.Right, bottom = (int)face.Box.Bottom;
        for (int x = left; x <= right; x++)
        {
            Dot(canvas, x, top, colour);
            Dot(canvas, x, bottom, colour);
        }

        for (int y = top; y <= bottom; y++)
        {
            Dot(canvas, left, y, colour);
            Dot(canvas, right, y, colour);
        }

        for (int i = 0; i < (face.Landmarks.IsEmpty || face.Ignored ? 0 : FaceLandmarks.Count); i++)
        {
            // The points left in the picture are red, the others yellow: exchanged ones would show.
            bool isLeft = i is 0 or 3;
            Dot(canvas, (int)face.Landmarks[i].X, (int)face.Landmarks[i].Y, [255, (byte)(isLeft ? 0 : 255), 0]);
        }
    }

    private static void Dot(SceneCanvas canvas, int x, int y, ReadOnlySpan<byte> colour)
    {
        if (x >= 0 && y >= 0 && x < canvas.Side && y < canvas.Side)
        {
            colour.CopyTo(canvas.Pixels[(3 * ((y * canvas.Side) + x))..]);
        }
    }
}
