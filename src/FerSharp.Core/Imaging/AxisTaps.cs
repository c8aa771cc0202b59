using System.Runtime.InteropServices;

namespace FerSharp.Imaging;

/// <summary>One source pixel along an axis, and its weight.</summary>
internal readonly record struct Weighted(int Index, float Weight);

/// <summary>
/// The source pixels that make up each tensor pixel along one axis: the taps of k bilinear samples, added up. What the weights lack to 1 is
/// border.
/// </summary>
internal readonly ref struct AxisTaps
{
    private readonly Span<Weighted> _taps;
    private readonly Span<int> _ends;
    private readonly Span<float> _sums;

    /// <summary>Finds the taps.</summary>
    /// <param name="step">Source pixels from one tensor pixel to the next.</param>
    /// <param name="start">Source coordinate of the tensor's edge.</param>
    /// <param name="samples">Samples in a tensor pixel, k.</param>
    /// <param name="count">Tensor pixels.</param>
    /// <param name="length">Source pixels.</param>
    /// <param name="replicate">Whether the edge pixel continues outside.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats.</param>
    public AxisTaps(float step, float start, int samples, int count, int length, bool replicate, Span<float> scratch)
    {
        Span<Weighted> taps = MemoryMarshal.Cast<float, Weighted>(scratch[..(4 * samples * count)]);
        _ends = MemoryMarshal.Cast<float, int>(scratch.Slice(4 * samples * count, count));
        _sums = scratch.Slice((4 * samples * count) + count, count);
        int used = 0, first = int.MaxValue, last = 0;
        float fine = step / samples;
        for (int i = 0; i < count; i++)
        {
            int begin = used;
            float sum = 0;
            for (int s = 0; s < samples; s++)
            {
                Tap tap = Tap.At(MathF.FusedMultiplyAdd(fine, (i * samples) + s + 0.5f, start), length, replicate);
                Add(taps, begin, ref used, tap.First, tap.FirstWeight / samples);
                Add(taps, begin, ref used, Math.Min(tap.First + 1, length - 1), tap.SecondWeight / samples);
                sum += (tap.FirstWeight + tap.SecondWeight) / samples;
            }

            foreach (Weighted tap in taps[begin..used])
            {
                first = Math.Min(first, tap.Index);
                last = Math.Max(last, tap.Index);
            }

            _ends[i] = used;
            _sums[i] = sum;
        }

        _taps = taps[..used];
        Count = count;
        First = Math.Min(first, last);
        Last = last;
    }

    /// <summary>Tensor pixels.</summary>
    public int Count { get; }

    /// <summary>The first source pixel that any tensor pixel uses.</summary>
    public int First { get; }

    /// <summary>The last source pixel that any tensor pixel uses.</summary>
    public int Last { get; }

    /// <summary>Floats of scratch that are needed.</summary>
    public static int ScratchLength(int samples, int count) => ((4 * samples) + 2) * count;

    /// <summary>The source pixels of one tensor pixel.</summary>
    public ReadOnlySpan<Weighted> Of(int index) => _taps[(index == 0 ? 0 : _ends[index - 1]).._ends[index]];

    /// <summary>The weights' sum for one tensor pixel, 1 where nothing lies outside.</summary>
    public float Sum(int index) => _sums[index];

    /// <summary>Adds to the tap of the same source pixel where there is one among the last two; neighbouring samples share pixels.</summary>
    private static void Add(Span<Weighted> taps, int begin, ref int used, int index, float weight)
    {
        if (weight == 0)
        {
            return;
        }

        for (int i = used - 1; i >= Math.Max(begin, used - 2); i--)
        {
            if (taps[i].Index == index)
            {
                taps[i] = new Weighted(index, taps[i].Weight + weight);
                return;
            }
        }

        taps[used++] = new Weighted(index, weight);
    }
}
