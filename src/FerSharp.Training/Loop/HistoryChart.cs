using System.Globalization;
using System.Text;

namespace FerSharp.Training;

/// <summary>Draws a run's curves: losses on the left, accuracies on the right, over the epochs.</summary>
internal static class HistoryChart
{
    private const int Width = 420, Height = 260, Left = 46, Top = 30, Right = 12, Bottom = 36;

    public static string Draw(IReadOnlyList<EpochRecord> epochs)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * Width} {Height}" font-family="sans-serif" font-size="11"><title>Training history</title>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<rect width="{2 * Width}" height="{Height}" fill="#fff"/>""");
        Panel(svg, 0, "loss", epochs, ("training", "#0072b2", e => e.Loss), ("validation", "#d55e00", e => e.Validation.Loss));
        Panel(svg, Width, "validation accuracy", epochs, ("FER-2013", "#0072b2", e => e.Validation.Fer2013), ("FER+ 8", "#d55e00", e => e.Validation.Consensus8), ("FER+ 7", "#009e73", e => e.Validation.Consensus7));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(
        StringBuilder svg, int offset, string title, IReadOnlyList<EpochRecord> epochs, params ReadOnlySpan<(string Name, string Color, Func<EpochRecord, double> Value)> curves)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach ((_, _, Func<EpochRecord, double> value) in curves)
        {
            low = Math.Min(low, epochs.Min(value));
            high = Math.Max(high, epochs.Max(value));
        }

        high = high > low ? high : low + 1;
        double X(int epoch) => offset + Left + ((Width - Left - Right) * (epoch - 1.0) / Math.Max(epochs.Count - 1, 1));
        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * (value - low) / (high - low));
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{offset + Left}" y="16" font-weight="bold">{title}</text>""");
        for (int i = 0; i <= 4; i++)
        {
            double value = low + ((high - low) * i / 4);
            svg.Append(CultureInfo.InvariantCulture, $"""<path d="M{offset + Left} {Y(value):f1}H{offset + Width - Right}" stroke="#ddd"/><text x="{offset + Left - 4}" y="{Y(value) + 4:f1}" text-anchor="end">{value:f3}</text>""");
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{offset + Left}" y="{Height - Bottom + 16}">1</text><text x="{offset + Width - Right}" y="{Height - Bottom + 16}" text-anchor="end">epoch {epochs.Count}</text>""");
        int legend = offset + Left;
        foreach ((string name, string color, Func<EpochRecord, double> value) in curves)
        {
            string points = string.Join(' ', epochs.Select(e => string.Create(CultureInfo.InvariantCulture, $"{X(e.Epoch):f1},{Y(value(e)):f1}")));
            svg.Append(CultureInfo.InvariantCulture, $"""<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/><text x="{legend}" y="{Height - 6}" fill="{color}">{name}</text>""");
            legend += 90;
        }
    }
}
