using System.Globalization;
using System.Text;

namespace FerSharp.Training;

/// <summary>Curves over the epochs that share one scale.</summary>
/// <param name="Title">What they show.</param>
/// <param name="Curves">Each with a name and a value for each epoch; at most four.</param>
internal sealed record ChartPanel(string Title, IReadOnlyList<(string Name, double[] Values)> Curves);

/// <summary>Draws a run's curves: panels beside each other.</summary>
internal static class HistoryChart
{
    private const int Width = 420, Height = 260, Left = 46, Top = 30, Right = 12, Bottom = 36;

    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

    public static string Draw(IReadOnlyList<ChartPanel> panels)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {panels.Count * Width} {Height}" font-family="sans-serif" font-size="11"><title>Training history</title>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<rect width="{panels.Count * Width}" height="{Height}" fill="#fff"/>""");
        for (int i = 0; i < panels.Count; i++)
        {
            Draw(svg, i * Width, panels[i]);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, int offset, ChartPanel panel)
    {
        double low = panel.Curves.Min(curve => curve.Values.Min()), high = panel.Curves.Max(curve => curve.Values.Max());
        int epochs = panel.Curves[0].Values.Length;
        high = high > low ? high : low + 1;
        double X(int epoch) => offset + Left + ((Width - Left - Right) * (double)epoch / Math.Max(epochs - 1, 1));
        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * (value - low) / (high - low));
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{offset + Left}" y="16" font-weight="bold">{panel.Title}</text>""");
        for (int i = 0; i <= 4; i++)
        {
            double value = low + ((high - low) * i / 4);
            svg.Append(CultureInfo.InvariantCulture, $"""<path d="M{offset + Left} {Y(value):f1}H{offset + Width - Right}" stroke="#ddd"/><text x="{offset + Left - 4}" y="{Y(value) + 4:f1}" text-anchor="end">{value:f3}</text>""");
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{offset + Left}" y="{Height - Bottom + 16}">1</text><text x="{offset + Width - Right}" y="{Height - Bottom + 16}" text-anchor="end">epoch {epochs}</text>""");
        for (int i = 0; i < panel.Curves.Count; i++)
        {
            string points = string.Join(' ', panel.Curves[i].Values.Select((value, epoch) => string.Create(CultureInfo.InvariantCulture, $"{X(epoch):f1},{Y(value):f1}")));
            svg.Append(CultureInfo.InvariantCulture, $"""<polyline points="{points}" fill="none" stroke="{Colours[i]}" stroke-width="2"/><text x="{offset + Left + (90 * i)}" y="{Height - 6}" fill="{Colours[i]}">{panel.Curves[i].Name}</text>""");
        }
    }
}
