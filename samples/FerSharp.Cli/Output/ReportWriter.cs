namespace FerSharp.Cli.Output;

/// <summary>How results are written.</summary>
internal enum ReportFormat
{
    Table,
    Json,
    JsonLines,
    Csv,
}

/// <summary>Writes the results of a run in one format.</summary>
internal abstract class ReportWriter(TextWriter writer)
{
    /// <summary>Where the results go.</summary>
    protected TextWriter Writer { get; } = writer;

    /// <summary>Whether each picture is written as soon as it is done.</summary>
    public abstract bool IsStreaming { get; }

    public static ReportWriter Create(ReportFormat format, TextWriter writer, Terminal terminal) => format switch
    {
        ReportFormat.Json => new JsonReportWriter(writer),
        ReportFormat.JsonLines => new JsonLinesReportWriter(writer),
        ReportFormat.Csv => new CsvReportWriter(writer),
        _ => new TableReportWriter(writer, terminal),
    };

    /// <summary>Takes a picture that is done or has failed.</summary>
    public virtual void Write(PictureReport picture)
    {
    }

    /// <summary>Ends the run, which may have been cut short.</summary>
    public virtual void Finish(RunReport run)
    {
    }
}

/// <summary>One JSON document.</summary>
internal sealed class JsonReportWriter(TextWriter writer) : ReportWriter(writer)
{
    public override bool IsStreaming => false;

    public override void Finish(RunReport run) => Writer.Write(CliJson.Document(run) + "\n");
}

/// <summary>One line of JSON for each picture.</summary>
internal sealed class JsonLinesReportWriter(TextWriter writer) : ReportWriter(writer)
{
    public override bool IsStreaming => true;

    public override void Write(PictureReport picture)
    {
        Writer.Write(CliJson.Line(picture with { SchemaVersion = RunReport.CurrentSchema }) + "\n");
        Writer.Flush();
    }
}
