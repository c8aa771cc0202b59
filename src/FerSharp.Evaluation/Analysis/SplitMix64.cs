namespace FerSharp.Evaluation;

/// <summary>Numbers that depend on the seed alone (SplitMix64, Steele et al. 2014).</summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next number, evenly spread over [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Next(double from, double to)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return from + ((z >> 11) * (1.0 / (1UL << 53)) * (to - from));
    }
}
