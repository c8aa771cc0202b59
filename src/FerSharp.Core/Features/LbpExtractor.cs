using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FerSharp.Features;

/// <summary>Histograms of uniform local binary patterns; see <see cref="LbpSpec"/>.</summary>
/// <remarks>
/// Neighbours between pixels are interpolated from differences to the centre, not from the pixels themselves: then a change of brightness leaves every
/// comparison as it was, to the last bit, and a flat patch is a tie everywhere. Both paths add in the same order, so they give the same patterns.
/// </remarks>
internal sealed class LbpExtractor : TextureExtractor
{
    private static readonly byte[] BinOf = Bins();

    private readonly int _grid;
    private readonly int _near;
    private readonly int _far;
    private readonly float _nearWeight;
    private readonly float _mixedWeight;
    private readonly float _farWeight;
    private readonly int[] _cells;
    private readonly float[] _share;
    private readonly bool _vector;

    public LbpExtractor(LbpSpec spec, bool vector = true)
        : base(spec, spec.Size)
    {
        _grid = spec.Grid;
        _vector = vector;

        // A diagonal neighbour lies between the pixels at _near and _far from the centre along both axes.
        double offset = spec.Radius / Math.Sqrt(2), fraction = offset - Math.Floor(offset);
        _near = (int)offset;
        _far = _near + 1;
        _nearWeight = (float)((1 - fraction) * (1 - fraction));
        _mixedWeight = (float)((1 - fraction) * fraction);
        _farWeight = (float)(fraction * fraction);
        _cells = [.. Enumerable.Range(0, Size).Select(i => i * _grid / Size)];
        int[] lines = new int[_grid];
        foreach (int cell in _cells[spec.Radius..^spec.Radius])
        {
            lines[cell]++;
        }

        _share = [.. Enumerable.Range(0, _grid * _grid).Select(cell => 1f / (lines[cell / _grid] * lines[cell % _grid]))];
        Radius = spec.Radius;
    }

    private int Radius { get; }

    protected override void Describe(ReadOnlySpan<float> gray, Span<float> scratch, Span<float> row)
    {
        row.Clear();
        Span<int> codes = MemoryMarshal.Cast<float, int>(scratch);
        for (int y = Radius; y < Size - Radius; y++)
        {
            WriteCodes(gray, y, codes);
            Span<float> cells = row.Slice(_cells[y] * _grid * LbpSpec.Bins, _grid * LbpSpec.Bins);
            for (int x = Radius; x < Size - Radius; x++)
            {
                cells[(_cells[x] * LbpSpec.Bins) + BinOf[codes[x]]]++;
            }
        }

        for (int cell = 0; cell < _share.Length; cell++)
        {
            foreach (ref float value in row.Slice(cell * LbpSpec.Bins, LbpSpec.Bins))
            {
                value = MathF.Sqrt(value * _share[cell]);
            }
        }
    }

    /// <summary>The patterns of one row. Bit i is the neighbour at i x 45 degrees, from the right, against the clock; set where it is not darker.</summary>
    private void WriteCodes(ReadOnlySpan<float> gray, int y, Span<int> codes)
    {
        int x = Radius, end = Size - Radius, at = y * Size;
        int level = Radius, up = -Radius * Size;
        if (_vector && Vector256.IsHardwareAccelerated)
        {
            ref float pixels = ref MemoryMarshal.GetReference(gray);
            ref int pattern = ref MemoryMarshal.GetReference(codes);
            for (; x <= end - Vector256<float>.Count; x += Vector256<float>.Count)
            {
                ref float here = ref Unsafe.Add(ref pixels, at + x);
                Vector256<float> center = Vector256.LoadUnsafe(ref here);
                Vector256<int> code = Bit(Difference(ref here, level, center), 0)
                    | Bit(Diagonal(ref here, 1, -1, center), 1)
                    | Bit(Difference(ref here, up, center), 2)
                    | Bit(Diagonal(ref here, -1, -1, center), 3)
                    | Bit(Difference(ref here, -level, center), 4)
                    | Bit(Diagonal(ref here, -1, 1, center), 5)
                    | Bit(Difference(ref here, -up, center), 6)
                    | Bit(Diagonal(ref here, 1, 1, center), 7);
                code.StoreUnsafe(ref pattern, (nuint)x);
            }
        }

        for (; x < end; x++)
        {
            int here = at + x;
            float center = gray[here];
            codes[x] = Bit(gray[here + level] - center, 0)
                | Bit(Diagonal(gray, here, 1, -1, center), 1)
                | Bit(gray[here + up] - center, 2)
                | Bit(Diagonal(gray, here, -1, -1, center), 3)
                | Bit(gray[here - level] - center, 4)
                | Bit(Diagonal(gray, here, -1, 1, center), 5)
                | Bit(gray[here - up] - center, 6)
                | Bit(Diagonal(gray, here, 1, 1, center), 7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bit(float difference, int bit) => difference >= 0 ? 1 << bit : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Bit(Vector256<float> difference, int bit) =>
        Vector256.GreaterThanOrEqual(difference, Vector256<float>.Zero).AsInt32() & Vector256.Create(1 << bit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Difference(ref float here, int offset, Vector256<float> center) =>
        Vector256.LoadUnsafe(ref Unsafe.Add(ref here, offset)) - center;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Diagonal(ReadOnlySpan<float> gray, int here, int right, int down, float center)
    {
        int nearX = right * _near, farX = right * _far, nearY = down * _near * Size, farY = down * _far * Size;
        float mixed = (gray[here + farX + nearY] - center) + (gray[here + nearX + farY] - center);
        return ((gray[here + nearX + nearY] - center) * _nearWeight) + (mixed * _mixedWeight) + ((gray[here + farX + farY] - center) * _farWeight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Diagonal(ref float here, int right, int down, Vector256<float> center)
    {
        int nearX = right * _near, farX = right * _far, nearY = down * _near * Size, farY = down * _far * Size;
        Vector256<float> mixed = Difference(ref here, farX + nearY, center) + Difference(ref here, nearX + farY, center);
        return (Difference(ref here, nearX + nearY, center) * _nearWeight) + (mixed * _mixedWeight) + (Difference(ref here, farX + farY, center) * _farWeight);
    }

    /// <summary>
    /// The bin of each pattern: 0 for no bit, then by the number of bits and the first bit of their run, 57 for all bits, 58 for patterns that
    /// change more than twice round the circle.
    /// </summary>
    private static byte[] Bins()
    {
        byte[] bins = new byte[256];
        for (int code = 0; code < bins.Length; code++)
        {
            int ones = BitOperations.PopCount((uint)code), starts = code & ~((code << 1) | (code >> 7)) & 0xFF;
            bins[code] = (byte)(ones switch
            {
                0 => 0,
                8 => LbpSpec.Bins - 2,
                _ when BitOperations.PopCount((uint)starts) > 1 => LbpSpec.Bins - 1,
                _ => 1 + ((ones - 1) * 8) + BitOperations.TrailingZeroCount(starts),
            });
        }

        return bins;
    }
}
