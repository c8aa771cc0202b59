using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FerSharp.Imaging;

/// <summary>
/// Area sampling where rows stay rows. The mean of k x k bilinear samples is then a weighted sum of rows of weighted sums of columns, so each
/// source row is read once, in order, instead of once for every sample.
/// </summary>
internal static class AreaSampler<TLayout>
    where TLayout : struct, IPixelLayout
{
    /// <summary>Bytes that the vertical sum takes at once; its scratch is that much longer than a row.</summary>
    private const int Block = 32;

    /// <summary>Floats of scratch for a tensor of a width, for columns of the source that it covers.</summary>
    public static int ScratchLength(int columns) => (columns * TLayout.BytesPerPixel) + Block + (columns * 3);

    /// <summary>Sums the rows of <paramref name="down"/>, mixes channels as asked, and sums columns into planes of the tensor's width.</summary>
    /// <returns>How many planes were written: luma alone, or red, green and blue.</returns>
    public static int SampleRow(in SampleSource source, in AxisTaps across, in AxisTaps down, int row, bool toLuma, Span<float> scratch, Span<float> planes, bool vector)
    {
        int columns = across.Last - across.First + 1, bytes = columns * TLayout.BytesPerPixel;
        Span<float> sums = scratch[..(bytes + Block)], channels = scratch.Slice(bytes + Block, columns * 3);
        float pad = source.Pad * (1 - down.Sum(row));
        SumRows(source, down.Of(row), across.First * TLayout.BytesPerPixel, bytes, pad, sums, vector);
        int count = Split(sums, columns, toLuma, channels);
        int width = across.Count;
        for (int plane = 0; plane < count; plane++)
        {
            ReadOnlySpan<float> values = channels.Slice(plane * columns, columns);
            Span<float> destination = planes.Slice(plane * width, width);
            for (int i = 0; i < width; i++)
            {
                float sum = source.Pad * (1 - across.Sum(i));
                foreach (Weighted tap in across.Of(i))
                {
                    sum += values[tap.Index - across.First] * tap.Weight;
                }

                destination[i] = sum;
            }
        }

        return count;
    }

    private static void SumRows(in SampleSource source, ReadOnlySpan<Weighted> rows, int start, int bytes, float pad, Span<float> sums, bool vector)
    {
        int i = 0;
        if (vector && Vector256.IsHardwareAccelerated)
        {
            ref byte pixels = ref MemoryMarshal.GetReference(source.Pixels);
            ref float sum = ref MemoryMarshal.GetReference(sums);
            for (; i <= bytes - Block; i += Block)
            {
                Vector256<float> a = Vector256.Create(pad), b = a, c = a, d = a;
                foreach (Weighted row in rows)
                {
                    Vector256<float> weight = Vector256.Create(row.Weight);
                    Vector256<byte> values = Vector256.LoadUnsafe(ref pixels, (nuint)((row.Index * source.Stride) + start + i));
                    (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(values);
                    (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(low);
                    (Vector256<uint> third, Vector256<uint> fourth) = Vector256.Widen(high);
                    a = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(first.AsInt32()), weight, a);
                    b = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(second.AsInt32()), weight, b);
                    c = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(third.AsInt32()), weight, c);
                    d = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(fourth.AsInt32()), weight, d);
                }

                a.StoreUnsafe(ref sum, (nuint)i);
                b.StoreUnsafe(ref sum, (nuint)i + 8);
                c.StoreUnsafe(ref sum, (nuint)i + 16);
                d.StoreUnsafe(ref sum, (nuint)i + 24);
            }
        }

        sums[i..bytes].Fill(pad);
        foreach (Weighted row in rows)
        {
            ReadOnlySpan<byte> values = source.Pixels.Slice((row.Index * source.Stride) + start, bytes);
            for (int k = i; k < bytes; k++)
            {
                sums[k] += values[k] * row.Weight;
            }
        }
    }

    private static int Split(ReadOnlySpan<float> sums, int columns, bool toLuma, Span<float> channels)
    {
        if (TLayout.BytesPerPixel == 1)
        {
            sums[..columns].CopyTo(channels);
            return 1;
        }

        if (toLuma)
        {
            for (int i = 0, k = 0; i < columns; i++, k += TLayout.BytesPerPixel)
            {
                channels[i] = (0.299f * sums[k + TLayout.Red]) + (0.587f * sums[k + TLayout.Green]) + (0.114f * sums[k + TLayout.Blue]);
            }

            return 1;
        }

        for (int i = 0, k = 0; i < columns; i++, k += TLayout.BytesPerPixel)
        {
            channels[i] = sums[k + TLayout.Red];
            channels[columns + i] = sums[k + TLayout.Green];
            channels[(2 * columns) + i] = sums[k + TLayout.Blue];
        }

        return 3;
    }
}
