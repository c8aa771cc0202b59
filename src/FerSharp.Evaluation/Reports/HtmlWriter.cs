using System.Net;
using System.Text;

namespace FerSharp.Evaluation;

/// <summary>Writes a document as one page. Every text is escaped: names of files and classes come from outside.</summary>
internal static class HtmlWriter
{
    private const string Style = """
        :root { color-scheme: light; }
        body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Arial, sans-serif; color: #1a1a1a; background: #fff; max-width: 1100px; margin: 2rem auto; padding: 0 1.2rem; }
        h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.4rem; border-bottom: 1px solid #ddd; padding-bottom: .2rem; } h3 { font-size: 1.05rem; margin-top: 1.6rem; }
        nav ul { columns: 3; padding-left: 1.2rem; margin: .5rem 0; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; margin: .8rem 0; min-width: min(100%, 38rem); font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
        th, td { border-bottom: 1px solid #e2e2e2; padding: .25rem .5rem; text-align: right; vertical-align: top; }
        th:first-child, td:first-child, table.words th, table.words td { text-align: left; }
        td { white-space: nowrap; } table.words td { white-space: normal; overflow-wrap: anywhere; } table.words th { min-width: 12rem; overflow-wrap: anywhere; }
        tbody th { min-width: 8rem; overflow-wrap: anywhere; }
        thead th { border-bottom: 2px solid #888; }
        .warning { border-left: 4px solid #d55e00; background: #fff4ec; padding: .5rem .9rem; }
        figure { margin: 1rem 0; } figcaption { font-size: .9rem; color: #444; max-width: 60rem; }
        svg { max-width: 100%; height: auto; }
        .pictures { display: flex; flex-wrap: wrap; gap: .8rem; margin: .8rem 0; }
        .pictures figure { margin: 0; } .pictures figcaption { font-size: .78rem; line-height: 1.25; overflow-wrap: anywhere; }
        .pictures img { image-rendering: pixelated; display: block; }
        @media print { nav { display: none; } h2 { break-after: avoid; } figure, table { break-inside: avoid; } }
        """;

    public static string Write(ReportDocument document)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        // Nothing may be loaded and nothing may run, whatever a name from outside contains.
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
        html.Append($"<title>{Escape(document.Title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{Escape(document.Title)}</h1>\n");
        WriteContents(html, document);
        int chapter = 0, charts = 0;
        foreach (ReportBlock block in document.Blocks)
        {
            Write(html, block, ref chapter, ref charts);
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteContents(StringBuilder html, ReportDocument document)
    {
        HeadingBlock[] chapters = [.. document.Blocks.OfType<HeadingBlock>().Where(heading => heading.Level == 2)];
        if (chapters.Length > 2)
        {
            html.Append("<nav aria-label=\"Contents\"><ul>\n");
            for (int i = 0; i < chapters.Length; i++)
            {
                html.Append($"<li><a href=\"#s{i + 1}\">{Escape(chapters[i].Text)}</a></li>\n");
            }

            html.Append("</ul></nav>\n");
        }
    }

    private static void Write(StringBuilder html, ReportBlock block, ref int chapter, ref int charts)
    {
        switch (block)
        {
            case HeadingBlock { Level: 2 } heading:
                html.Append($"<h2 id=\"s{++chapter}\">{Escape(heading.Text)}</h2>\n");
                break;
            case HeadingBlock heading:
                html.Append($"<h3>{Escape(heading.Text)}</h3>\n");
                break;
            case TextBlock text:
                html.Append(text.IsWarning ? $"<p class=\"warning\">{Escape(text.Text)}</p>\n" : $"<p>{Escape(text.Text)}</p>\n");
                break;
            case TableBlock table:
                WriteTable(html, table);
                break;
            case ChartBlock { Chart: var chart }:
                html.Append($"<figure>\n{chart.Numbered(++charts)}<figcaption><strong>{Escape(chart.Title)}.</strong> {Escape(chart.Summary)}</figcaption>\n</figure>\n");
                break;
            case PicturesBlock pictures:
                WritePictures(html, pictures);
                break;
            default:
                throw new InvalidOperationException($"Unknown block {block.GetType().Name}.");
        }
    }

    private static void WriteTable(StringBuilder html, TableBlock table)
    {
        html.Append($"<div class=\"wide\"><table{(table.AllText ? " class=\"words\"" : "")}>\n");
        if (table.Caption.Length > 0)
        {
            html.Append($"<caption>{Escape(table.Caption)}</caption>\n");
        }

        if (table.Columns.Any(column => column.Length > 0))
        {
            html.Append($"<thead><tr>{string.Concat(table.Columns.Select(column => $"<th scope=\"col\">{Escape(column)}</th>"))}</tr></thead>\n");
        }

        html.Append("<tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            html.Append("<tr>");
            for (int i = 0; i < row.Count; i++)
            {
                html.Append(i == 0 ? $"<th scope=\"row\">{Escape(row[i])}</th>" : $"<td>{Escape(row[i])}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody></table></div>\n");
    }

    private static void WritePictures(StringBuilder html, PicturesBlock block)
    {
        html.Append($"<p><strong>{Escape(block.Caption)}</strong></p>\n<div class=\"pictures\">\n");
        foreach (ReportPicture picture in block.Pictures)
        {
            string first = picture.Text.Count > 0 ? picture.Text[0] : "";
            html.Append($"<figure style=\"width:{picture.Width}px\"><img width=\"{picture.Width}\" alt=\"{Escape(first)}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.Png)}\">");
            html.Append($"<figcaption>{string.Join("<br>", picture.Text.Select(Escape))}</figcaption></figure>\n");
        }

        html.Append("</div>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(ReportText.Line(text));
}
