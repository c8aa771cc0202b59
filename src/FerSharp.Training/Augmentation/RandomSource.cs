namespace FerSharp.Training;

/// <summary>Random numbers that depend on nothing but the keys they are made from (SplitMix64; Steele et al., 2014).</summary>
/// <remarks>A picture's variation in an epoch is a function of seed, epoch and picture, so a resumed run draws what an unbroken one would have.</remarks>
internal struct RandomSource
{
    private ulong _state;

    public RandomSource(params ReadOnlySpan<long> keys)
    {
        _state = 0x9e3779b97f4a7c15;
        foreach (long key in keys)
        {
            _state = Next() ^ (ulong)key;
        }
    }

    public ulong Next()
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, 1).</summary>
    public float Unit() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>A number in [-range, range).</summary>
    public float Around(float range) => ((2 * Unit()) - 1) * range;

    /// <summary>A number of the normal distribution (Box, Muller, 1958).</summary>
    public float Normal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - Unit()));
        return (float)(radius * Math.Cos(2 * Math.PI * Unit()));
    }

    /// <summary>A whole number in [0, bound).</summary>
    public int Below(int bound) => (int)((UInt128)Next() * (ulong)bound >> 64);

    /// <summary>A number in [0, 1] of the beta distribution with both parameters alike, at most 1 (Jöhnk, 1964).</summary>
    public float Beta(float parameter)
    {
        if (parameter <= 0)
        {
            return 0;
        }

        double x, y;
        do
        {
            x = Math.Pow(Math.Max(Unit(), 1e-12f), 1 / (double)parameter);
            y = Math.Pow(Math.Max(Unit(), 1e-12f), 1 / (double)parameter);
        }
        while (x + y is > 1 or 0);
        return (float)(x / (x + y));
    }

    /// <summary>Puts the values in random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
