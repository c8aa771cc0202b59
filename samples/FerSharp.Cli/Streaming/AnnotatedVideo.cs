using FerSharp.Media;

namespace FerSharp.Cli.Streaming;

/// <summary>The video again, with each track's number and steadied expression drawn on it. Faces that have no track yet are not drawn: half of them are none.</summary>
internal sealed class AnnotatedVideo(string file, double framesPerSecond) : StreamOutput
{
    private static readonly DrawOptions Drawing = new() { Label = LabelOf, Landmarks = false };

    private FfmpegVideoWriter? _video;

    /// <exception cref="CliException">The file cannot be written, ffmpeg is missing, or the frames' size changes.</exception>
    public override async ValueTask TakeAsync(StreamResult result)
    {
        FrameView frame = result.Frame!.View;
        _video ??= Create(frame.Width, frame.Height);
        if ((frame.Width, frame.Height) != (_video.Width, _video.Height))
        {
            throw new CliException(ExitCode.SomeFailed, $"Frame {result.Sequence} is {frame.Width}x{frame.Height}; a video has one size, this one {_video.Width}x{_video.Height}.");
        }

        using Frame drawn = AnalysisRenderer.Draw(frame, Steadied(result.Analysis), Drawing);
        await _video.WriteAsync(drawn.View, result.Timestamp).ConfigureAwait(false);
    }

    public override Task FinishAsync() => _video?.CompleteAsync() ?? Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        if (_video is not null)
        {
            await _video.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    private FfmpegVideoWriter Create(int width, int height)
    {
        try
        {
            return FfmpegVideoWriter.Create(file, width, height, framesPerSecond);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"--out: '{file}' cannot be written: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            throw new CliException(ExitCode.ModelOrRuntime, e.Message);
        }
    }

    /// <summary>The faces with a track, reading and outcome as the smoother has them: what is drawn changes no faster than people can read.</summary>
    private static FrameAnalysis Steadied(FrameAnalysis analysis) => analysis with
    {
        Faces =
        [
            .. analysis.Faces.Where(face => face.TrackId > 0).Select(face => face.Smoothed.Scores.IsEmpty ? face : face with
            {
                Scores = face.Smoothed.Scores,
                Outcome = !face.Smoothed.IsFresh ? FaceOutcome.LowQuality : face.Smoothed.Expression is null ? FaceOutcome.Uncertain : FaceOutcome.Ok,
            }),
        ],
    };

    private static string LabelOf(FaceEmotion face) => face.Smoothed.Expression is { } expression && face.Outcome != FaceOutcome.LowQuality
        ? FormattableString.Invariant($"{face.TrackId} {expression} {face.Scores[expression]:0.00}")
        : FormattableString.Invariant($"{face.TrackId} {(face.Outcome == FaceOutcome.LowQuality ? "low quality" : "unclear")}");
}
