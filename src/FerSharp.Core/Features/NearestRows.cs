using System.Numerics;
using System.Runtime.InteropServices;

namespace FerSharp.Features;

/// <summary>A labelled row and how far it is.</summary>
/// <param name="Square">The squared distance.</param>
/// <param name="Row">Its place among the rows.</param>
internal readonly record struct Neighbor(float Square, int Row);

/// <summary>Finds the nearest rows by looking at all. Rows are read in blocks that stay in the cache while every query is compared with them.</summary>
internal sealed class NearestRows(float[] rows, int length, int neighbors, bool vector)
{
    /// <summary>Floats of rows that are read at once: half a megabyte.</summary>
    private const int BlockLength = 1 << 17;

    /// <summary>Rows found for a query.</summary>
    public int Neighbors { get; } = neighbors;

    /// <summary>Finds the nearest rows of each query, the nearest first, of equally near ones the earlier first.</summary>
    /// <param name="queries">Rows of the same length, one behind the other.</param>
    /// <param name="nearest">Receives <see cref="Neighbors"/> entries for each.</param>
    public void Find(ReadOnlySpan<float> queries, Span<Neighbor> nearest)
    {
        int count = queries.Length / length, all = rows.Length / length, block = Math.Max(BlockLength / length, 1);
        nearest.Fill(new Neighbor(float.PositiveInfinity, 0));
        for (int first = 0; first < all; first += block)
        {
            int end = Math.Min(first + block, all), query = 0;
            for (; query < count; query++)
            {
                Span<Neighbor> list = nearest.Slice(query * Neighbors, Neighbors);
                ReadOnlySpan<float> values = queries.Slice(query * length, length);
                for (int row = first; row < end; row++)
                {
                    float square = SquaredDistance(values, rows.AsSpan(row * length, length));
                    if (square < list[^1].Square)
                    {
                        Insert(list, new Neighbor(square, row));
                    }
                }
            }
        }
    }

    private static void Insert(Span<Neighbor> list, Neighbor neighbor)
    {
        int i = list.Length - 1;
        for (; i > 0 && list[i - 1].Square > neighbor.Square; i--)
        {
            list[i] = list[i - 1];
        }

        list[i] = neighbor;
    }

    private float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int i = 0;
        float sum = 0;
        if (vector && Vector.IsHardwareAccelerated && a.Length >= Vector<float>.Count)
        {
            // Four sums, so that one addition need not wait for the one before.
            ref float x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
            int width = Vector<float>.Count;
            Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (; i <= a.Length - (4 * width); i += 4 * width)
            {
                s0 = Add(ref x, ref y, i, s0);
                s1 = Add(ref x, ref y, i + width, s1);
                s2 = Add(ref x, ref y, i + (2 * width), s2);
                s3 = Add(ref x, ref y, i + (3 * width), s3);
            }

            for (; i <= a.Length - width; i += width)
            {
                s0 = Add(ref x, ref y, i, s0);
            }

            sum = Vector.Sum((s0 + s1) + (s2 + s3));
        }

        for (; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }

    private static Vector<float> Add(ref float a, ref float b, int index, Vector<float> sum)
    {
        Vector<float> difference = Vector.LoadUnsafe(ref a, (nuint)index) - Vector.LoadUnsafe(ref b, (nuint)index);
        return Vector.FusedMultiplyAdd(difference, difference, sum);
    }
}
