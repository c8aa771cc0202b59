namespace FerSharp.Evaluation;

/// <summary>Identical and near-identical pictures within a part or between two of a <see cref="DatasetReport"/>. Immutable.</summary>
/// <param name="FirstPart">Position of one part.</param>
/// <param name="SecondPart">Position of the other; the same for a search within a part.</param>
/// <param name="Leaks">What was found; positions are those in the parts' samples.</param>
/// <param name="IdenticalWithOtherLabel">Pairs of identical pictures whose labels differ: at least one of each is wrong.</param>
public sealed record DuplicateSearch(int FirstPart, int SecondPart, LeakReport Leaks, int IdenticalWithOtherLabel)
{
    /// <summary>Whether the pictures of one part were compared among each other.</summary>
    public bool IsWithin => FirstPart == SecondPart;

    internal static DuplicateSearch Run(IReadOnlyList<FaceDataset> parts, int first, int second, LeakOptions options, CancellationToken cancellationToken)
    {
        LeakReport leaks = first == second
            ? DatasetLeaks.FindWithin(parts[first], options, cancellationToken)
            : DatasetLeaks.Find(parts[first], parts[second], options, cancellationToken);
        int other = leaks.Pairs.Count(pair =>
            pair.Identical && parts[first].Samples[pair.First].Label is { } a && parts[second].Samples[pair.Second].Label is { } b && a != b);
        return new DuplicateSearch(first, second, leaks, other);
    }
}
