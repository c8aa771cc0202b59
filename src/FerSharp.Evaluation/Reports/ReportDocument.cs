namespace FerSharp.Evaluation;

/// <summary>A report for people: chapters of text, tables, charts and pictures. One document, written as a page or as Markdown.</summary>
/// <remarks>Equal contents give equal text on every machine. Made by one thread; reading is thread-safe.</remarks>
public sealed class ReportDocument
{
    private readonly List<ReportBlock> _blocks = [];

    internal ReportDocument(string title) => Title = title;

    /// <summary>The title.</summary>
    public string Title { get; }

    internal IReadOnlyList<ReportBlock> Blocks => _blocks;

    /// <summary>Writes a page that needs nothing else: style, charts and pictures are inside, there is no script, and nothing is loaded.</summary>
    /// <returns>HTML 5 in one text, lines ended by a line feed.</returns>
    public string ToHtml() => HtmlWriter.Write(this);

    /// <summary>Writes Markdown (CommonMark with tables): text and tables; of charts and pictures what can be said of them in words.</summary>
    /// <returns>Markdown in one text, lines ended by a line feed.</returns>
    public string ToMarkdown() => MarkdownWriter.Write(this);

    internal ReportDocument Chapter(string text) => Add(new HeadingBlock(2, text));

    internal ReportDocument Section(string text) => Add(new HeadingBlock(3, text));

    internal ReportDocument Text(string text) => Add(new TextBlock(text, IsWarning: false));

    internal ReportDocument Warning(string text) => Add(new TextBlock(text, IsWarning: true));

    /// <summary>Numbers: all columns but the first are set flush right.</summary>
    internal ReportDocument Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) => Add(new TableBlock(caption, columns, [.. rows], AllText: false));

    /// <summary>Words: all columns are set flush left.</summary>
    internal ReportDocument TextTable(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) => Add(new TableBlock(caption, columns, [.. rows], AllText: true));

    internal ReportDocument Chart(Chart chart) => Add(new ChartBlock(chart));

    internal ReportDocument Pictures(string caption, IReadOnlyList<ReportPicture> pictures) => Add(new PicturesBlock(caption, pictures));

    /// <summary>Takes over all blocks of another document, its title as a chapter.</summary>
    internal ReportDocument Append(ReportDocument other)
    {
        Chapter(other.Title);
        _blocks.AddRange(other._blocks.Select(block => block is HeadingBlock heading ? new HeadingBlock(3, heading.Text) : block));
        return this;
    }

    private ReportDocument Add(ReportBlock block)
    {
        _blocks.Add(block);
        return this;
    }
}
