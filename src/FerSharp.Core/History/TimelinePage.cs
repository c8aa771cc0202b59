using System.Globalization;
using System.Text;

namespace FerSharp.History;

/// <summary>Writes a timeline as one page.</summary>
internal static class TimelinePage
{
    private const string Style = """
        :root { color-scheme: light; }
        body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Arial, sans-serif; color: #1a1a1a; background: #fff; max-width: 1000px; margin: 2rem auto; padding: 0 1.2rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; margin: .8rem 0; font-size: .85rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
        th, td { border-bottom: 1px solid #ddd; padding: .25rem .5rem; text-align: right; }
        th:first-child, td:first-child { text-align: left; }
        .note { border-left: 4px solid #d55e00; background: #fff4ec; padding: .5rem .9rem; }
        figure { margin: 1rem 0; } svg { max-width: 100%; height: auto; }
        """;

    public static string Write(TimelineSnapshot snapshot, string title)
    {
        string name = TimelineChart.Escape(title);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        // Nothing may be loaded and nothing may run, whatever a title contains.
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        html.Append($"<title>{name}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n");
        html.Append("<p class=\"note\">Expressions as a model reads them, not what people feel. A reading can be wrong; nothing here is a reason for a decision about a person. Track numbers are no identities: one person may have several.</p>\n");
        html.Append($"<figure>\n{TimelineChart.Draw(snapshot, title)}</figure>\n");
        if (snapshot.Tracks.Count > TimelineExport.MaxDrawnTracks)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>{snapshot.Tracks.Count - TimelineExport.MaxDrawnTracks} tracks that were seen less long are not drawn; the tables have them.</p>\n");
        }

        WriteSummaries(html, snapshot);
        foreach (TimelineTrack track in snapshot.Tracks.Where(track => track.Segments.Count > 0))
        {
            WriteSegments(html, track);
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteSummaries(StringBuilder html, TimelineSnapshot snapshot)
    {
        html.Append("<div class=\"wide\"><table>\n<caption>Time with each clear expression, in seconds</caption>\n<thead><tr><th scope=\"col\">Track</th><th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\">Readable</th>");
        foreach (string emotion in Enum.GetNames<Emotion>())
        {
            html.Append($"<th scope=\"col\">{emotion}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (TimelineTrack track in snapshot.Tracks)
        {
            WriteSummary(html, track.Id.ToString(CultureInfo.InvariantCulture), track.Summary);
        }

        WriteSummary(html, string.Create(CultureInfo.InvariantCulture, $"Session ({snapshot.Summary.Tracks})"), snapshot.Summary);
        html.Append("</tbody></table></div>\n");
    }

    private static void WriteSummary(StringBuilder html, string name, TimelineSummary summary)
    {
        html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{name}</th><td>{TimelineChart.Clock(summary.From)}</td><td>{TimelineChart.Clock(summary.To)}</td><td>{summary.Covered.TotalSeconds:0.0}</td>");
        for (Emotion e = Emotion.Neutral; e <= Emotion.Contempt; e++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<td>{summary.ExpressionTime.GetValueOrDefault(e).TotalSeconds:0.0}</td>");
        }

        html.Append("</tr>\n");
    }

    private static void WriteSegments(StringBuilder html, TimelineTrack track)
    {
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table>\n<caption>Track {track.Id}: expressions</caption>\n<thead><tr><th scope=\"col\">Expression</th><th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\">Mean score</th></tr></thead>\n<tbody>\n");
        foreach (TimelineSegment segment in track.Segments)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{segment.Expression}</th><td>{TimelineChart.Clock(segment.From)}</td><td>{TimelineChart.Clock(segment.To)}</td><td>{segment.MeanScore:0.00}</td></tr>\n");
        }

        html.Append("</tbody></table></div>\n");
    }
}
