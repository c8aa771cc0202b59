using FerSharp.Cli.Output;

namespace FerSharp.Cli.Streaming;

/// <summary>Something that is made of a stream's results as they come.</summary>
internal abstract class StreamOutput : IAsyncDisposable
{
    /// <summary>Takes a result, which is disposed afterwards.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public abstract ValueTask TakeAsync(StreamResult result);

    /// <summary>Takes an alert, before the result of its frame.</summary>
    public virtual void Take(EmotionAlert alert)
    {
    }

    /// <summary>Ends it, also where the stream was cut short: what came so far is whole then.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public virtual Task FinishAsync() => Task.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>JSON lines: one for each frame, and for what happens between.</summary>
internal sealed class LinesOutput(OutputTarget target) : StreamOutput
{
    public override async ValueTask TakeAsync(StreamResult result)
    {
        foreach (FaceTrackEvent change in result.TrackEvents)
        {
            Write(CliJson.Line(TrackLine.Of(change)));
        }

        foreach (ExpressionPhaseEvent change in result.ExpressionEvents)
        {
            Write(CliJson.Line(ExpressionLine.Of(change)));
        }

        Write(CliJson.Line(FrameLine.Of(result)));
        await target.Writer.FlushAsync().ConfigureAwait(false);
    }

    public override void Take(EmotionAlert alert) => Write(CliJson.Line(AlertLine.Of(alert)));

    public override ValueTask DisposeAsync()
    {
        target.Dispose();
        return base.DisposeAsync();
    }

    private void Write(string line) => target.Writer.Write(line + "\n");
}

/// <summary>What happens, a line each, for standard outputs that are no terminal.</summary>
internal sealed class LogOutput(TextWriter writer) : StreamOutput
{
    public override async ValueTask TakeAsync(StreamResult result)
    {
        foreach (FaceTrackEvent change in result.TrackEvents)
        {
            Write(change.Timestamp, $"track {change.TrackId} {(change.Phase == FaceTrackPhase.Started ? "began" : "ended")}");
        }

        foreach (ExpressionPhaseEvent change in result.ExpressionEvents)
        {
            Write(change.Timestamp, FormattableString.Invariant($"track {change.TrackId} {Words.Of(change.Expression)} {Words.Of(change.Phase)}, score {change.Score:0.00}"));
        }

        await writer.FlushAsync().ConfigureAwait(false);
    }

    public override void Take(EmotionAlert alert) => Write(alert.To, alert.Message);

    private void Write(TimeSpan time, string text) => writer.Write($"{Words.Clock(time)}  {text}\n");
}
