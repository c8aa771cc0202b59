namespace FerSharp.Evaluation;

/// <summary>The mean of all pictures of a class, as gray pixels. Immutable.</summary>
public sealed class MeanFace
{
    private readonly float[] _pixels;

    internal MeanFace(Emotion emotion, int count, int side, float[] pixels)
    {
        (Emotion, Count, Side) = (emotion, count, side);
        _pixels = pixels;
    }

    /// <summary>The class.</summary>
    public Emotion Emotion { get; }

    /// <summary>Number of pictures in the mean.</summary>
    public int Count { get; }

    /// <summary>Width and height in pixels; pictures of other sizes were stretched to it (means over equal fields).</summary>
    public int Side { get; }

    /// <summary>Mean gray levels, 0 to 255, row by row, to 1/512 level.</summary>
    public ReadOnlySpan<float> Pixels => _pixels;

    /// <summary>The mean as a picture whose contrast is stretched: the darkest pixel becomes 0, the brightest 255. A flat mean stays as it is.</summary>
    /// <returns>A gray picture with memory of its own.</returns>
    public FrameView ToPicture()
    {
        float low = _pixels.Min(), high = _pixels.Max();
        float scale = high > low ? 255 / (high - low) : 1;
        float offset = high > low ? low : 0;
        return new FrameView(Array.ConvertAll(_pixels, pixel => (byte)MathF.Round((pixel - offset) * scale)), Side, Side, PixelFormat.Gray8);
    }
}

/// <summary>Sums pictures of each class in whole numbers of 1/256 level, so that sums of threads are the same in any order.</summary>
internal sealed class MeanFaceSums(int side)
{
    private const float Scale = 256;

    private readonly long[][] _sums = [.. Enumerable.Range(0, EmotionScores.Count).Select(_ => new long[side * side])];
    private readonly int[] _counts = new int[EmotionScores.Count];
    private readonly float[] _thumbnail = new float[side * side];

    public void Add(in FrameView view, Emotion label)
    {
        GrayThumbnail.Read(view, side, _thumbnail);
        long[] sum = _sums[(int)label];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += (long)MathF.Round(_thumbnail[i] * Scale);
        }

        _counts[(int)label]++;
    }

    public void Add(MeanFaceSums other)
    {
        for (int label = 0; label < _sums.Length; label++)
        {
            _counts[label] += other._counts[label];
            for (int i = 0; i < _sums[label].Length; i++)
            {
                _sums[label][i] += other._sums[label][i];
            }
        }
    }

    /// <summary>Means of the classes that have a picture.</summary>
    public MeanFace[] ToFaces() =>
        [.. Enumerable.Range(0, _sums.Length).Where(label => _counts[label] > 0).Select(label =>
            new MeanFace((Emotion)label, _counts[label], side, Array.ConvertAll(_sums[label], sum => (float)(sum / (double)Scale / _counts[label]))))];
}
