namespace FerSharp.Features;

/// <summary>Histograms of oriented gradients; see <see cref="HogSpec"/>.</summary>
internal sealed class HogExtractor : TextureExtractor
{
    private const float Clip = 0.2f;
    private const float Epsilon = 1e-5f;

    private readonly HogSpec _spec;
    private readonly int _cells;
    private readonly int[] _before;
    private readonly float[] _shareAfter;
    private readonly bool _vector;

    public HogExtractor(HogSpec spec, bool vector = true)
        : base(spec, (2 * spec.Size) + HistogramsLength(spec))
    {
        _spec = spec;
        _vector = vector;
        _cells = spec.Size / spec.CellSize;

        // Cells are counted from 1: those outside the crop take the votes that fall beyond the outermost centres, and are dropped.
        _before = new int[spec.Size];
        _shareAfter = new float[spec.Size];
        for (int i = 0; i < spec.Size; i++)
        {
            float position = spec.Votes == HogVotes.Interpolated ? ((i + 0.5f) / spec.CellSize) + 0.5f : 1 + (i / spec.CellSize);
            _before[i] = (int)position;
            _shareAfter[i] = position - _before[i];
        }
    }

    protected override void Describe(ReadOnlySpan<float> gray, Span<float> scratch, Span<float> row)
    {
        Span<float> lengths = scratch[..Size], directions = scratch.Slice(Size, Size), histograms = scratch[(2 * Size)..];
        histograms.Clear();
        lengths.Clear();
        directions.Clear();
        for (int y = 1; y < Size - 1; y++)
        {
            GradientField.WriteRow(
                gray.Slice((y - 1) * Size, Size), gray.Slice(y * Size, Size), gray.Slice((y + 1) * Size, Size), _spec.Bins / MathF.PI, lengths, directions, _vector);
            AddUprightGradients(gray, y, lengths, directions);
            AddVotes(y, lengths, directions, histograms);
        }

        AddLevelGradients(gray, 0, lengths, directions, histograms);
        AddLevelGradients(gray, Size - 1, lengths, directions, histograms);
        WriteBlocks(histograms, row);
    }

    private static int HistogramsLength(HogSpec spec)
    {
        int side = (spec.Size / spec.CellSize) + 2;
        return side * side * spec.Bins;
    }

    // At the left and the right edge only the difference along y is left: 90 degrees.
    private void AddUprightGradients(ReadOnlySpan<float> gray, int y, Span<float> lengths, Span<float> directions)
    {
        for (int x = 0; x < Size; x += Size - 1)
        {
            lengths[x] = MathF.Abs(gray[((y + 1) * Size) + x] - gray[((y - 1) * Size) + x]);
            directions[x] = _spec.Bins / 2f;
        }
    }

    // At the top and the bottom edge only the difference along x is left: 0 degrees.
    private void AddLevelGradients(ReadOnlySpan<float> gray, int y, Span<float> lengths, Span<float> directions, Span<float> histograms)
    {
        lengths.Clear();
        directions.Clear();
        for (int x = 1; x < Size - 1; x++)
        {
            lengths[x] = MathF.Abs(gray[(y * Size) + x + 1] - gray[(y * Size) + x - 1]);
        }

        AddVotes(y, lengths, directions, histograms);
    }

    private void AddVotes(int y, ReadOnlySpan<float> lengths, ReadOnlySpan<float> directions, Span<float> histograms)
    {
        int bins = _spec.Bins, line = (_cells + 2) * bins;
        Span<float> upper = histograms.Slice(_before[y] * line, line);
        if (_spec.Votes == HogVotes.Nearest)
        {
            for (int x = 0; x < Size; x++)
            {
                upper[(_before[x] * bins) + Math.Min((int)directions[x], bins - 1)] += lengths[x];
            }

            return;
        }

        Span<float> lower = histograms.Slice((_before[y] + 1) * line, line);
        float shareBelow = _shareAfter[y];
        for (int x = 0; x < Size; x++)
        {
            float position = directions[x] + (bins - 0.5f), floor = MathF.Floor(position);
            int first = (int)floor;
            first = first >= bins ? first - bins : first;
            int second = first + 1 == bins ? 0 : first + 1;
            int left = _before[x] * bins, right = left + bins;
            float below = lengths[x] * shareBelow, above = lengths[x] - below, shareRight = _shareAfter[x], shareSecond = position - floor;
            Add(upper, left, right, first, second, above, shareRight, shareSecond);
            Add(lower, left, right, first, second, below, shareRight, shareSecond);
        }
    }

    private static void Add(Span<float> cells, int left, int right, int first, int second, float vote, float shareRight, float shareSecond)
    {
        float atRight = vote * shareRight, atLeft = vote - atRight, rightSecond = atRight * shareSecond, leftSecond = atLeft * shareSecond;
        cells[left + first] += atLeft - leftSecond;
        cells[left + second] += leftSecond;
        cells[right + first] += atRight - rightSecond;
        cells[right + second] += rightSecond;
    }

    private void WriteBlocks(ReadOnlySpan<float> histograms, Span<float> row)
    {
        int bins = _spec.Bins, line = (_cells + 2) * bins, run = _spec.BlockSize * bins, block = run * _spec.BlockSize, blocks = _spec.Blocks;
        float area = 1f / (_spec.CellSize * _spec.CellSize);
        for (int i = 0; i < blocks * blocks; i++)
        {
            Span<float> values = row.Slice(i * block, block);
            int top = 1 + (i / blocks), left = 1 + (i % blocks);
            for (int cell = 0; cell < _spec.BlockSize; cell++)
            {
                histograms.Slice(((top + cell) * line) + (left * bins), run).CopyTo(values[(cell * run)..]);
            }

            Normalize(values, area, clip: true);
            Normalize(values, 1, clip: false);
        }
    }

    private static void Normalize(Span<float> values, float scale, bool clip)
    {
        float sum = 0;
        foreach (float value in values)
        {
            sum += value * scale * value * scale;
        }

        float factor = scale / MathF.Sqrt(sum + (Epsilon * Epsilon));
        foreach (ref float value in values)
        {
            value = clip ? MathF.Min(value * factor, Clip) : value * factor;
        }
    }
}
