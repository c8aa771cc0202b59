using System.Text;

namespace FerSharp.Evaluation;

/// <summary>Writes a document as Markdown. What Markdown would take for markup is escaped.</summary>
internal static class MarkdownWriter
{
    public static string Write(ReportDocument document)
    {
        var text = new StringBuilder().Append($"# {Escape(document.Title)}\n");
        foreach (ReportBlock block in document.Blocks)
        {
            text.Append('\n');
            Write(text, block);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, ReportBlock block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                text.Append($"{new string('#', heading.Level)} {Escape(heading.Text)}\n");
                break;
            case TextBlock paragraph:
                text.Append(paragraph.IsWarning ? $"> **Note:** {Escape(paragraph.Text)}\n" : $"{Escape(paragraph.Text)}\n");
                break;
            case TableBlock table:
                WriteTable(text, table);
                break;
            case ChartBlock { Chart: var chart }:
                text.Append($"*{Escape(chart.Title)}.* {Escape(chart.Summary)}\n");
                break;
            case PicturesBlock pictures:
                text.Append($"*{Escape(pictures.Caption)}*\n\n");
                foreach (ReportPicture picture in pictures.Pictures)
                {
                    text.Append($"- {string.Join("; ", picture.Text.Select(Escape))}\n");
                }

                break;
            default:
                throw new InvalidOperationException($"Unknown block {block.GetType().Name}.");
        }
    }

    private static void WriteTable(StringBuilder text, TableBlock table)
    {
        if (table.Caption.Length > 0)
        {
            text.Append($"*{Escape(table.Caption)}*\n\n");
        }

        text.Append($"| {string.Join(" | ", table.Columns.Select(Escape))} |\n|");
        for (int i = 0; i < table.Columns.Count; i++)
        {
            text.Append(i == 0 || table.AllText ? " --- |" : " ---: |");
        }

        text.Append('\n');
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            text.Append($"| {string.Join(" | ", row.Select(Escape))} |\n");
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in ReportText.Line(text))
        {
            if (c is '\\' or '|' or '*' or '_' or '`' or '~' or '<' or '>' or '&' or '[' or ']' or '#')
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
