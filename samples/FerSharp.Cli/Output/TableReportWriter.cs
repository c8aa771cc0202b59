using System.Globalization;
using Spectre.Console;

namespace FerSharp.Cli.Output;

/// <summary>For people: a heading for each picture, under it a row for each face. Fits 80 columns.</summary>
internal sealed class TableReportWriter(TextWriter writer, Terminal terminal) : ReportWriter(writer)
{
    private readonly IAnsiConsole _console = terminal.CreateConsole(writer);

    // Not as they come: a progress bar may be on the same screen.
    public override bool IsStreaming => false;

    public override void Finish(RunReport run)
    {
        bool needsHeader = true;
        foreach (PictureReport picture in run.Pictures)
        {
            WriteHeading(picture);
            if (picture.Faces is { Count: > 0 } faces)
            {
                Table table = CreateTable(needsHeader);
                needsHeader = false;
                foreach (FaceReport face in faces)
                {
                    AddRow(table, face);
                }

                _console.Write(table);
            }
        }

        if (run.Pictures.Count != 1)
        {
            _console.Write(new Text($"{(run.Pictures.Count > 0 ? "\n" : "")}{run.Summary}{(run.Complete ? "" : ", not complete")}\n"));
        }
    }

    private void WriteHeading(PictureReport picture)
    {
        string found = picture switch
        {
            { Faces: { } faces } => string.Create(CultureInfo.InvariantCulture, $"{picture.Width} x {picture.Height}, {(faces.Count == 0 ? "no face" : Words.Count(faces.Count, "face"))}"),
            _ => $"failed: {Words.Spaced(picture.Error?.Kind ?? "")}",
        };
        _console.Write(new Paragraph().Append(Terminal.Printable(picture.File).ReplaceLineEndings(" "), new Style(decoration: Decoration.Bold))
            .Append($"  {found}\n", picture.Faces is null ? new Style(Color.Red) : Style.Plain));
    }

    private static Table CreateTable(bool withHeader)
    {
        Table table = new Table().NoBorder();
        table.ShowHeaders = withHeader;
        table.AddColumn(Column("#", 4).RightAligned());
        table.AddColumn(Column("x,y size", 19));
        table.AddColumn(Column("face", 4));
        table.AddColumn(Column("expression", 10));
        table.AddColumn(Column("score", 5));
        table.AddColumn(Column("sentiment", 9));
        table.AddColumn(new TableColumn("outcome").Padding(0, 0));
        return table;
    }

    private static TableColumn Column(string header, int width) => new TableColumn(header).Width(width).NoWrap().Padding(0, 0, 2, 0);

    private static void AddRow(Table table, FaceReport face)
    {
        BoxReport box = face.Box;
        Style style = face.Outcome switch
        {
            "ok" => new Style(Color.Green),
            "uncertain" => new Style(Color.Yellow),
            _ => new Style(Color.Grey),
        };
        string outcome = face.Reasons.Count == 0 ? Words.Spaced(face.Outcome) : $"{Words.Spaced(face.Outcome)}: {string.Join(", ", face.Reasons.Select(Words.Spaced))}";
        table.AddRow(
            new Text(Number(face.Face)),
            new Text(string.Create(CultureInfo.InvariantCulture, $"{box.X:0},{box.Y:0} {box.Width:0}x{box.Height:0}")),
            new Text(Score(face.DetectorScore)),
            new Text(face.Expression, style),
            new Text(Score(face.Score)),
            new Text(face.Sentiment.Label),
            new Text(outcome, style));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Score(float value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
