using System.Numerics;
using System.Runtime.InteropServices;

namespace FerSharp.Imaging;

/// <summary>Arithmetic on rows of floats, as wide as the machine allows. Spans of one call have equal length.</summary>
internal static class RowMath
{
    /// <summary>destination = a * weightA + b * weightB + constant.</summary>
    public static void Blend(ReadOnlySpan<float> a, float weightA, ReadOnlySpan<float> b, float weightB, float constant, Span<float> destination)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            ref float x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b), z = ref MemoryMarshal.GetReference(destination);
            Vector<float> wa = new(weightA), wb = new(weightB), c = new(constant);
            for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)i), wa, Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref y, (nuint)i), wb, c)).StoreUnsafe(ref z, (nuint)i);
            }
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (a[i] * weightA) + ((b[i] * weightB) + constant);
        }
    }

    /// <summary>destination = source * factor + constant.</summary>
    public static void Scale(ReadOnlySpan<float> source, float factor, float constant, Span<float> destination)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            ref float x = ref MemoryMarshal.GetReference(source), z = ref MemoryMarshal.GetReference(destination);
            Vector<float> f = new(factor), c = new(constant);
            for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)i), f, c).StoreUnsafe(ref z, (nuint)i);
            }
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (source[i] * factor) + constant;
        }
    }

    /// <summary>destination += source.</summary>
    public static void Add(ReadOnlySpan<float> source, Span<float> destination) => Blend(source, 1, destination, 1, 0, destination);

    /// <summary>destination = luma of three planes (ITU-R BT.601: 0.299, 0.587, 0.114).</summary>
    public static void Luma(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<float> destination)
    {
        Blend(red, 0.299f, green, 0.587f, 0, destination);
        Blend(blue, 0.114f, destination, 1, 0, destination);
    }

    /// <summary>destination[i] = mean of the i-th run of <paramref name="run"/> values, scaled.</summary>
    public static void SumRuns(ReadOnlySpan<float> source, int run, float factor, Span<float> destination)
    {
        for (int i = 0, k = 0; i < destination.Length; i++)
        {
            float sum = 0;
            for (int end = k + run; k < end; k++)
            {
                sum += source[k];
            }

            destination[i] = sum * factor;
        }
    }

    /// <summary>Shifts and scales values to mean 0 and deviation 1 (population deviation plus <paramref name="epsilon"/>).</summary>
    public static void Standardize(Span<float> values, float epsilon)
    {
        double sum = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        double factor = 1 / (Math.Sqrt(squares / values.Length) + epsilon);
        Scale(values, (float)factor, (float)(-mean * factor), values);
    }
}
