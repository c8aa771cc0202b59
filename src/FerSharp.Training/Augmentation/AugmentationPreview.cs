namespace FerSharp.Training;

/// <summary>Shows what a recipe makes of training pictures, exactly as the network gets to see them.</summary>
public static class AugmentationPreview
{
    /// <summary>Draws a sheet: a row for each picture, itself first, then its variations in the first epochs.</summary>
    /// <param name="recipe">The recipe; its seed, sizes and augmentation count. Mixing of pictures is not shown.</param>
    /// <param name="set">The pictures.</param>
    /// <param name="pictures">How many of the set's pictures, evenly spread over it.</param>
    /// <param name="variations">How many variations of each.</param>
    /// <returns>The sheet in gray; the caller disposes it. Pictures of smaller epochs are drawn at the network's size.</returns>
    /// <exception cref="ArgumentNullException">The recipe or the set is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pictures"/> is not from 1 to the set's count, or <paramref name="variations"/> is not from 1 to 100.</exception>
    public static Frame Draw(TrainingRecipe recipe, TrainingSet set, int pictures = 8, int variations = 9)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pictures, set.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(variations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(variations, 100);
        int side = recipe.Network.InputSize, width = (variations + 1) * side;
        var sheet = new byte[pictures * side * width];
        var tile = new float[side * side];
        var plain = new PictureAugmenter(AugmentationSpec.None);
        var varied = new PictureAugmenter(recipe.Augmentation);
        for (int row = 0; row < pictures; row++)
        {
            int picture = (int)((long)row * set.Count / pictures);
            for (int column = 0; column <= variations; column++)
            {
                var random = new RandomSource(recipe.Seed, column - 1, picture);
                (column == 0 ? plain : varied).Apply(set.Pixels(picture), set.Side, tile, side, ref random);
                Place(tile, sheet.AsSpan(row * side * width), column * side, width, side);
            }
        }

        return Frame.CopyOf(new FrameView(sheet, width, pictures * side, PixelFormat.Gray8));
    }

    private static void Place(ReadOnlySpan<float> tile, Span<byte> sheet, int left, int width, int side)
    {
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                sheet[(y * width) + left + x] = (byte)MathF.Round(tile[(y * side) + x]);
            }
        }
    }
}
