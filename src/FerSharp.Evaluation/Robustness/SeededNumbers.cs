using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FerSharp.Evaluation;

/// <summary>Random numbers that belong to one perturbation of one sample: SplitMix64 (Steele et al. 2014), seeded from a hash (SHA-256) of all that identifies them.</summary>
internal sealed class SeededNumbers
{
    private ulong _state;
    private double _spare = double.NaN;

    public SeededNumbers(ulong seed, string sampleId, Perturbation perturbation)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}:{perturbation.Kind}:{perturbation.Strength:R}:{sampleId}")), hash);
        _state = BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>A whole number from 0 to below the limit.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>A standard normal number (Box and Muller 1958, by pairs).</summary>
    public double Normal()
    {
        double value = _spare;
        _spare = double.NaN;
        if (double.IsNaN(value))
        {
            // From above 0 to 1, so that the logarithm is finite.
            double radius = Math.Sqrt(-2 * Math.Log(((Next() >> 11) + 1) * (1.0 / (1UL << 53))));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * (Next() >> 11) * (1.0 / (1UL << 53)));
            value = radius * cos;
            _spare = radius * sin;
        }

        return value;
    }

    private ulong Next() => Bootstrap.Mix(_state += 0x9E3779B97F4A7C15);
}
