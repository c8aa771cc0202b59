namespace FerSharp.Evaluation;

/// <summary>What a <see cref="DatasetReport"/> says about one of its parts. Immutable.</summary>
/// <param name="Name">A name for people, of its own among the parts: the split, or the data set's name.</param>
/// <param name="Info">Name, split and hash of the data set.</param>
/// <param name="Pictures">Number of samples, with those that could not be loaded.</param>
/// <param name="Unreadable">Samples whose picture could not be loaded: they count in <paramref name="Classes"/> and in nothing that needs pixels.</param>
/// <param name="Classes">Pictures of each expression.</param>
/// <param name="Sizes">Every size that occurs, the most frequent first.</param>
/// <param name="Formats">Pictures of each pixel format, as they are loaded.</param>
/// <param name="Pixels">Levels of all pixels.</param>
/// <param name="Votes">What annotators' votes say; null where no sample has votes.</param>
/// <param name="Faults">Rows and files that cannot be used, from reading the data set and from loading its pictures.</param>
/// <param name="LeftOut">Pictures that were left out on request, by the rule that did it.</param>
public sealed record DatasetPart(
    string Name,
    DatasetInfo Info,
    int Pictures,
    int Unreadable,
    ClassBalance Classes,
    IReadOnlyList<PictureSize> Sizes,
    IReadOnlyDictionary<PixelFormat, int> Formats,
    PixelStatistics Pixels,
    VoteStatistics? Votes,
    IReadOnlyList<DatasetFault> Faults,
    IReadOnlyDictionary<string, int> LeftOut)
{
    /// <summary>Pictures without a label.</summary>
    public int Unlabelled => Pictures - Classes.Total;

    /// <summary>Smallest, middle and largest width in pixels.</summary>
    public SizeRange Widths => SizeRange.Of(Sizes.Select(size => (size.Width, size.Count)));

    /// <summary>Smallest, middle and largest height in pixels.</summary>
    public SizeRange Heights => SizeRange.Of(Sizes.Select(size => (size.Height, size.Count)));
}

/// <summary>A size of pictures and how many have it.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Count">Number of pictures.</param>
public readonly record struct PictureSize(int Width, int Height, int Count);

/// <summary>The range of a length in pixels; all 0 where no picture could be loaded.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Median">The middle one; of an even number the mean of the two in the middle.</param>
/// <param name="Maximum">The largest.</param>
public readonly record struct SizeRange(int Minimum, double Median, int Maximum)
{
    internal static SizeRange Of(IEnumerable<(int Length, int Count)> lengths)
    {
        (int Length, int Count)[] sorted = [.. lengths.OrderBy(one => one.Length)];
        long total = sorted.Sum(one => (long)one.Count);
        return total == 0 ? default : new SizeRange(sorted[0].Length, (At((total - 1) / 2) + At(total / 2)) / 2.0, sorted[^1].Length);

        int At(long position)
        {
            int i = 0;
            for (long before = sorted[0].Count; before <= position; before += sorted[++i].Count)
            {
            }

            return sorted[i].Length;
        }
    }
}

/// <summary>One picture of a <see cref="DatasetReport"/>.</summary>
/// <param name="Part">Position of its part in the report.</param>
/// <param name="Index">Position in the part's samples.</param>
/// <param name="Id">The sample's id.</param>
/// <param name="Label">The sample's label.</param>
public sealed record PictureReference(int Part, int Index, string Id, Emotion? Label);
