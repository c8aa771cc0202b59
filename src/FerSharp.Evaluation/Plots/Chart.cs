namespace FerSharp.Evaluation;

/// <summary>A chart as a picture made of lines: for pages, papers, anything that shows SVG. Immutable.</summary>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Summary">What can be read off it, for those who do not see it.</param>
/// <param name="Svg">An <c>svg</c> element with title and description inside; a file of its own, or a part of an HTML page. Several on one page do not disturb each other.</param>
public sealed record Chart(string Title, string Summary, string Svg)
{
    /// <summary>What all ids inside begin with.</summary>
    internal string Id { get; init; } = "";

    /// <summary>The title.</summary>
    public override string ToString() => Title;

    /// <summary>The element with ids of its own, for a page that may hold the same chart twice.</summary>
    internal string Numbered(int number) => Id.Length == 0 ? Svg : Svg.Replace(Id, FormattableString.Invariant($"{Id}n{number}"), StringComparison.Ordinal);
}

/// <summary>Points of a chart that belong together.</summary>
/// <param name="Name">What the legend calls them; null for nothing in the legend.</param>
/// <param name="Points">The points, in the order in which a line joins them.</param>
internal sealed record ChartSeries(string? Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>The colour; null for the next of the palette.</summary>
    public Media.RgbColor? Color { get; init; }

    public ChartMarks Marks { get; init; } = ChartMarks.Line;
}

internal enum ChartMarks
{
    Line,
    Dashes,
    Dots,
    LineAndDots,
}

/// <summary>An axis of a chart: its title and its range; null where the points decide.</summary>
internal sealed record ChartAxis(string Title, double? Minimum = null, double? Maximum = null);
