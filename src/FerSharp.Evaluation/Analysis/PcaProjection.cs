using System.Globalization;
using System.Text;

namespace FerSharp.Evaluation;

/// <summary>A sample of pictures, each as a point of the plane in which they differ most (principal component analysis). Immutable.</summary>
/// <remarks>
/// Vectors are centred, not scaled. Agrees with scikit-learn's PCA (version 1.2, <c>svd_solver='full'</c>) on golden data to 1e-8 of the largest coordinate, but for the sign of
/// each axis, which is chosen so that the direction's largest coefficient is positive. Where two variances are nearly equal their axes are arbitrary, here as there.
/// </remarks>
public sealed class PcaProjection
{
    private PcaProjection(string space, int dimensions, PcaPoint[] points, double[] ratios) =>
        (Space, Dimensions, Points, ExplainedVarianceRatio) = (space, dimensions, points, ratios);

    /// <summary>What the vectors are, such as <c>48x48 gray pixels</c>.</summary>
    public string Space { get; }

    /// <summary>Length of the vectors.</summary>
    public int Dimensions { get; }

    /// <summary>A point for each picture of the sample, by part and position.</summary>
    public IReadOnlyList<PcaPoint> Points { get; }

    /// <summary>Share of the sample's whole variance along each of the two axes, 0 to 1.</summary>
    public IReadOnlyList<double> ExplainedVarianceRatio { get; }

    /// <summary>The points as comma-separated values (RFC 4180): <c>part,id,label,x,y</c>, a line each; <c>part</c> is the part's position, <c>label</c> is empty where there is none.</summary>
    /// <returns>One text, lines ended by a line feed. Coordinates give the same number when they are read again.</returns>
    public string ToCsv()
    {
        var text = new StringBuilder("part,id,label,x,y\n");
        foreach (PcaPoint point in Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Picture.Part},{Quoted(point.Picture.Id)},{(point.Picture.Label is { } label ? EmotionName.Of(label) : "")},{point.X:R},{point.Y:R}\n");
        }

        return text.ToString();
    }

    /// <summary>Projects; null where fewer than two vectors are there.</summary>
    /// <exception cref="ArgumentException">Vectors differ in length, are empty, or hold a number that is not finite.</exception>
    internal static PcaProjection? Of(string space, IReadOnlyList<(PictureReference Picture, float[] Vector)> vectors, ParallelOptions parallel)
    {
        if (vectors.Count < 2)
        {
            return null;
        }

        int dimensions = vectors[0].Vector.Length;
        foreach ((PictureReference picture, float[] vector) in vectors)
        {
            if (vector.Length != dimensions || dimensions == 0 || Array.Exists(vector, value => !float.IsFinite(value)))
            {
                throw new ArgumentException(vector.Length != dimensions || dimensions == 0
                    ? $"The {space} of picture '{picture.Id}' have {vector.Length} values, those of '{vectors[0].Picture.Id}' {dimensions}: every picture needs the same number, at least one."
                    : $"The {space} of picture '{picture.Id}' hold a value that is no finite number.");
            }
        }

        ((double X, double Y)[] points, double[] ratios) = PrincipalComponents.Project([.. vectors.Select(one => one.Vector)], parallel);
        return new PcaProjection(space, dimensions, [.. vectors.Zip(points, (one, point) => new PcaPoint(one.Picture, point.X, point.Y))], ratios);
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}

/// <summary>A picture as a point.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="X">Coordinate along the axis of the greatest variance, in the vectors' units.</param>
/// <param name="Y">Coordinate along the second axis.</param>
public readonly record struct PcaPoint(PictureReference Picture, double X, double Y);
