using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FerSharp.Imaging;

/// <content>Eight samples at a time with AVX2: pixels are gathered as 32-bit words, channels are shifted out of them.</content>
internal static partial class RowSampler<TLayout>
{
    private const int Lanes = 8;

    /// <summary>Bytes of the sixteen 32-bit pixels that are read at once where eight samples and their successors lie that close.</summary>
    private const int Window = 64;

    public static bool IsVectorSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>A gather reads four bytes, so the picture must have four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsVectorizable(in SampleSource source) => IsVectorSupported && source.Pixels.Length >= 4;

    private static unsafe int SampleRowVector(in SampleSource source, int start, in ColumnTaps taps, Span<float> planes, int width)
    {
        fixed (byte* pixels = source.Pixels)
        fixed (float* red = planes)
        {
            ref int offsets = ref MemoryMarshal.GetReference(taps.Offsets);
            ref float firstWeights = ref MemoryMarshal.GetReference(taps.FirstWeights);
            ref float secondWeights = ref MemoryMarshal.GetReference(taps.SecondWeights);
            var reader = new Reader(pixels, source.Pixels.Length);
            Vector256<int> rowStart = Vector256.Create(start), next = Vector256.Create(source.NextColumn);
            Vector256<float> pad = Vector256.Create(source.Pad), one = Vector256<float>.One;
            for (int block = 0; block < width; block += Lanes)
            {
                // The last block ends at the last column; columns it shares with the one before are written twice, alike.
                int i = Math.Min(block, width - Lanes);
                Vector256<int> offset = Vector256.LoadUnsafe(ref offsets, (nuint)i) + rowStart;
                Vector256<float> first = Vector256.LoadUnsafe(ref firstWeights, (nuint)i), second = Vector256.LoadUnsafe(ref secondWeights, (nuint)i);
                Vector256<float> outside = pad * (one - (first + second));
                Vector256<int> a, b;
                int low = start + Unsafe.Add(ref offsets, i), high = start + Unsafe.Add(ref offsets, i + Lanes - 1);
                if (TLayout.BytesPerPixel == 4 && source.NextColumn == 4 && (uint)(high - low) <= Window - 8 && low <= source.Pixels.Length - Window)
                {
                    reader.ReadWindow(low, offset, out a, out b);
                }
                else
                {
                    reader.ReadPair(offset, next, source.NextColumn, out a, out b);
                }

                Blend(a, TLayout.Red, first, Blend(b, TLayout.Red, second, outside)).Store(red + i);
                if (Planes == 3)
                {
                    Blend(a, TLayout.Green, first, Blend(b, TLayout.Green, second, outside)).Store(red + width + i);
                    Blend(a, TLayout.Blue, first, Blend(b, TLayout.Blue, second, outside)).Store(red + (2 * width) + i);
                }
            }
        }

        return width;
    }

    private static unsafe int SampleLineVector(in SampleSource source, float x, float y, float stepX, float stepY, Span<float> planes, int width)
    {
        fixed (byte* pixels = source.Pixels)
        fixed (float* red = planes)
        {
            var reader = new Reader(pixels, source.Pixels.Length);
            Vector256<int> nextColumn = Vector256.Create(source.NextColumn), nextRow = Vector256.Create(source.NextRow), stride = Vector256.Create(source.Stride);
            Vector256<float> pad = Vector256.Create(source.Pad), one = Vector256<float>.One;
            Vector256<float> lane = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
            for (int block = 0; block < width; block += Lanes)
            {
                int i = Math.Min(block, width - Lanes);
                Vector256<float> index = lane + Vector256.Create((float)i);
                VectorTap across = VectorTap.At(Fma.MultiplyAdd(Vector256.Create(stepX), index, Vector256.Create(x)), source.Width, source.Replicate);
                VectorTap down = VectorTap.At(Fma.MultiplyAdd(Vector256.Create(stepY), index, Vector256.Create(y)), source.Height, source.Replicate);
                Vector256<int> offset = (down.First * stride) + Columns(across.First);
                Vector256<float> w00 = across.FirstWeight * down.FirstWeight, w01 = across.SecondWeight * down.FirstWeight;
                Vector256<float> w10 = across.FirstWeight * down.SecondWeight, w11 = across.SecondWeight * down.SecondWeight;
                Vector256<float> outside = pad * (one - (w00 + w01 + w10 + w11));
                reader.ReadPair(offset, nextColumn, source.NextColumn, out Vector256<int> p00, out Vector256<int> p01);
                reader.ReadPair(offset + nextRow, nextColumn, source.NextColumn, out Vector256<int> p10, out Vector256<int> p11);
                Blend(p00, TLayout.Red, w00, Blend(p01, TLayout.Red, w01, Blend(p10, TLayout.Red, w10, Blend(p11, TLayout.Red, w11, outside)))).Store(red + i);
                if (Planes == 3)
                {
                    Blend(p00, TLayout.Green, w00, Blend(p01, TLayout.Green, w01, Blend(p10, TLayout.Green, w10, Blend(p11, TLayout.Green, w11, outside)))).Store(red + width + i);
                    Blend(p00, TLayout.Blue, w00, Blend(p01, TLayout.Blue, w01, Blend(p10, TLayout.Blue, w10, Blend(p11, TLayout.Blue, w11, outside)))).Store(red + (2 * width) + i);
                }
            }
        }

        return width;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Columns(Vector256<int> index) => TLayout.BytesPerPixel switch
    {
        1 => index,
        3 => index + index + index,
        _ => index << 2,
    };

    /// <summary>One channel of eight gathered pixels times weight, plus a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Blend(Vector256<int> pixel, int channel, Vector256<float> weight, Vector256<float> sum)
    {
        Vector256<int> value = (channel == 0 ? pixel : Vector256.ShiftRightLogical(pixel, 8 * channel)) & Vector256.Create(0xFF);
        return Fma.MultiplyAdd(Avx.ConvertToVector256Single(value), weight, sum);
    }

    /// <summary>Gathers pixels without reading past the picture's last byte: a word that would is read earlier and shifted.</summary>
    private readonly unsafe struct Reader(byte* pixels, int length)
    {
        private readonly byte* _pixels = pixels;
        private readonly Vector256<int> _last = Vector256.Create(length - 4);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void ReadPair(Vector256<int> offset, Vector256<int> next, int nextColumn, out Vector256<int> first, out Vector256<int> second)
        {
            if (TLayout.BytesPerPixel == 1)
            {
                // Both bytes lie in one word.
                first = Read(offset);
                second = nextColumn == 0 ? first : Vector256.ShiftRightLogical(first, 8);
                return;
            }

            first = Read(offset);
            second = Read(offset + next);
        }

        /// <summary>Pairs of 32-bit pixels out of a window of sixteen, which takes two loads where a gather takes one for each pixel.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void ReadWindow(int low, Vector256<int> offset, out Vector256<int> first, out Vector256<int> second)
        {
            Vector256<int> lower = Vector256.Load((int*)(_pixels + low)), upper = Vector256.Load((int*)(_pixels + low) + Lanes);
            Vector256<int> index = Vector256.ShiftRightLogical(offset - Vector256.Create(low), 2), next = index + Vector256<int>.One;
            Vector256<int> seven = Vector256.Create(Lanes - 1);
            first = Vector256.ConditionalSelect(Vector256.GreaterThan(index, seven), Avx2.PermuteVar8x32(upper, index), Avx2.PermuteVar8x32(lower, index));
            second = Vector256.ConditionalSelect(Vector256.GreaterThan(next, seven), Avx2.PermuteVar8x32(upper, next), Avx2.PermuteVar8x32(lower, next));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector256<int> Read(Vector256<int> offset)
        {
            if (TLayout.BytesPerPixel == 4)
            {
                return Avx2.GatherVector256((int*)_pixels, offset, 1);
            }

            Vector256<int> safe = Vector256.Min(offset, _last);
            Vector256<int> word = Avx2.GatherVector256((int*)_pixels, safe, 1);
            return Avx2.ShiftRightLogicalVariable(word, ((offset - safe) << 3).AsUInt32());
        }
    }

    /// <summary>Eight times <see cref="Tap"/>.</summary>
    private readonly struct VectorTap(Vector256<int> first, Vector256<float> firstWeight, Vector256<float> secondWeight)
    {
        public Vector256<int> First { get; } = first;

        public Vector256<float> FirstWeight { get; } = firstWeight;

        public Vector256<float> SecondWeight { get; } = secondWeight;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static VectorTap At(Vector256<float> coordinate, int length, bool replicate)
        {
            Vector256<float> u = coordinate - Vector256.Create(0.5f);
            Vector256<int> last = Vector256.Create(Math.Max(length - 2, 0));
            if (replicate)
            {
                // Avx.Min and Max return their second operand for NaN, so that a stray coordinate stays inside.
                u = Avx.Max(Avx.Min(u, Vector256.Create((float)(length - 1))), Vector256<float>.Zero);
                Vector256<int> first = Vector256.Min(Avx.ConvertToVector256Int32WithTruncation(u), last);
                Vector256<float> fraction = u - Avx.ConvertToVector256Single(first);
                return new VectorTap(first, Vector256<float>.One - fraction, fraction);
            }

            u = Avx.Max(Avx.Min(u, Vector256.Create((float)(length + 1))), Vector256.Create(-2f));
            Vector256<float> floor = Avx.Floor(u);
            Vector256<int> x = Avx.ConvertToVector256Int32WithTruncation(floor);
            Vector256<float> second = u - floor, before = Vector256<float>.One - second;
            Vector256<int> belowZero = Vector256.LessThan(x, Vector256<int>.Zero);
            Vector256<int> beyond = Vector256.GreaterThan(x, Vector256.Create(length - 2));
            Vector256<int> outsideFirst = belowZero | Vector256.GreaterThan(x, Vector256.Create(length - 1));
            Vector256<int> outsideSecond = beyond | Vector256.LessThan(x, Vector256.Create(-1));
            before = Vector256.AndNot(before, outsideFirst.AsSingle());
            second = Vector256.AndNot(second, outsideSecond.AsSingle());
            Vector256<float> w0 = Vector256.ConditionalSelect(belowZero.AsSingle(), second, Vector256.AndNot(before, beyond.AsSingle()));
            Vector256<float> w1 = Vector256.ConditionalSelect((beyond & ~belowZero).AsSingle(), before, Vector256.AndNot(second, belowZero.AsSingle()));
            return new VectorTap(Vector256.Max(Vector256.Min(x, last), Vector256<int>.Zero), w0, w1);
        }
    }
}
