using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FerSharp.Features;

/// <summary>Lengths and unsigned directions of a picture's gradients. The scalar path does the same operations in the same order, so it gives the same values.</summary>
internal static class GradientField
{
    private const float TanOfEighth = 0.41421356f;
    private const float Quarter = MathF.PI / 4;
    private const float Half = MathF.PI / 2;

    // Arc tangent between -tan(pi/8) and tan(pi/8): x + x³ P(x²), error below 1e-7 (Moshier, Cephes: atanf).
    private const float P3 = 8.05374449538e-2f, P2 = -1.38776856032e-1f, P1 = 1.99777106478e-1f, P0 = -3.33329491539e-1f;

    /// <summary>Central differences of the inner pixels of one row; the first and the last pixel are left out.</summary>
    /// <param name="above">The row above.</param>
    /// <param name="row">The row; of the same length, at least 3.</param>
    /// <param name="below">The row below.</param>
    /// <param name="scale">Units of direction in 180 degrees, divided by pi.</param>
    /// <param name="lengths">Receives the gradients' lengths.</param>
    /// <param name="directions">Receives their directions, from the x axis towards the y axis (clockwise in the picture), 0 to 180 degrees, in the asked units.</param>
    /// <param name="vector">Whether vector instructions may be used.</param>
    public static void WriteRow(ReadOnlySpan<float> above, ReadOnlySpan<float> row, ReadOnlySpan<float> below, float scale, Span<float> lengths, Span<float> directions, bool vector)
    {
        int x = 1, end = row.Length - 1;
        if (vector && Vector256.IsHardwareAccelerated)
        {
            ref float up = ref MemoryMarshal.GetReference(above), here = ref MemoryMarshal.GetReference(row), down = ref MemoryMarshal.GetReference(below);
            ref float length = ref MemoryMarshal.GetReference(lengths), direction = ref MemoryMarshal.GetReference(directions);
            for (; x <= end - Vector256<float>.Count; x += Vector256<float>.Count)
            {
                Vector256<float> dx = Vector256.LoadUnsafe(ref here, (nuint)(x + 1)) - Vector256.LoadUnsafe(ref here, (nuint)(x - 1));
                Vector256<float> dy = Vector256.LoadUnsafe(ref down, (nuint)x) - Vector256.LoadUnsafe(ref up, (nuint)x);
                Vector256.Sqrt((dx * dx) + (dy * dy)).StoreUnsafe(ref length, (nuint)x);
                (Direction(dx, dy) * scale).StoreUnsafe(ref direction, (nuint)x);
            }
        }

        for (; x < end; x++)
        {
            float dx = row[x + 1] - row[x - 1], dy = below[x] - above[x];
            lengths[x] = MathF.Sqrt((dx * dx) + (dy * dy));
            directions[x] = Direction(dx, dy) * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Direction(float dx, float dy)
    {
        float across = MathF.Abs(dx), along = MathF.Abs(dy);
        float ratio = MathF.Min(across, along) / MathF.Max(MathF.Max(across, along), float.Epsilon);
        bool steep = ratio > TanOfEighth;
        float x = steep ? (ratio - 1) / (ratio + 1) : ratio, z = x * x;
        float angle = (((((((P3 * z) + P2) * z) + P1) * z) + P0) * z * x) + x + (steep ? Quarter : 0);
        angle = along > across ? Half - angle : angle;

        // A direction and its opposite are one; the level one is 0, never 180.
        return dx * dy < 0 ? MathF.PI - angle : angle;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Direction(Vector256<float> dx, Vector256<float> dy)
    {
        Vector256<float> across = Vector256.Abs(dx), along = Vector256.Abs(dy), one = Vector256<float>.One;
        Vector256<float> ratio = Vector256.Min(across, along) / Vector256.Max(Vector256.Max(across, along), Vector256.Create(float.Epsilon));
        Vector256<float> steep = Vector256.GreaterThan(ratio, Vector256.Create(TanOfEighth));
        Vector256<float> x = Vector256.ConditionalSelect(steep, (ratio - one) / (ratio + one), ratio), z = x * x;
        Vector256<float> p = (((((z * P3) + Vector256.Create(P2)) * z) + Vector256.Create(P1)) * z) + Vector256.Create(P0);
        Vector256<float> angle = (p * z * x) + x + (steep & Vector256.Create(Quarter));
        angle = Vector256.ConditionalSelect(Vector256.GreaterThan(along, across), Vector256.Create(Half) - angle, angle);
        return Vector256.ConditionalSelect(Vector256.LessThan(dx * dy, Vector256<float>.Zero), Vector256.Create(MathF.PI) - angle, angle);
    }
}
