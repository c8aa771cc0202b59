namespace FerSharp.Evaluation;

/// <summary>How often each gray level occurs. Exact: whole numbers, whatever the order of the pictures. Immutable, thread-safe.</summary>
public sealed class IntensityHistogram
{
    /// <summary>Number of <see cref="Bins"/>.</summary>
    public const int BinCount = 50;

    internal const int LevelCount = 256;

    private readonly long[] _levels;

    internal IntensityHistogram(ReadOnlySpan<long> levels)
    {
        _levels = levels.ToArray();
        Int128 sum = 0, squares = 0;
        for (int level = 0; level < LevelCount; level++)
        {
            Total += _levels[level];
            sum += (Int128)level * _levels[level];
            squares += (Int128)(level * level) * _levels[level];
        }

        Mean = Total == 0 ? double.NaN : (double)sum / Total;
        StandardDeviation = Total == 0 ? double.NaN : Math.Sqrt((double)((Total * squares) - (sum * sum))) / Total;
        Bins = [.. Enumerable.Range(0, BinCount).Select(bin => Bin(Start(bin), Start(bin + 1)))];
    }

    /// <summary>Number of pixels of each level, 0 to 255.</summary>
    public IReadOnlyList<long> Levels => _levels;

    /// <summary>Number of pixels.</summary>
    public long Total { get; }

    /// <summary>Mean level, 0 to 255; NaN where there is no pixel.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of the levels with divisor n; NaN where there is no pixel.</summary>
    public double StandardDeviation { get; }

    /// <summary><see cref="Mean"/> for pixels that are scaled to 0 to 1.</summary>
    public double UnitMean => Mean / 255;

    /// <summary><see cref="StandardDeviation"/> for pixels that are scaled to 0 to 1.</summary>
    public double UnitStandardDeviation => StandardDeviation / 255;

    /// <summary>
    /// The levels in 50 ranges. Level v is in range <c>floor(50 v / 256)</c>, so ranges have 5 or 6 levels: compare <see cref="HistogramBin.Count"/> by level, or the
    /// wider ranges look like peaks.
    /// </summary>
    public IReadOnlyList<HistogramBin> Bins { get; }

    /// <summary>The histogram of one picture: of its luma (0.299 R + 0.587 G + 0.114 B, ITU-R BT.601, rounded) where it has colours.</summary>
    /// <param name="picture">The picture; borrowed.</param>
    /// <exception cref="ArgumentException">The picture is empty.</exception>
    public static IntensityHistogram Of(in FrameView picture)
    {
        if (picture.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to read.", nameof(picture));
        }

        var levels = new PixelLevels();
        levels.Add(picture);
        return levels.ToStatistics().Gray;
    }

    private static int Start(int bin) => ((bin * LevelCount) + BinCount - 1) / BinCount;

    private HistogramBin Bin(int lower, int upper) => new(lower, upper, _levels[lower..upper].Sum());
}

/// <summary>A range of gray levels.</summary>
/// <param name="Lower">The first level.</param>
/// <param name="Upper">The level after the last.</param>
/// <param name="Count">Number of pixels.</param>
public readonly record struct HistogramBin(int Lower, int Upper, long Count)
{
    /// <summary>Pixels for each level of the range.</summary>
    public double CountPerLevel => (double)Count / (Upper - Lower);
}
