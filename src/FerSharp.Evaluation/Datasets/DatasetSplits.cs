using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FerSharp.Evaluation;

/// <summary>A part that a data set is to be divided into.</summary>
/// <param name="Name">The part's name, such as <c>validation</c>.</param>
/// <param name="Fraction">Its share of the pictures, above 0, at most 1.</param>
public sealed record SplitPart(string Name, double Fraction);

/// <summary>Divides a data set into parts that share no picture.</summary>
/// <remarks>
/// Which pictures come together is decided by a hash of the seed and each picture's id (SHA-256), so the same seed gives the same parts
/// on every machine, in whatever order the pictures were read. Where fractions add up to less than 1, the rest is in no part.
/// Copies under other ids are not looked for; <see cref="DatasetLeaks"/> does that. Thread-safe.
/// </remarks>
public static class DatasetSplits
{
    /// <summary>Divides each class by itself, so that every part has the classes in the same shares, to a picture of each class. Pictures without a label count as a class.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="parts">The parts; fractions add up to at most 1.</param>
    /// <param name="seed">Any number; another one gives other parts.</param>
    /// <returns>A data set for each part, in order; the pictures in the order of <paramref name="dataset"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">No parts, a name twice, a fraction out of range, fractions above 1 together, or a part that would be empty.</exception>
    public static IReadOnlyList<FaceDataset> Stratified(FaceDataset dataset, IReadOnlyList<SplitPart> parts, int seed)
    {
        double[] bounds = Bounds(dataset, parts);
        List<int>[] chosen = [.. Enumerable.Range(0, parts.Count).Select(_ => new List<int>())];
        foreach (int[] members in Enumerable.Range(0, dataset.Samples.Count).GroupBy(i => dataset.Samples[i].Label).Select(group => group.ToArray()))
        {
            Array.Sort(Array.ConvertAll(members, i => Rank(seed, dataset.Samples[i].Id)), members);
            int start = 0;
            for (int part = 0; part < parts.Count; part++)
            {
                int end = (int)Math.Round(bounds[part] * members.Length, MidpointRounding.AwayFromZero);
                chosen[part].AddRange(members[start..end]);
                start = end;
            }
        }

        return Subsets(dataset, parts, chosen);
    }

    /// <summary>
    /// Divides by subject: all pictures of one are in the same part. Subjects are taken from the largest to the smallest and go where
    /// their classes are missing most: to the part with the least sum over classes of n (have - want) / all, which makes the squared
    /// distance from the wanted counts least at each step. Fractions and class shares are met as nearly as the subjects' sizes allow.
    /// </summary>
    /// <param name="dataset">The data set; each sample has a <see cref="FaceSample.Subject"/>.</param>
    /// <param name="parts">The parts; fractions add up to at most 1.</param>
    /// <param name="seed">Any number; another one gives other parts.</param>
    /// <returns>A data set for each part, in order; the pictures in the order of <paramref name="dataset"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">As with <see cref="Stratified"/>, or a sample has no subject.</exception>
    public static IReadOnlyList<FaceDataset> BySubject(FaceDataset dataset, IReadOnlyList<SplitPart> parts, int seed)
    {
        double[] bounds = Bounds(dataset, parts);
        int unknown = dataset.Samples.Count(sample => sample.Subject is null);
        if (unknown > 0)
        {
            throw new ArgumentException($"{unknown} of {dataset.Samples.Count} pictures have no subject; name it for all, or use Stratified.", nameof(dataset));
        }

        const int Classes = EmotionScores.Count + 1;
        int[] classOf = [.. dataset.Samples.Select(sample => sample.Label is { } label ? (int)label : EmotionScores.Count)];
        double[] all = new double[Classes];
        foreach (int label in classOf)
        {
            all[label]++;
        }

        // The last bin takes what is in no part.
        double[] fractions = [.. parts.Select(part => part.Fraction), .. bounds[^1] < 1 ? [1 - bounds[^1]] : Array.Empty<double>()];
        double[][] balance = [.. fractions.Select(fraction => Array.ConvertAll(all, count => -fraction * count))];
        List<int>[] chosen = [.. Enumerable.Range(0, fractions.Length).Select(_ => new List<int>())];
        IEnumerable<int[]> subjects = Enumerable.Range(0, classOf.Length).GroupBy(i => dataset.Samples[i].Subject!)
            .OrderByDescending(group => group.Count()).ThenBy(group => Rank(seed, group.Key)).Select(group => group.ToArray());
        foreach (int[] pictures in subjects)
        {
            int best = Enumerable.Range(0, fractions.Length).MinBy(bin => pictures.Sum(i => balance[bin][classOf[i]] / all[classOf[i]]));
            chosen[best].AddRange(pictures);
            foreach (int picture in pictures)
            {
                balance[best][classOf[picture]]++;
            }
        }

        return Subsets(dataset, parts, chosen);
    }

    private static double[] Bounds(FaceDataset dataset, IReadOnlyList<SplitPart> parts)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.DistinctBy(part => part.Name).Count() != parts.Count)
        {
            throw new ArgumentException("At least one part is needed, and each needs a name of its own.", nameof(parts));
        }

        double[] bounds = new double[parts.Count];
        double sum = 0;
        for (int i = 0; i < bounds.Length; i++)
        {
            if (!(parts[i].Fraction is > 0 and <= 1))
            {
                throw new ArgumentException($"The fraction of '{parts[i].Name}' is {parts[i].Fraction}; it must be above 0 and at most 1.", nameof(parts));
            }

            bounds[i] = sum += parts[i].Fraction;
        }

        if (sum > 1 + 1e-9)
        {
            throw new ArgumentException($"The fractions add up to {sum}; they may be 1 together.", nameof(parts));
        }

        // So that 0.7 + 0.2 + 0.1 leaves nothing over.
        bounds[^1] = sum > 1 - 1e-9 ? 1 : sum;
        return bounds;
    }

    private static FaceDataset[] Subsets(FaceDataset dataset, IReadOnlyList<SplitPart> parts, List<int>[] chosen) =>
        [.. parts.Select((part, i) => chosen[i].Count > 0
            ? dataset.Subset([.. chosen[i].Order()], part.Name)
            : throw new ArgumentException($"The part '{part.Name}' would be empty: the data set is too small for its fraction.", nameof(parts)))];

    internal static ulong Rank(int seed, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}:{id}")), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
