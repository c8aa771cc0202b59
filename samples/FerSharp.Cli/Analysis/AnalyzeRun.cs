using System.Diagnostics;
using FerSharp.Cli.Output;
using FerSharp.Media;

namespace FerSharp.Cli.Analysis;

/// <summary>One run of <c>fersharp analyze</c>: finds the pictures, analyses one after the other, reports.</summary>
internal sealed class AnalyzeRun(AnalyzeSettings settings, Terminal terminal)
{
    /// <summary>From so many pictures on, a progress bar is worth its flicker.</summary>
    private const int ProgressFrom = 4;

    private readonly List<PictureReport> _reports = [];

    public int Run(CancellationToken cancellationToken)
    {
        IReadOnlyList<PictureInput> inputs = PictureFinder.Find(settings.Paths, settings.Recursive, settings.DrawFolder, terminal.Note);
        using EmotionAnalyzer analyzer = AnalyzerLoader.Load(settings.Models);
        using StageTimings? timings = settings.Timings ? new StageTimings() : null;
        DrawingFolder? drawings = settings.DrawFolder is { } folder ? new DrawingFolder(folder, inputs.Select(input => input.Path)) : null;
        using OutputTarget target = OutputTarget.Open(settings.OutputFile, terminal, inputs.Select(input => input.Path));
        ReportWriter writer = ReportWriter.Create(settings.Format, target.Writer, terminal);
        bool sharesTerminal = writer.IsStreaming && terminal.IsOutputInteractive && settings.OutputFile is null;
        bool isComplete = false;
        try
        {
            terminal.ForEach(inputs, terminal.IsErrorInteractive && inputs.Count >= ProgressFrom && !sharesTerminal, input =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                PictureReport report = Analyze(input, analyzer, timings, drawings, cancellationToken);
                _reports.Add(report);
                writer.Write(report);
            });
            isComplete = true;
        }
        finally
        {
            IReadOnlyList<StageReport>? stages = timings?.Summarize();
            writer.Finish(new RunReport(
                RunReport.CurrentSchema, isComplete, DetectorReport.Of(analyzer.Detector.Model), ClassifierReport.Of(analyzer.Classifier.Model), _reports, RunSummary.Of(_reports), stages));
            target.Writer.Flush();
            if (stages is not null)
            {
                terminal.NoteTable(TimingsTable.Create(stages));
            }
        }

        return _reports.Any(report => report.Error is not null) ? ExitCode.SomeFailed : ExitCode.Ok;
    }

    private PictureReport Analyze(PictureInput input, EmotionAnalyzer analyzer, StageTimings? timings, DrawingFolder? drawings, CancellationToken cancellationToken)
    {
        PictureReport? done = null;
        try
        {
            if (input.Fault is { } fault)
            {
                return Failed(new PictureReport { File = input.Path }, fault);
            }

            for (int pass = 1; ; pass++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                timings?.IsRecording = settings.Repeat == 1 || pass > 1;
                long start = Stopwatch.GetTimestamp();
                using Frame frame = ImageFile.Load(input.Path);
                timings?.AddDecode(start);
                FrameAnalysis analysis = analyzer.Analyze(frame.View, cancellationToken);
                if (pass < settings.Repeat)
                {
                    continue;
                }

                done = PictureReport.Of(input.Path, analysis);
                return drawings is null ? done : done with { Drawing = drawings.Save(input, frame.View, analysis) };
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException || (e is ArgumentException && done is not null))
        {
            return Failed(done ?? new PictureReport { File = input.Path }, e);
        }
        catch (InvalidOperationException e)
        {
            // Skia's native library is missing: no picture can be read.
            throw new CliException(ExitCode.ModelOrRuntime, e.Message);
        }
    }

    private PictureReport Failed(PictureReport report, Exception fault)
    {
        string kind = fault switch
        {
            _ when report.Faces is not null => PictureError.DrawingFailed,
            FileNotFoundException or DirectoryNotFoundException => PictureError.NotFound,
            UnauthorizedAccessException => PictureError.AccessDenied,
            InvalidDataException => PictureError.InvalidPicture,
            _ => PictureError.ReadFailed,
        };
        terminal.Note(fault.Message.Contains(report.File, StringComparison.Ordinal) ? $"error: {fault.Message}" : $"error: {report.File}: {fault.Message}");
        return report with { Error = new PictureError(kind, fault.Message) };
    }
}
