using System.Globalization;
using System.Net;
using System.Text;

namespace FerSharp.History;

/// <summary>Draws a timeline as SVG.</summary>
internal static class TimelineChart
{
    private const int Width = 960, Left = 16, Right = 16, Top = 66, PanelHeight = 140, AreaTop = 22, AreaHeight = 70, StripHeight = 18;

    /// <summary>Okabe and Ito, Color Universal Design, 2008, in the order of <see cref="Emotion"/>; gray for neutral. The same as in drawings on pictures (EmotionPalette of FerSharp.Media).</summary>
    private static readonly string[] Colors = ["#999999", "#F0E442", "#E69F00", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"];

    public static string ColorOf(Emotion emotion) => Colors[(int)emotion];

    public static string Draw(TimelineSnapshot snapshot, string title)
    {
        TimelineTrack[] tracks = [.. snapshot.Tracks.OrderByDescending(track => track.Summary.Covered).ThenBy(track => track.Id).Take(TimelineExport.MaxDrawnTracks).OrderBy(track => track.Id)];
        double from = tracks.Length == 0 ? 0 : tracks.Min(track => track.Summary.From.TotalSeconds);
        double to = tracks.Length == 0 ? 1 : Math.Max(from + 0.001, tracks.Max(track => track.Summary.To.TotalSeconds));
        double X(TimeSpan time) => Left + ((Width - Left - Right) * Math.Clamp((time.TotalSeconds - from) / (to - from), 0, 1));

        var svg = new StringBuilder();
        int height = Top + (PanelHeight * Math.Max(1, tracks.Length)) + 10;
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" shape-rendering=\"crispEdges\" font-family=\"Arial, Helvetica, sans-serif\" font-size=\"12\">\n");
        svg.Append("<title>").Append(Escape(title)).Append("</title>\n");
        svg.Append("<desc>").Append(Escape(Describe(tracks, snapshot.Tracks.Count))).Append("</desc>\n");
        Append(svg, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        Append(svg, $"<text x=\"{Left}\" y=\"22\" font-size=\"16\" font-weight=\"bold\">{Escape(title)}</text>\n");
        DrawLegend(svg);
        if (tracks.Length == 0)
        {
            Append(svg, $"<text x=\"{Left}\" y=\"{Top + 30}\">Nothing was seen.</text>\n");
        }

        for (int i = 0; i < tracks.Length; i++)
        {
            DrawTrack(svg, tracks[i], Top + (i * PanelHeight), X);
            DrawAxis(svg, Top + (i * PanelHeight) + AreaTop + AreaHeight + StripHeight + 4, from, to);
        }

        return svg.Append("</svg>\n").ToString();
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(new string([.. text.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c >= '\uFFFE' ? ' ' : c)]));

    /// <summary>Minutes and seconds, or hours before them.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1 || time < TimeSpan.Zero
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss\.f", CultureInfo.InvariantCulture);

    private static string Describe(TimelineTrack[] drawn, int all) => string.Create(
        CultureInfo.InvariantCulture,
        $"Mean scores of expressions over time for {drawn.Length} of {all} tracks, as shares of a bar; below each the expressions that were clear.");

    private static void DrawLegend(StringBuilder svg)
    {
        for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
        {
            int x = Left + ((int)e * 112);
            Append(svg, $"<rect x=\"{x}\" y=\"34\" width=\"12\" height=\"12\" fill=\"{ColorOf(e)}\"/><text x=\"{x + 17}\" y=\"44\">{e}</text>\n");
        }
    }

    private static void DrawTrack(StringBuilder svg, TimelineTrack track, int top, Func<TimeSpan, double> x)
    {
        TimelineSummary summary = track.Summary;
        Append(svg, $"<text x=\"{Left}\" y=\"{top + 16}\"><tspan font-weight=\"bold\">Track {track.Id}</tspan> {Clock(summary.From)} to {Clock(summary.To)}, readable for {summary.Covered.TotalSeconds:0.0} s</text>\n");
        Append(svg, $"<rect x=\"{Left}\" y=\"{top + AreaTop}\" width=\"{Width - Left - Right}\" height=\"{AreaHeight + StripHeight}\" fill=\"#f3f3f3\"/>\n");
        foreach (TimelineBin bin in track.Overview)
        {
            double left = x(bin.From), width = Math.Max(0.5, x(bin.To) - left), y = top + AreaTop + AreaHeight;
            for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
            {
                double height = AreaHeight * bin.MeanScores[e];
                y -= height;
                if (height >= 0.05)
                {
                    Append(svg, $"<rect x=\"{left:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{ColorOf(e)}\"/>\n");
                }
            }
        }

        foreach (TimelineSegment segment in track.Segments)
        {
            double left = x(segment.From), width = Math.Max(0.5, x(segment.To) - left);
            Append(svg, $"<rect x=\"{left:0.##}\" y=\"{top + AreaTop + AreaHeight + 2}\" width=\"{width:0.##}\" height=\"{StripHeight - 2}\" fill=\"{ColorOf(segment.Expression)}\" stroke=\"#ffffff\" stroke-width=\"0.5\"/>\n");
            if (width > 8 * segment.Expression.ToString().Length)
            {
                // Dark text on a light plate reads on every colour of the palette.
                double labelWidth = 7 * segment.Expression.ToString().Length;
                Append(svg, $"<rect x=\"{left + 2:0.##}\" y=\"{top + AreaTop + AreaHeight + 3}\" width=\"{labelWidth}\" height=\"{StripHeight - 4}\" fill=\"#ffffff\" fill-opacity=\"0.8\"/><text x=\"{left + 4:0.##}\" y=\"{top + AreaTop + AreaHeight + 14}\" font-size=\"11\">{segment.Expression}</text>\n");
            }
        }
    }

    private static void DrawAxis(StringBuilder svg, int y, double from, double to)
    {
        const int Ticks = 6;
        for (int i = 0; i <= Ticks; i++)
        {
            double x = Left + ((Width - Left - Right) * i / (double)Ticks);
            string anchor = i == 0 ? "start" : i == Ticks ? "end" : "middle";
            Append(svg, $"<text x=\"{x:0.##}\" y=\"{y + 12}\" font-size=\"11\" fill=\"#444444\" text-anchor=\"{anchor}\">{Clock(TimeSpan.FromSeconds(from + ((to - from) * i / Ticks)))}</text>\n");
        }
    }

    private static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
