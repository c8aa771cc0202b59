using System.Security.Cryptography;

namespace FerSharp.Evaluation;

/// <summary>The hash of <see cref="DatasetInfo"/>.</summary>
internal static class DatasetHash
{
    public delegate ReadOnlySpan<byte> ContentOf(int index);

    public static string Compute(IReadOnlyList<FaceSample> samples, ContentOf content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < samples.Count; i++)
        {
            FaceSample sample = samples[i];
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(sample.Id));
            hash.AppendData([0, sample.Label is { } label ? (byte)label : (byte)255, (byte)(sample.Votes?.Count ?? 0)]);
            foreach (float share in sample.Votes ?? [])
            {
                System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes, share);
                hash.AppendData(bytes);
            }

            hash.AppendData(content(i));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
