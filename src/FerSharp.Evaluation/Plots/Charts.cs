using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FerSharp.Evaluation;

/// <summary>The kinds of charts that reports are made of. Each call draws one; equal data give equal bytes.</summary>
internal static class Charts
{
    private const int Width = 560;
    private const int Height = 360;

    private static readonly MarkerType[] Shapes = [MarkerType.Circle, MarkerType.Square, MarkerType.Diamond, MarkerType.Triangle];

    /// <summary>Bars for each category, one for each series, the first category on top, with the values beside them. A value that is no finite number has no bar.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="summary">What can be read off it.</param>
    /// <param name="categories">The categories.</param>
    /// <param name="series">Name and values, one value for each category.</param>
    /// <param name="values">The axis of the values.</param>
    /// <param name="format">How values are written, such as <c>0.00</c>.</param>
    public static Chart Bars(
        string title, string summary, IReadOnlyList<string> categories, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> series, ChartAxis values, string format = "0.##")
    {
        PlotModel plot = ChartCanvas.Plot(legend: series.Count > 1);
        plot.Axes.Add(ChartCanvas.Categories("", categories, AxisPosition.Left, fromTop: true));
        // Room at the ends of the axis for the labels.
        double[] finite = [0, .. series.SelectMany(one => one.Values).Where(double.IsFinite)];
        (double lowest, double highest) = (finite.Min(), finite.Max());
        double room = (highest - lowest) * 0.15;
        plot.Axes.Add(ChartCanvas.Linear(
            values with { Minimum = values.Minimum ?? (lowest < 0 ? lowest - room : 0), Maximum = values.Maximum ?? Math.Max(highest + (highest > 0 ? room : 0), 1e-9) }, AxisPosition.Bottom));
        double thickness = 0.74 / Math.Max(1, series.Count);
        for (int s = 0; s < series.Count; s++)
        {
            var bars = new RectangleBarSeries { Title = ReportText.Name(series[s].Name), FillColor = ChartCanvas.Of(null, s), StrokeThickness = 0 };
            for (int c = 0; c < categories.Count; c++)
            {
                double value = series[s].Values[c], top = c - 0.37 + (s * thickness);
                bool isBar = double.IsFinite(value);
                if (isBar)
                {
                    bars.Items.Add(new RectangleBarItem(0, top, value, top + thickness));
                }

                plot.Annotations.Add(new TextAnnotation
                {
                    Text = isBar ? Text(value, format) : "undefined",
                    TextPosition = new DataPoint(isBar ? value : 0, top + (thickness / 2)),
                    TextHorizontalAlignment = value < 0 ? HorizontalAlignment.Right : HorizontalAlignment.Left,
                    TextVerticalAlignment = VerticalAlignment.Middle,
                    Offset = new ScreenVector(value < 0 ? -4 : 4, 0),
                    StrokeThickness = 0,
                    TextColor = OxyColors.Black,
                    FontSize = 11,
                });
            }

            plot.Series.Add(bars);
        }

        return ChartCanvas.Render(plot, title, summary, Width, Math.Max(160, 70 + (categories.Count * ((18 * series.Count) + 12))));
    }

    /// <summary>A table as colours, with each value in its cell; the first row on top. Where values run from below to above 0, the two sides of 0 have colours of their own.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="summary">What can be read off it.</param>
    /// <param name="rows">Name of the rows' axis, and the rows.</param>
    /// <param name="columns">Name of the columns' axis, and the columns.</param>
    /// <param name="value">The value that makes the colour, by row and column.</param>
    /// <param name="label">The text of a cell, by row and column.</param>
    /// <param name="minimum">The value of the palest colour.</param>
    /// <param name="maximum">The value of the darkest colour.</param>
    public static Chart HeatMap(
        string title,
        string summary,
        (string Title, IReadOnlyList<string> Names) rows,
        (string Title, IReadOnlyList<string> Names) columns,
        Func<int, int, double> value,
        Func<int, int, string> label,
        double minimum,
        double maximum)
    {
        (int height, int width) = (rows.Names.Count, columns.Names.Count);
        PlotModel plot = ChartCanvas.Plot(legend: false);
        CategoryAxis bottom = ChartCanvas.Categories(columns.Title, columns.Names, AxisPosition.Bottom);
        bottom.Angle = width > 4 ? -35 : 0;
        plot.Axes.Add(bottom);
        plot.Axes.Add(ChartCanvas.Categories(rows.Title, rows.Names, AxisPosition.Left, fromTop: true));
        // Rectangles of their own: the plot's heat maps cannot have a single row or column.
        var cells = new RectangleBarSeries { StrokeThickness = 0 };
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                double depth = maximum > minimum ? (value(row, column) - minimum) / (maximum - minimum) : 0;
                OxyColor color = ChartCanvas.Shade(depth, hasTwoEnds: minimum < 0 && maximum > 0);
                cells.Items.Add(new RectangleBarItem(column - 0.5, row - 0.5, column + 0.5, row + 0.5) { Color = color });
                plot.Annotations.Add(new TextAnnotation
                {
                    Text = ReportText.Clean(label(row, column)),
                    TextPosition = new DataPoint(column, row),
                    TextHorizontalAlignment = HorizontalAlignment.Center,
                    TextVerticalAlignment = VerticalAlignment.Middle,
                    StrokeThickness = 0,
                    TextColor = ChartCanvas.TextOn(color),
                    FontSize = 11,
                });
            }
        }

        plot.Series.Add(cells);
        return ChartCanvas.Render(plot, title, summary, 150 + (width * 54), 120 + (height * 44));
    }

    /// <summary>Lines or dots over two axes; what has a name is in the legend. Points without finite coordinates are left out.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="summary">What can be read off it.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="series">What is drawn, the first at the bottom.</param>
    public static Chart Plot(string title, string summary, ChartAxis x, ChartAxis y, params IReadOnlyList<ChartSeries> series)
    {
        PlotModel plot = ChartCanvas.Plot(legend: series.Any(one => one.Name is not null));
        plot.Axes.Add(ChartCanvas.Linear(x, AxisPosition.Bottom));
        plot.Axes.Add(ChartCanvas.Linear(y, AxisPosition.Left));
        for (int s = 0; s < series.Count; s++)
        {
            OxyColor color = ChartCanvas.Of(series[s].Color, s);
            string? name = series[s].Name is { } given ? ReportText.Name(given) : null;
            IEnumerable<(double X, double Y)> points = series[s].Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y));
            if (series[s].Marks == ChartMarks.Dots)
            {
                // A shape beside the colour, so that series can be told apart without it, and an edge, so that pale ones show.
                var dots = new ScatterSeries
                {
                    Title = name,
                    MarkerType = Shapes[s % Shapes.Length],
                    MarkerSize = 2.8,
                    MarkerFill = OxyColor.FromAColor(200, color),
                    MarkerStroke = OxyColor.FromRgb(0x44, 0x44, 0x44),
                    MarkerStrokeThickness = 0.4,
                };
                dots.Points.AddRange(points.Select(point => new ScatterPoint(point.X, point.Y)));
                plot.Series.Add(dots);
                continue;
            }

            var line = new LineSeries
            {
                Title = name,
                Color = color,
                StrokeThickness = 2,
                LineStyle = series[s].Marks == ChartMarks.Dashes ? LineStyle.Dash : LineStyle.Solid,
                MarkerType = series[s].Marks == ChartMarks.LineAndDots ? MarkerType.Circle : MarkerType.None,
                MarkerSize = 3.5,
                MarkerFill = color,
            };
            line.Points.AddRange(points.Select(point => new DataPoint(point.X, point.Y)));
            plot.Series.Add(line);
        }

        return ChartCanvas.Render(plot, title, summary, Width, Height);
    }

    /// <summary>Bars that touch: counts over ranges of values.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="summary">What can be read off it.</param>
    /// <param name="x">The axis of the values.</param>
    /// <param name="y">The axis of the counts.</param>
    /// <param name="bins">Lower end, upper end and height of each bar.</param>
    public static Chart Histogram(string title, string summary, ChartAxis x, ChartAxis y, IReadOnlyList<(double Lower, double Upper, double Height)> bins)
    {
        PlotModel plot = ChartCanvas.Plot(legend: false);
        plot.Axes.Add(ChartCanvas.Linear(x, AxisPosition.Bottom));
        plot.Axes.Add(ChartCanvas.Linear(y with { Minimum = 0 }, AxisPosition.Left));
        var bars = new RectangleBarSeries { FillColor = ChartCanvas.Of(null, 0), StrokeColor = OxyColors.White, StrokeThickness = 0.5 };
        foreach ((double lower, double upper, double height) in bins.Where(bin => double.IsFinite(bin.Lower) && double.IsFinite(bin.Upper) && double.IsFinite(bin.Height)))
        {
            bars.Items.Add(new RectangleBarItem(lower, 0, upper, height));
        }

        plot.Series.Add(bars);
        return ChartCanvas.Render(plot, title, summary, Width, Height);
    }

    /// <summary>A number for people, the same in every culture.</summary>
    public static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
