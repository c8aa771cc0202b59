namespace FerSharp.Evaluation;

/// <summary>A part of a <see cref="ReportDocument"/>.</summary>
internal abstract record ReportBlock;

/// <summary>A heading; level 2 is a chapter, 3 a section.</summary>
internal sealed record HeadingBlock(int Level, string Text) : ReportBlock;

/// <summary>A paragraph; a warning stands out.</summary>
internal sealed record TextBlock(string Text, bool IsWarning) : ReportBlock;

/// <summary>A table. The first column is text, the others numbers, unless <paramref name="AllText"/>.</summary>
internal sealed record TableBlock(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, bool AllText) : ReportBlock;

/// <summary>A chart. Markdown has its summary in its place.</summary>
internal sealed record ChartBlock(Chart Chart) : ReportBlock;

/// <summary>Pictures side by side, each with lines of text beneath. Markdown has the texts alone.</summary>
internal sealed record PicturesBlock(string Caption, IReadOnlyList<ReportPicture> Pictures) : ReportBlock;

/// <summary>A picture of a report.</summary>
/// <param name="Png">The picture as PNG; part of the page.</param>
/// <param name="Width">Width on the page in pixels.</param>
/// <param name="Text">What is written beneath, in lines; the first is also what a screen reader says.</param>
internal sealed record ReportPicture(byte[] Png, int Width, IReadOnlyList<string> Text);
