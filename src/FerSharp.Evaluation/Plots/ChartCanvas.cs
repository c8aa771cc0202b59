using System.Net;
using System.Security.Cryptography;
using System.Text;
using FerSharp.Media;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace FerSharp.Evaluation;

/// <summary>What all charts share: fonts, colours, and the way from a plot to SVG.</summary>
internal static class ChartCanvas
{
    /// <summary>The font whose widths the plot reckons with; only its own name is known there, so the others are added in the SVG.</summary>
    private const string Font = "Arial";
    private const string Fonts = "Arial, Helvetica, 'Liberation Sans', sans-serif";

    /// <summary>The colours of series without one of their own: Okabe and Ito, Color Universal Design, 2008; the yellow, too pale for lines, is left out.</summary>
    private static readonly OxyColor[] Colors =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xB2),
        OxyColor.FromRgb(0xD5, 0x5E, 0x00),
        OxyColor.FromRgb(0x00, 0x9E, 0x73),
        OxyColor.FromRgb(0xCC, 0x79, 0xA7),
        OxyColor.FromRgb(0xE6, 0x9F, 0x00),
        OxyColor.FromRgb(0x56, 0xB4, 0xE9),
        OxyColor.FromRgb(0x55, 0x55, 0x55),
    ];

    public static OxyColor Of(RgbColor color) => OxyColor.FromRgb(color.R, color.G, color.B);

    public static OxyColor Of(RgbColor? color, int position) => color is { } own ? Of(own) : Colors[position % Colors.Length];

    /// <summary>The colour of a cell: pale to dark from 0 to 1; with two ends red at 0, white in the middle, blue at 1; grey for what is no number.</summary>
    public static OxyColor Shade(double depth, bool hasTwoEnds)
    {
        (OxyColor low, OxyColor middle, OxyColor high) = hasTwoEnds
            ? (OxyColor.FromRgb(0xD5, 0x5E, 0x00), OxyColor.FromRgb(0xF7, 0xF7, 0xF7), OxyColor.FromRgb(0x08, 0x51, 0x9C))
            : (OxyColor.FromRgb(0xF7, 0xFB, 0xFF), OxyColor.FromRgb(0x6B, 0xAE, 0xD6), OxyColor.FromRgb(0x08, 0x30, 0x6B));
        return double.IsNaN(depth) ? OxyColor.FromRgb(0xDD, 0xDD, 0xDD)
            : depth < 0.5 ? OxyColor.Interpolate(low, middle, Math.Max(0, 2 * depth))
            : OxyColor.Interpolate(middle, high, Math.Min(1, (2 * depth) - 1));
    }

    /// <summary>Black or white, whichever reads better on a colour.</summary>
    public static OxyColor TextOn(OxyColor color) => Of(new RgbColor(color.R, color.G, color.B).TextColor);

    public static PlotModel Plot(bool legend, LegendPosition position = LegendPosition.RightTop)
    {
        var plot = new PlotModel
        {
            Culture = System.Globalization.CultureInfo.InvariantCulture,
            DefaultFont = Font,
            DefaultFontSize = 12,
            Background = OxyColors.White,
            PlotAreaBorderColor = OxyColor.FromRgb(0xBB, 0xBB, 0xBB),
            Padding = new OxyThickness(4, 8, 12, 4),
        };
        if (legend)
        {
            plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = position, LegendBorderThickness = 0 });
        }

        return plot;
    }

    public static LinearAxis Linear(ChartAxis axis, AxisPosition position) => new()
    {
        Position = position,
        Title = ReportText.Name(axis.Title),
        AxisTitleDistance = 8,
        Minimum = axis.Minimum ?? double.NaN,
        Maximum = axis.Maximum ?? double.NaN,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColor.FromRgb(0xE6, 0xE6, 0xE6),
        TicklineColor = OxyColor.FromRgb(0x99, 0x99, 0x99),
        MaximumPadding = axis.Maximum is null ? 0.05 : 0,
        MinimumPadding = axis.Minimum is null ? 0.05 : 0,
    };

    public static CategoryAxis Categories(string title, IEnumerable<string> names, AxisPosition position, bool fromTop = false) => new()
    {
        Position = position,
        Title = ReportText.Name(title),
        ItemsSource = names.Select(ReportText.Name).ToArray(),
        StartPosition = fromTop ? 1 : 0,
        EndPosition = fromTop ? 0 : 1,
        TickStyle = TickStyle.None,
        GapWidth = 0.35,
    };

    public static Chart Render(PlotModel plot, string title, string summary, int width, int height)
    {
        string svg = new SvgExporter { Width = width, Height = height, IsDocument = false, TextMeasurer = new PixelMeasurer() }.ExportToString(plot);
        // Two charts on one page must not share ids, and equal data must give equal bytes.
        string id = "c" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title + svg)))[..12];
        svg = svg.Replace("<clipPath id=\"clipPath", $"<clipPath id=\"{id}p", StringComparison.Ordinal)
            .Replace("clip-path=\"url(#clipPath", $"clip-path=\"url(#{id}p", StringComparison.Ordinal)
            .Replace($"font-family:{Font};", $"font-family:{Fonts};", StringComparison.Ordinal)
            .Replace($"font-family=\"{Font}\"", $"font-family=\"{Fonts}\"", StringComparison.Ordinal)
            .Replace("\r\n", "\n", StringComparison.Ordinal);
        int start = svg.IndexOf("<svg", StringComparison.Ordinal);
        int end = svg.IndexOf('>', start);
        // A view box lets a page scale the chart to its width.
        string head = FormattableString.Invariant(
            $"<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{id}t {id}d\" xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">");
        string texts = $"\n<title id=\"{id}t\">{WebUtility.HtmlEncode(ReportText.Line(title))}</title><desc id=\"{id}d\">{WebUtility.HtmlEncode(ReportText.Line(summary))}</desc>";
        return new Chart(title, summary, string.Concat(head, texts, svg[(end + 1)..].TrimEnd(), "\n")) { Id = id };
    }

    /// <summary>Measures in pixels of 1/96 inch, as SVG has them; the base measures in points of 1/72 inch.</summary>
    private sealed class PixelMeasurer() : PdfRenderContext(1, 1, OxyColors.White)
    {
        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            OxySize points = base.MeasureText(text, fontFamily, fontSize, fontWeight);
            return new OxySize(points.Width * 96 / 72, points.Height * 96 / 72);
        }
    }
}
