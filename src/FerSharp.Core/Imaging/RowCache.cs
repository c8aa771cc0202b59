namespace FerSharp.Imaging;

/// <summary>
/// Rows of a picture sampled at prepared columns; the last two are kept, since neighbouring tensor rows often lie between the same two.
/// </summary>
internal ref struct RowCache<TLayout>(SampleSource source, ColumnTaps taps, Span<float> buffer, int width, bool toLuma, bool vector)
    where TLayout : struct, IPixelLayout
{
    private readonly SampleSource _source = source;
    private readonly ColumnTaps _taps = taps;
    private readonly Span<float> _buffer = buffer;
    private int _evenRow = -1;
    private int _oddRow = -1;

    /// <summary>The two rows of a tap, as planes: luma alone where asked or where there is no colour, else red, green and blue.</summary>
    public void Read(Tap down, out ReadOnlySpan<float> first, out ReadOnlySpan<float> second)
    {
        first = Row(down.First);
        second = Row(_source.NextRow == 0 ? down.First : down.First + 1);
    }

    private ReadOnlySpan<float> Row(int row)
    {
        // Successive rows have different parity, so the two rows of a tap never displace each other.
        bool odd = (row & 1) != 0;
        int half = _buffer.Length / 2;
        Span<float> slot = _buffer.Slice(odd ? half : 0, half);
        bool mixes = toLuma && RowSampler<TLayout>.Planes == 3;
        ref int held = ref odd ? ref _oddRow : ref _evenRow;
        if (held != row)
        {
            RowSampler<TLayout>.SampleRow(_source, row, _taps, slot, width, vector);
            if (mixes)
            {
                RowMath.Luma(slot[..width], slot.Slice(width, width), slot.Slice(2 * width, width), slot[..width]);
            }

            held = row;
        }

        return mixes ? slot[..width] : slot;
    }
}
