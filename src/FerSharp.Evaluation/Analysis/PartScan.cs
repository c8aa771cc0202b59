using System.Collections.Concurrent;

namespace FerSharp.Evaluation;

/// <summary>One pass over the pictures of a part: each is loaded, counted and freed.</summary>
internal sealed class PartScan(int side)
{
    private readonly Dictionary<(int Width, int Height), int> _sizes = [];
    private readonly Dictionary<PixelFormat, int> _formats = [];
    private readonly PixelLevels _levels = new();

    public MeanFaceSums Means { get; } = new(side);

    /// <summary>Pictures that could not be loaded, by position.</summary>
    public SortedDictionary<int, DatasetFault> Faults { get; } = [];

    public static PartScan Read(FaceDataset dataset, int side, ParallelOptions parallel, Action loaded)
    {
        var whole = new PartScan(side);
        var faults = new ConcurrentBag<(int Index, DatasetFault Fault)>();
        Parallel.For(
            0,
            dataset.Samples.Count,
            parallel,
            () => new PartScan(side),
            (i, _, scan) =>
            {
                try
                {
                    using Frame frame = dataset.Load(i);
                    scan.Add(frame.View, dataset.Samples[i].Label);
                }
                catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    faults.Add((i, new DatasetFault(dataset.Samples[i].Id, e.Message)));
                }

                loaded();
                return scan;
            },
            scan =>
            {
                lock (whole)
                {
                    whole.Add(scan);
                }
            });
        foreach ((int index, DatasetFault fault) in faults)
        {
            whole.Faults[index] = fault;
        }

        return whole;
    }

    public DatasetPart ToPart(string name, FaceDataset dataset) => new(
        name,
        dataset.Info,
        dataset.Samples.Count,
        Faults.Count,
        ClassBalance.Of(dataset),
        [.. _sizes.Select(size => new PictureSize(size.Key.Width, size.Key.Height, size.Value))
            .OrderByDescending(size => size.Count).ThenBy(size => size.Width).ThenBy(size => size.Height)],
        new SortedDictionary<PixelFormat, int>(_formats),
        _levels.ToStatistics(),
        VoteStatistics.Of(dataset.Samples),
        [.. dataset.Faults, .. Faults.Values],
        dataset.LeftOut);

    private void Add(in FrameView view, Emotion? label)
    {
        Count(_sizes, (view.Width, view.Height), 1);
        Count(_formats, view.Format, 1);
        _levels.Add(view);
        if (label is { } emotion)
        {
            Means.Add(view, emotion);
        }
    }

    private void Add(PartScan other)
    {
        foreach (((int, int) size, int count) in other._sizes)
        {
            Count(_sizes, size, count);
        }

        foreach ((PixelFormat format, int count) in other._formats)
        {
            Count(_formats, format, count);
        }

        _levels.Add(other._levels);
        Means.Add(other.Means);
    }

    private static void Count<TKey>(Dictionary<TKey, int> counts, TKey key, int count)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + count;
}
