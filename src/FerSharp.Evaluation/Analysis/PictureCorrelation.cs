namespace FerSharp.Evaluation;

/// <summary>How alike a few pictures are: the correlation of their gray pixels, each with each. Immutable.</summary>
public sealed class PictureCorrelation
{
    private readonly double[] _values;

    private PictureCorrelation(int side, PictureReference[] pictures, double[] values)
    {
        (Side, Pictures) = (side, pictures);
        _values = values;
    }

    /// <summary>Width and height at which pictures were compared; others were stretched to it.</summary>
    public int Side { get; }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<PictureReference> Pictures { get; }

    /// <summary>Pearson's correlation of two pictures' gray pixels, -1 to 1; NaN where one of them is flat.</summary>
    /// <param name="first">Position of one in <see cref="Pictures"/>.</param>
    /// <param name="second">Position of the other.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such picture.</exception>
    public double this[int first, int second]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(first);
            ArgumentOutOfRangeException.ThrowIfNegative(second);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(first, Pictures.Count);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(second, Pictures.Count);
            return _values[(first * Pictures.Count) + second];
        }
    }

    /// <summary>Compares; null where fewer than two pictures are there.</summary>
    internal static PictureCorrelation? Of(int side, IReadOnlyList<(PictureReference Picture, float[] Pixels)> pictures)
    {
        int count = pictures.Count;
        if (count < 2)
        {
            return null;
        }

        float[][] normal = [.. pictures.Select(picture => (float[])picture.Pixels.Clone())];
        Array.ForEach(normal, pixels => GrayThumbnail.Normalise(pixels));
        double[] values = new double[count * count];
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                bool flat = !normal[a].AsSpan().ContainsAnyExcept(0) || !normal[b].AsSpan().ContainsAnyExcept(0);
                double sum = 0;
                for (int i = 0; i < normal[a].Length; i++)
                {
                    sum += (double)normal[a][i] * normal[b][i];
                }

                values[(a * count) + b] = flat ? double.NaN : a == b ? 1 : Math.Clamp(sum, -1, 1);
            }
        }

        return new PictureCorrelation(side, [.. pictures.Select(picture => picture.Picture)], values);
    }
}
