namespace FerSharp.Evaluation;

/// <summary>The levels of all pixels of a data set: for normalisation constants. Immutable.</summary>
/// <param name="Gray">Gray levels; of pixels with colours their luma (ITU-R BT.601), rounded.</param>
/// <param name="Red">Red levels, a gray pixel's level among them; null where no picture has colours.</param>
/// <param name="Green">Green levels, likewise.</param>
/// <param name="Blue">Blue levels, likewise.</param>
public sealed record PixelStatistics(IntensityHistogram Gray, IntensityHistogram? Red, IntensityHistogram? Green, IntensityHistogram? Blue)
{
    /// <summary>What there is, by name: gray, and red, green and blue where there are colours.</summary>
    internal IEnumerable<(string Name, IntensityHistogram Levels)> Channels
    {
        get
        {
            yield return ("gray", Gray);
            if (Red is not null && Green is not null && Blue is not null)
            {
                yield return ("red", Red);
                yield return ("green", Green);
                yield return ("blue", Blue);
            }
        }
    }
}

/// <summary>Counts levels, picture by picture. Whole numbers, so that sums of threads are the same in any order.</summary>
internal sealed class PixelLevels
{
    private const int Levels = IntensityHistogram.LevelCount;

    // Pixels of gray pictures are counted once; of the others luma, red, green, blue.
    private readonly long[] _gray = new long[Levels];
    private readonly long[] _colors = new long[4 * Levels];

    public void Add(in FrameView view)
    {
        int size = view.Format.BytesPerPixel();
        int red = view.Format is PixelFormat.Rgb24 or PixelFormat.Rgba32 ? 0 : 2;
        for (int y = 0; y < view.Height; y++)
        {
            ReadOnlySpan<byte> row = view.GetRow(y);
            if (size == 1)
            {
                foreach (byte level in row)
                {
                    _gray[level]++;
                }

                continue;
            }

            for (int at = 0; at < row.Length; at += size)
            {
                (int r, int g, int b) = (row[at + red], row[at + 1], row[at + 2 - red]);
                _colors[((299 * r) + (587 * g) + (114 * b) + 500) / 1000]++;
                _colors[Levels + r]++;
                _colors[(2 * Levels) + g]++;
                _colors[(3 * Levels) + b]++;
            }
        }
    }

    public void Add(PixelLevels other)
    {
        Add(_gray, other._gray);
        Add(_colors, other._colors);
    }

    public PixelStatistics ToStatistics()
    {
        bool colors = _colors.AsSpan().ContainsAnyExcept(0);
        return new PixelStatistics(Histogram(0), colors ? Histogram(1) : null, colors ? Histogram(2) : null, colors ? Histogram(3) : null);
    }

    private IntensityHistogram Histogram(int channel)
    {
        long[] sum = [.. _gray];
        Add(sum, _colors.AsSpan(channel * Levels, Levels));
        return new IntensityHistogram(sum);
    }

    private static void Add(Span<long> sum, ReadOnlySpan<long> other)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += other[i];
        }
    }
}
