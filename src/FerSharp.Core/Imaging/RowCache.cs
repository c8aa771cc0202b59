namespace FerSharp.Imaging;

/// <summary>
/// Rows of a picture sampled at prepared columns; the last two are kept, since neighbouring tensor rows often lie between the same two.
/// </summary>
internal ref struct RowCache<TLayout>(SampleSource source, ColumnTaps taps, Span<float> buffer, int width, bool vector)
    where TLayout : struct, IPixelLayout
{
    private readonly SampleSource _source = source;
    private readonly ColumnTaps _taps = taps;
    private readonly Span<float> _buffer = buffer;
    private int _evenRow = -1;
    private int _oddRow = -1;

    /// <summary>Blends the two rows of a tap.</summary>
    public void Blend(Tap down, Span<float> line)
    {
        if (down.FirstWeight == 0 && down.SecondWeight == 0)
        {
            line.Fill(_source.Pad);
            return;
        }

        ReadOnlySpan<float> first = Row(down.First);
        ReadOnlySpan<float> second = Row(_source.NextRow == 0 ? down.First : down.First + 1);
        float pad = _source.Pad * (1 - (down.FirstWeight + down.SecondWeight));
        RowMath.Blend(first, down.FirstWeight, second, down.SecondWeight, pad, line);
    }

    /// <summary>Says that the buffer was used for something else.</summary>
    public void Forget() => _evenRow = _oddRow = -1;

    private ReadOnlySpan<float> Row(int row)
    {
        // Successive rows have different parity, so the two rows of a tap never displace each other.
        bool odd = (row & 1) != 0;
        int half = _buffer.Length / 2;
        Span<float> slot = _buffer.Slice(odd ? half : 0, half);
        ref int held = ref odd ? ref _oddRow : ref _evenRow;
        if (held != row)
        {
            RowSampler<TLayout>.SampleRow(_source, row, _taps, slot, width, vector);
            held = row;
        }

        return slot;
    }
}
