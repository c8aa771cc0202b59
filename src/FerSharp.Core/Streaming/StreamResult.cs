namespace FerSharp;

/// <summary>What an analyzer found in one frame of a stream.</summary>
/// <remarks>Results come in the order of the frames, and faces in the analyzer's order: best detection first. With <see cref="StreamOptions.KeepFrames"/> the receiver disposes the result; without, disposing does nothing.</remarks>
public sealed class StreamResult : IDisposable
{
    private readonly Frame? _frame;

    internal StreamResult(FrameAnalysis analysis, Frame frame, bool keepFrame, TimeSpan age, StreamCounters counters)
    {
        _frame = keepFrame ? frame : null;
        (Analysis, Sequence, Timestamp, Age, Counters) = (analysis, frame.Sequence, frame.Timestamp, age, counters);
    }

    /// <summary>The faces.</summary>
    public FrameAnalysis Analysis { get; }

    /// <summary>The frame's <see cref="FerSharp.Frame.Sequence"/>: a gap means dropped frames.</summary>
    public long Sequence { get; }

    /// <summary>The frame's <see cref="FerSharp.Frame.Timestamp"/>: time since the source's start, by the source's clock.</summary>
    public TimeSpan Timestamp { get; }

    /// <summary>Time from the frame's arrival at the stream to this result's delivery.</summary>
    public TimeSpan Age { get; }

    /// <summary>Counts of the stream at this result's delivery.</summary>
    public StreamCounters Counters { get; }

    /// <summary>The frame, where <see cref="StreamOptions.KeepFrames"/> is set; else null. Its view is invalid once the result is disposed.</summary>
    public Frame? Frame => _frame;

    /// <summary>Disposes the frame that the result keeps. Harmless when repeated.</summary>
    public void Dispose() => _frame?.Dispose();
}

/// <summary>How many frames of a stream went where. Frames that wait or are at work are read and nothing else yet.</summary>
/// <param name="Read">Frames that came from the source.</param>
/// <param name="Dropped">Frames that were dropped because the analyzer was behind.</param>
/// <param name="Analyzed">Frames that were analysed.</param>
public readonly record struct StreamCounters(long Read, long Dropped, long Analyzed);
