using System.Runtime.CompilerServices;

namespace FerSharp.Imaging;

/// <summary>
/// The two neighbouring pixels that a coordinate falls between along one axis, and their weights. The first is always inside the picture and
/// the second is its successor (or itself where the axis has one pixel), so that reading needs no further checks.
/// </summary>
internal readonly struct Tap
{
    private Tap(int first, float firstWeight, float secondWeight)
    {
        First = first;
        FirstWeight = firstWeight;
        SecondWeight = secondWeight;
    }

    public int First { get; }

    public float FirstWeight { get; }

    /// <summary>Weight of the successor. What the weights lack to 1 is border.</summary>
    public float SecondWeight { get; }

    /// <summary>Finds the taps of a continuous coordinate.</summary>
    /// <param name="coordinate">Position along the axis; pixel i has its centre at i + 0.5.</param>
    /// <param name="length">Pixels along the axis.</param>
    /// <param name="replicate">Whether the edge pixel continues outside; otherwise outside weighs nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tap At(float coordinate, int length, bool replicate)
    {
        float u = coordinate - 0.5f;
        int last = Math.Max(length - 2, 0);
        if (replicate)
        {
            u = MathF.Max(MathF.Min(u, length - 1), 0);
            int first = Math.Min((int)u, last);
            float fraction = u - first;
            return new Tap(first, 1 - fraction, fraction);
        }

        u = MathF.Max(MathF.Min(u, length + 1), -2);
        float floor = MathF.Floor(u);
        int x = (int)floor;
        float second = u - floor, before = 1 - second;
        before = x >= 0 && x < length ? before : 0;
        second = x >= -1 && x < length - 1 ? second : 0;
        return x < 0 ? new Tap(0, second, 0) : x > length - 2 ? new Tap(last, 0, before) : new Tap(x, before, second);
    }
}
