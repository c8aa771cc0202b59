using System.Globalization;
using FerSharp.Features;

namespace FerSharp;

/// <summary>A kind of face features and its parameters. Immutable; <see cref="FeatureExtractors"/> makes an extractor of it and reads and writes it.</summary>
public abstract record FeatureSpec
{
    private protected FeatureSpec()
    {
    }

    /// <summary>Names the kind and every parameter that changes a value, such as <c>lbp-48-r1-g6</c>: the extractor's <see cref="IFaceFeatureExtractor.Id"/>, which for 68 points names their reader too.</summary>
    public abstract string Id { get; }

    /// <summary>How many values describe a face. Of use only where the parameters are valid.</summary>
    public abstract int Length { get; }
}

/// <summary>Features of a square gray crop of the face: its size and how it is cut out. The crop is area-sampled, with the edge's pixels repeated outside the picture.</summary>
public abstract record TextureSpec : FeatureSpec
{
    /// <summary>Smallest <see cref="Size"/>: 16.</summary>
    public const int MinSize = 16;

    /// <summary>Largest <see cref="Size"/>: 128.</summary>
    public const int MaxSize = 128;

    private protected TextureSpec()
    {
    }

    /// <summary>Side of the crop in pixels, <see cref="MinSize"/> to <see cref="MaxSize"/>. Default 48.</summary>
    public int Size { get; init; } = 48;

    /// <summary>How a face's box becomes the crop. Default: squared, no margin.</summary>
    public CropSpec Crop { get; init; } = new();

    /// <summary>Where the five landmarks should come to lie, as <see cref="PreprocessingSpec.AlignTo"/>. Default null: no alignment.</summary>
    public IReadOnlyList<PointF>? AlignTo { get; init; }

    /// <summary>The part of the id that tells the crop; empty for the default crop.</summary>
    private protected string CropId
    {
        get
        {
            string id = Crop == new CropSpec() ? "" : string.Create(CultureInfo.InvariantCulture, $"-m{Crop.Margin}-y{Crop.ShiftY}{(Crop.Square ? "" : "-oblong")}");
            return AlignTo is null ? id : $"{id}-align({string.Join(' ', AlignTo.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X},{point.Y}")))})";
        }
    }
}

/// <summary>
/// Local binary patterns: eight neighbours on a circle, compared with their centre; 59 bins, one for each of the 58 uniform patterns and one for all
/// others (Ojala, Pietikäinen and Mäenpää, Multiresolution gray-scale and rotation invariant texture classification with local binary patterns, 2002),
/// counted in a grid of cells (Ahonen, Hadid and Pietikäinen, Face description with local binary patterns, 2006).
/// </summary>
/// <remarks>
/// A value is the square root of a bin's share of its cell, so Euclidean distance between two rows is the Hellinger distance of their cells, which
/// weighs rare patterns as the chi-square distance of Ahonen et al. does. Rows are of length <see cref="Grid"/> x <see cref="Grid"/> x 59: cells from the
/// top left, row by row. Pixels nearer to the crop's edge than <see cref="Radius"/> have no full circle and are not counted.
/// </remarks>
public sealed record LbpSpec : TextureSpec
{
    /// <summary>Bins of a cell: 59.</summary>
    public const int Bins = 59;

    /// <summary>Radius of the circle in pixels, 1 or 2. Default 1.</summary>
    public int Radius { get; init; } = 1;

    /// <summary>Cells in a row and in a column, at least 1; a cell must be at least 4 pixels wide. Default 6.</summary>
    public int Grid { get; init; } = 6;

    /// <inheritdoc/>
    public override string Id => $"lbp-{Size}-r{Radius}-g{Grid}{CropId}";

    /// <inheritdoc/>
    public override int Length => Grid * Grid * Bins;
}

/// <summary>Histograms of oriented gradients (Dalal and Triggs, Histograms of oriented gradients for human detection, 2005): unsigned gradients in cells, blocks of cells normalised by L2-Hys.</summary>
/// <remarks>
/// Gradients are central differences, 0 at the crop's edge. A block is divided by <c>sqrt(|v|² + ε²)</c>, clipped at 0.2 and divided again, with
/// ε = 1e-5 and the cells' sums divided by their area. Values: blocks from the top left, row by row, then the cells of a block likewise, then bins.
/// </remarks>
public sealed record HogSpec : TextureSpec
{
    /// <summary>Side of a cell in pixels, at least 2; the crop's side is a multiple of it. Default 8.</summary>
    public int CellSize { get; init; } = 8;

    /// <summary>Side of a block in cells, 1 to 4; blocks overlap, one starts at every cell. Default 2.</summary>
    public int BlockSize { get; init; } = 2;

    /// <summary>Orientations from 0 to 180 degrees, 2 to 36. Default 9.</summary>
    public int Bins { get; init; } = 9;

    /// <summary>How a pixel votes. Default interpolated, as in the paper.</summary>
    public HogVotes Votes { get; init; } = HogVotes.Interpolated;

    /// <inheritdoc/>
    public override string Id => $"hog-{Size}-c{CellSize}-b{BlockSize}-n{Bins}{(Votes == HogVotes.Interpolated ? "" : "-nearest")}{CropId}";

    /// <inheritdoc/>
    public override int Length => Blocks * Blocks * BlockSize * BlockSize * Bins;

    /// <summary>Blocks in a row and in a column.</summary>
    internal int Blocks => (Size / Math.Max(CellSize, 1)) - BlockSize + 1;
}

/// <summary>Where a pixel's gradient is counted.</summary>
public enum HogVotes
{
    /// <summary>Shared out by distance between the two nearest orientations and the four nearest cells.</summary>
    Interpolated = 0,

    /// <summary>In its own cell and orientation only, as scikit-image does.</summary>
    Nearest = 1,
}

/// <summary>Distances, angles and ratios between landmarks, in units of the distance between the eyes and turned so that the eyes are level. Needs no pixels.</summary>
/// <remarks>
/// <para>The first value is 1 where the landmarks could be used. Where there are none, one is not finite, or the eyes coincide, the whole row is 0: a
/// head can learn what that means, and nothing is made up. Lengths are cut at 10 eye distances, angles are in units of 180 degrees.</para>
/// <para>The table of values is in docs/features.md.</para>
/// </remarks>
public sealed record GeometrySpec : FeatureSpec
{
    /// <summary>
    /// 5: the landmarks that a detection carries. 68: the scheme of Sagonas et al., 300 faces in-the-wild challenge, 2013; they come from a
    /// <see cref="FaceShapeReader"/> of the caller. Default 5.
    /// </summary>
    public int Points { get; init; } = FaceLandmarks.Count;

    /// <inheritdoc/>
    public override string Id => $"geometry-{Points}";

    /// <inheritdoc/>
    public override int Length => Points == FaceShape.Count ? FaceShape.Length : FacePoints.Length;
}

/// <summary>Gives the 68 points of a face to a <see cref="GeometrySpec"/> of 68 points, in pixels of the region's picture, in the order of Sagonas et al., 2013.</summary>
/// <param name="face">The face; borrowed for the call.</param>
/// <param name="points">Receives 68 points.</param>
/// <returns>False where there are none; the face's row is then 0.</returns>
/// <remarks>Called on the extractor's caller's thread; must be as thread-safe as the extractor is to be.</remarks>
public delegate bool FaceShapeReader(in FaceRegion face, Span<PointF> points);
