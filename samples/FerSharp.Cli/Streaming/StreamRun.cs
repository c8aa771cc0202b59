using System.Diagnostics;
using System.Globalization;
using FerSharp.Cli.Analysis;
using FerSharp.Cli.Output;

namespace FerSharp.Cli.Streaming;

/// <summary>One run of <c>fersharp video</c> or <c>fersharp live</c>: opens the source, follows it, makes what was asked for.</summary>
internal sealed class StreamRun(StreamSettings settings, Terminal terminal)
{
    /// <summary>How long Ctrl+C may take to arrive here when ffmpeg, which hears it too, has ended first.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly SummaryTable _summary = new();
    private readonly List<StreamOutput> _outputs = [];
    private StreamCounters _counters;

    public int Run(CancellationToken cancellationToken) => RunAsync(cancellationToken).GetAwaiter().GetResult();

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> inputs = SourceOpener.InputFiles(settings.Source);
        if (settings.VideoFile is { } video)
        {
            OutputTarget.RefuseInputs(video, inputs, "--out");
        }

        using EmotionAnalyzer analyzer = AnalyzerLoader.Load(settings.Models);
        IFrameSource source = await SourceOpener.OpenAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            using var timelines = new TimelineFiles(settings.TimelineFiles, terminal, inputs);
            using StageTimings? timings = settings.Timings ? new StageTimings() : null;
            using var session = new EmotionSession(analyzer, new EmotionSessionOptions { Stream = new StreamOptions { DetectEvery = settings.DetectEvery, KeepFrames = settings.VideoFile is not null } });
            session.Monitor.Alerted += (_, alert) => Take(alert, cancellationToken);
            try
            {
                LiveScreen? screen = OpenOutputs(source.Info, analyzer.Classifier.Model.Emotions, inputs);
                long begun = Stopwatch.GetTimestamp();
                Exception? fault = screen is not null
                    ? await screen.ShowAsync(() => FollowAsync(session, source, _ => { }, cancellationToken)).ConfigureAwait(false)
                    : await terminal.WithStatusAsync(
                        "0 frames", !settings.IsLive && !(settings.LinesToOutput && terminal.IsOutputInteractive), say => FollowAsync(session, source, say, cancellationToken)).ConfigureAwait(false);
                TimeSpan took = Stopwatch.GetElapsedTime(begun);
                foreach (StreamOutput output in _outputs)
                {
                    await FinishAsync(output, fault is OperationCanceledException).ConfigureAwait(false);
                }

                Report(session.Timeline, source.Info, timelines, timings, took);
                return fault switch
                {
                    null => ExitCode.Ok,
                    OperationCanceledException => throw new OperationCanceledException(cancellationToken),
                    _ => throw new CliException(ExitCode.SomeFailed, fault.Message),
                };
            }
            finally
            {
                foreach (StreamOutput output in _outputs)
                {
                    await output.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Adds what was asked for.</summary>
    /// <returns>The table, where it is on the screen.</returns>
    private LiveScreen? OpenOutputs(FrameSourceInfo info, EmotionSet expressions, IReadOnlyList<string> inputs)
    {
        if (settings.LinesFile is { } lines)
        {
            _outputs.Add(new LinesOutput(OutputTarget.Open(settings.LinesToOutput ? null : lines, terminal, inputs, "--jsonl")));
        }

        if (settings.VideoFile is { } video)
        {
            _outputs.Add(new AnnotatedVideo(video, info.FramesPerSecond ?? 25));
        }

        if (!settings.IsLive || settings.LinesToOutput)
        {
            return null;
        }

        LiveScreen? screen = terminal.IsOutputInteractive ? new LiveScreen(terminal.CreateConsole(terminal.Output), info.Name, expressions.ToArray()) : null;
        _outputs.Add(screen is not null ? screen : new LogOutput(terminal.Output));
        return screen;
    }

    /// <summary>Follows the source to its end.</summary>
    /// <returns>Null; or why it ended early, which is the source's fault or the user's wish.</returns>
    private async Task<Exception?> FollowAsync(EmotionSession session, IFrameSource source, Action<string> say, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp(), said = begun;
        try
        {
            await foreach (StreamResult result in session.AnalyzeAsync(source, cancellationToken).ConfigureAwait(false))
            {
                using (result)
                {
                    _counters = result.Counters;
                    _summary.Take(result);
                    await TakeAsync(result, cancellationToken).ConfigureAwait(false);
                    if (Stopwatch.GetElapsedTime(said) > TimeSpan.FromSeconds(0.5))
                    {
                        said = Stopwatch.GetTimestamp();
                        say(string.Create(CultureInfo.InvariantCulture, $"{_counters.Analyzed} frames, at {Words.Clock(result.Timestamp)}, {_counters.Analyzed / Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} frames/s"));
                    }
                }
            }

            return null;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            return e;
        }
        catch (Exception e) when (SourceOpener.IsFault(e))
        {
            return cancellationToken.WaitHandle.WaitOne(Grace) ? new OperationCanceledException(cancellationToken) : e;
        }
    }

    private void Take(EmotionAlert alert, CancellationToken cancellationToken)
    {
        try
        {
            _outputs.ForEach(output => output.Take(alert));
        }
        catch (IOException e)
        {
            throw FaultOf(e, cancellationToken);
        }
    }

    private async ValueTask TakeAsync(StreamResult result, CancellationToken cancellationToken)
    {
        try
        {
            foreach (StreamOutput output in _outputs)
            {
                await output.TakeAsync(result).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            throw FaultOf(e, cancellationToken);
        }
    }

    /// <summary>What a failed output means: the user's wish, where the encoder or the pipe's reader has heard Ctrl+C first; else a fault that must not be taken for the source's.</summary>
    private static Exception FaultOf(IOException e, CancellationToken cancellationToken) => cancellationToken.WaitHandle.WaitOne(Grace)
        ? new OperationCanceledException(cancellationToken)
        : new CliException(ExitCode.SomeFailed, $"the results could not be written: {e.Message}");

    private static async Task FinishAsync(StreamOutput output, bool isCancelled)
    {
        try
        {
            await output.FinishAsync().ConfigureAwait(false);
        }
        catch (IOException) when (isCancelled)
        {
            // The encoder has heard Ctrl+C too: it has ended its file by itself, and says so by its code.
        }
        catch (IOException e)
        {
            throw new CliException(ExitCode.SomeFailed, $"the results could not be written: {e.Message}");
        }
    }

    private void Report(EmotionTimeline timeline, FrameSourceInfo info, TimelineFiles timelines, StageTimings? timings, TimeSpan took)
    {
        timelines.Write(timeline.ToSnapshot(), info.Name);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{info.Name}: {Words.Count((int)_counters.Analyzed, "frame")} in {took.TotalSeconds:0.0} s, {_counters.Analyzed / Math.Max(took.TotalSeconds, 1e-3):0.0} frames/s{(_counters.Dropped > 0 ? $", {_counters.Dropped} dropped" : "")}, {Words.Count(_summary.Tracks, "track")}");
        terminal.Note(line);
        if (timings is not null)
        {
            terminal.NoteTable(TimingsTable.Create(timings.Summarize()));
        }

        if (!settings.LinesToOutput)
        {
            _summary.Write(terminal.CreateConsole(terminal.Output), timeline);
        }
    }
}
