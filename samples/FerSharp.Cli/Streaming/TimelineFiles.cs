using FerSharp.Cli.Output;

namespace FerSharp.Cli.Streaming;

/// <summary>The files that a session's history is written to at its end. They are opened at the begin, so that a fault shows before the work and not after it.</summary>
internal sealed class TimelineFiles : IDisposable
{
    private static readonly Dictionary<string, Action<TimelineSnapshot, TextWriter, string>> Writers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = TimelineExport.WriteHtml,
        [".svg"] = TimelineExport.WriteSvg,
        [".csv"] = static (snapshot, writer, _) => TimelineExport.WriteCsv(snapshot, writer),
        [".jsonl"] = static (snapshot, writer, _) => TimelineExport.WriteJsonLines(snapshot, writer),
    };

    private readonly List<(OutputTarget Target, Action<TimelineSnapshot, TextWriter, string> Write)> _files = [];

    /// <summary>The names' endings that say how a timeline is written.</summary>
    public static IEnumerable<string> Extensions => Writers.Keys;

    /// <exception cref="CliException">A file is an input, or cannot be written.</exception>
    public TimelineFiles(IEnumerable<string> files, Terminal terminal, IReadOnlyList<string> inputs)
    {
        try
        {
            foreach (string file in files)
            {
                _files.Add((OutputTarget.Open(file, terminal, inputs, "--timeline"), Writers[Path.GetExtension(file)]));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Write(TimelineSnapshot snapshot, string title)
    {
        foreach ((OutputTarget target, Action<TimelineSnapshot, TextWriter, string> write) in _files)
        {
            write(snapshot, target.Writer, title);
            target.Writer.Flush();
        }
    }

    public void Dispose() => _files.ForEach(file => file.Target.Dispose());
}
