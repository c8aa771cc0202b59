namespace FerSharp.Features;

/// <summary>How a <see cref="NearestNeighborClassifier"/> decides.</summary>
public sealed record NearestNeighborOptions
{
    /// <summary>Most <see cref="Neighbors"/>: 128.</summary>
    public const int MaxNeighbors = 128;

    /// <summary>Rows that vote, 1 to <see cref="MaxNeighbors"/>; all of them where there are fewer. Default 15.</summary>
    public int Neighbors { get; init; } = 15;

    /// <summary>What counts as near. Default cosine, which does not heed how long a row is.</summary>
    public NeighborDistance Distance { get; init; } = NeighborDistance.Cosine;

    /// <summary>How much a neighbour's vote counts. Default by distance.</summary>
    public NeighborVotes Votes { get; init; } = NeighborVotes.ByDistance;
}

/// <summary>Distance between rows.</summary>
public enum NeighborDistance
{
    /// <summary>Root of the sum of squared differences.</summary>
    Euclidean = 0,

    /// <summary>Euclidean distance of the rows scaled to length 1, which orders as the cosine between them does; a row of zeros stays what it is.</summary>
    Cosine = 1,
}

/// <summary>Weight of a neighbour's vote.</summary>
public enum NeighborVotes
{
    /// <summary>All the same.</summary>
    Equal = 0,

    /// <summary>One over the distance (Dudani, The distance-weighted k-nearest-neighbor rule, 1976).</summary>
    ByDistance = 1,
}
