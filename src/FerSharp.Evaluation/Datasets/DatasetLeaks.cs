using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FerSharp.Evaluation;

/// <summary>How <see cref="DatasetLeaks"/> compares.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed record LeakOptions
{
    /// <summary>Least correlation of two pictures, at 48x48 gray pixels, that makes them near-identical. Above 0, at most 1.</summary>
    /// <value>
    /// Default 0.95. Between FER-2013's parts, ten pairs of most bands from 0.92 on were looked at: each shows one photograph twice;
    /// from 0.90 to 0.91 two of ten did not. Aligned faces of other sets are more alike by themselves: look at the pairs before lowering it.
    /// </value>
    public double Threshold { get; init; } = 0.95;
}

/// <summary>Two pictures that are the same or nearly.</summary>
/// <param name="First">Position in the first data set's samples.</param>
/// <param name="Second">Position in the second data set's samples.</param>
/// <param name="Similarity">Correlation at 48x48 gray pixels, -1 to 1; 1 for identical pictures.</param>
/// <param name="Identical">Whether size and every pixel are equal.</param>
public sealed record LeakPair(int First, int Second, double Similarity, bool Identical);

/// <summary>What <see cref="DatasetLeaks"/> found.</summary>
/// <param name="Pairs">The pairs: identical ones first, then by similarity, then by position.</param>
/// <param name="IdenticalInFirst">Pictures of the first data set that are identical to one of the second.</param>
/// <param name="IdenticalInSecond">Pictures of the second data set that are identical to one of the first.</param>
/// <param name="NearInFirst">Further pictures of the first data set: near-identical to one of the second, identical to none.</param>
/// <param name="NearInSecond">Further pictures of the second data set: near-identical to one of the first, identical to none.</param>
/// <param name="Faults">Pictures that could not be loaded and so were not compared.</param>
public sealed record LeakReport(
    IReadOnlyList<LeakPair> Pairs, int IdenticalInFirst, int IdenticalInSecond, int NearInFirst, int NearInSecond, IReadOnlyList<DatasetFault> Faults);

/// <summary>Finds pictures that two data sets share, identical or nearly: what a test set must not have in common with training.</summary>
/// <remarks>
/// <para>Identical: same size, same pixel format, same pixels (SHA-256). Near: every pair of pictures is compared by the correlation of
/// mean-free gray thumbnails of 16x16 (area means), none is skipped by a hash; a pair within 0.05 of the threshold there is compared
/// again at 48x48, and that correlation counts. So brightness, contrast, recompression and small size changes do not hide a copy;
/// mirroring, turning and cropping by more than a pixel or so do. Flat pictures have no correlation and can only be identical.</para>
/// <para>Cost: each picture is loaded once, and a candidate once more; 1 KiB a picture is held; about 256 multiplications for a pair, on all cores. Thread-safe.</para>
/// </remarks>
public static class DatasetLeaks
{
    private const int Side = 16;
    private const int Length = Side * Side;
    private const int FineSide = 48;
    private const double Margin = 0.05;
    private const int Block = 64;

    /// <summary>Compares each picture of one data set with each of another.</summary>
    /// <param name="first">One data set, such as training.</param>
    /// <param name="second">The other, such as test.</param>
    /// <param name="options">The threshold; null for the default.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="ArgumentNullException">A data set is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LeakReport Find(FaceDataset first, FaceDataset second, LeakOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Search(first, second, options, cancellationToken);
    }

    /// <summary>Compares the pictures of one data set among each other; every pair is named once, with <see cref="LeakPair.First"/> below <see cref="LeakPair.Second"/>, and both sides of the report count the same pictures.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">The threshold; null for the default.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="ArgumentNullException">The data set is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LeakReport FindWithin(FaceDataset dataset, LeakOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Search(dataset, null, options, cancellationToken);
    }

    private static LeakReport Search(FaceDataset first, FaceDataset? other, LeakOptions? options, CancellationToken cancellationToken)
    {
        double threshold = (options ?? new LeakOptions()).Threshold;
        if (!(threshold is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), threshold, "The threshold must be above 0 and at most 1.");
        }

        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        var prints = new Fingerprints(first, parallel);
        Fingerprints others = other is null ? prints : new Fingerprints(other, parallel);
        FaceDataset second = other ?? first;
        bool within = other is null;

        var pairs = new List<LeakPair>();
        ILookup<UInt128, int> byHash = Enumerable.Range(0, second.Samples.Count).Where(others.IsThere).ToLookup(i => others.Hashes[i]);
        for (int i = 0; i < first.Samples.Count; i++)
        {
            if (prints.IsThere(i))
            {
                pairs.AddRange(byHash[prints.Hashes[i]].Where(j => !within || i < j).Select(j => new LeakPair(i, j, 1, true)));
            }
        }

        var near = new List<LeakPair>();
        Parallel.For(0, (first.Samples.Count + Block - 1) / Block, parallel, block =>
        {
            int end = Math.Min((block + 1) * Block, first.Samples.Count);
            List<(int First, int Second)> candidates = Candidates(prints, others, block * Block, end, within, (float)(threshold - Margin));
            LeakPair[] confirmed = Confirm(first, second, candidates, threshold);
            lock (near)
            {
                near.AddRange(confirmed);
            }
        });

        pairs.AddRange(near.OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.First).ThenBy(pair => pair.Second));
        (int sameFirst, int nearFirst) = CountPictures(pairs, pair => within ? [pair.First, pair.Second] : [pair.First]);
        (int sameSecond, int nearSecond) = within ? (sameFirst, nearFirst) : CountPictures(pairs, pair => [pair.Second]);
        return new LeakReport(pairs, sameFirst, sameSecond, nearFirst, nearSecond, within ? prints.Faults : [.. prints.Faults, .. others.Faults]);
    }

    private static (int Identical, int Near) CountPictures(List<LeakPair> pairs, Func<LeakPair, int[]> pictures)
    {
        HashSet<int> identical = [.. pairs.Where(pair => pair.Identical).SelectMany(pictures)];
        return (identical.Count, pairs.SelectMany(pictures).Distinct().Count() - identical.Count);
    }

    private static List<(int First, int Second)> Candidates(Fingerprints prints, Fingerprints others, int start, int end, bool within, float least)
    {
        var found = new List<(int, int)>();

        // Blocks of both sides stay in the first caches while all their pairs are compared.
        for (int there = within ? start : 0; there < others.Hashes.Length; there += Block)
        {
            int thereEnd = Math.Min(there + Block, others.Hashes.Length);
            for (int i = start; i < end; i++)
            {
                ReadOnlySpan<Vector<float>> a = prints.Thumbnail(i);
                int j = within ? Math.Max(there, i + 1) : there;
                for (; j + 3 < thereEnd; j += 4)
                {
                    ReadOnlySpan<Vector<float>> b0 = others.Thumbnail(j)[..a.Length], b1 = others.Thumbnail(j + 1)[..a.Length];
                    ReadOnlySpan<Vector<float>> b2 = others.Thumbnail(j + 2)[..a.Length], b3 = others.Thumbnail(j + 3)[..a.Length];
                    Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
                    for (int k = 0; k < a.Length; k++)
                    {
                        s0 = Vector.FusedMultiplyAdd(a[k], b0[k], s0);
                        s1 = Vector.FusedMultiplyAdd(a[k], b1[k], s1);
                        s2 = Vector.FusedMultiplyAdd(a[k], b2[k], s2);
                        s3 = Vector.FusedMultiplyAdd(a[k], b3[k], s3);
                    }

                    Keep(i, j, Vector.Sum(s0));
                    Keep(i, j + 1, Vector.Sum(s1));
                    Keep(i, j + 2, Vector.Sum(s2));
                    Keep(i, j + 3, Vector.Sum(s3));
                }

                for (; j < thereEnd; j++)
                {
                    ReadOnlySpan<Vector<float>> b = others.Thumbnail(j);
                    Vector<float> s = default;
                    for (int k = 0; k < a.Length; k++)
                    {
                        s = Vector.FusedMultiplyAdd(a[k], b[k], s);
                    }

                    Keep(i, j, Vector.Sum(s));
                }
            }
        }

        return found;

        void Keep(int i, int j, float correlation)
        {
            if (correlation >= least && prints.Hashes[i] != others.Hashes[j])
            {
                found.Add((i, j));
            }
        }
    }

    private static LeakPair[] Confirm(FaceDataset first, FaceDataset second, List<(int First, int Second)> candidates, double threshold)
    {
        var fine = new Dictionary<(bool, int), float[]>();
        return [.. candidates
            .Select(pair => new LeakPair(pair.First, pair.Second, Correlation(Fine(first, true, pair.First), Fine(second, false, pair.Second)), false))
            .Where(pair => pair.Similarity >= threshold)];

        float[] Fine(FaceDataset dataset, bool isFirst, int index)
        {
            if (!fine.TryGetValue((isFirst, index), out float[]? pixels))
            {
                fine[(isFirst, index)] = pixels = new float[FineSide * FineSide];
                using Frame frame = dataset.Load(index);
                GrayThumbnail.Read(frame.View, FineSide, pixels);
                GrayThumbnail.Normalise(pixels);
            }

            return pixels;
        }
    }

    private static double Correlation(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return Math.Min(sum, 1);
    }

    /// <summary>Thumbnails and hashes of a whole data set.</summary>
    private sealed class Fingerprints
    {
        private readonly float[][] _blocks;

        public Fingerprints(FaceDataset dataset, ParallelOptions parallel)
        {
            int count = dataset.Samples.Count;
            Hashes = new UInt128[count];
            _blocks = [.. Enumerable.Range(0, (count + Block - 1) / Block).Select(_ => new float[Block * Length])];
            var faults = new DatasetFault?[count];
            Parallel.For(0, count, parallel, i =>
            {
                try
                {
                    using Frame frame = dataset.Load(i);
                    Hashes[i] = HashOf(frame.View);
                    Span<float> thumbnail = _blocks[i / Block].AsSpan(i % Block * Length, Length);
                    GrayThumbnail.Read(frame.View, Side, thumbnail);
                    GrayThumbnail.Normalise(thumbnail);
                }
                catch (Exception e) when (e is IOException or InvalidDataException)
                {
                    faults[i] = new DatasetFault(dataset.Samples[i].Id, e.Message);
                }
            });
            Faults = [.. faults.OfType<DatasetFault>()];
        }

        /// <summary>Of size, format and pixels; 0 where the picture could not be loaded.</summary>
        public UInt128[] Hashes { get; }

        public DatasetFault[] Faults { get; }

        public bool IsThere(int index) => Hashes[index] != 0;

        public ReadOnlySpan<Vector<float>> Thumbnail(int index) => MemoryMarshal.Cast<float, Vector<float>>(_blocks[index / Block].AsSpan(index % Block * Length, Length));

        private static UInt128 HashOf(in FrameView view)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, view.Width);
            bytes[4] = (byte)view.Format;
            hash.AppendData(bytes[..5]);
            for (int y = 0; y < view.Height; y++)
            {
                hash.AppendData(view.GetRow(y));
            }

            hash.GetHashAndReset(bytes);
            return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
        }
    }
}
