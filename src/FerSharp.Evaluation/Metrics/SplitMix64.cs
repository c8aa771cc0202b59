namespace FerSharp.Evaluation;

/// <summary>Numbers that depend on the seed alone (SplitMix64, Steele et al. 2014).</summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The output function, which also makes seeds that lie far apart of such that do not.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>A whole number from 0 to below the limit.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>The next number, evenly spread over [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Next(double from, double to) => from + ((Next() >> 11) * (1.0 / (1UL << 53)) * (to - from));
}
