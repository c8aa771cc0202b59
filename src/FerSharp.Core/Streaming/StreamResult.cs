namespace FerSharp;

/// <summary>What an analyzer found in one frame of a stream.</summary>
/// <remarks>Results come in the order of the frames, and faces in the analyzer's order: best detection first. With <see cref="StreamOptions.KeepFrames"/> the receiver disposes the result; without, disposing does nothing.</remarks>
public sealed class StreamResult : IDisposable
{
    private readonly Frame? _frame;

    internal StreamResult(FrameAnalysis analysis, Frame frame, bool keepFrame)
    {
        _frame = keepFrame ? frame : null;
        (Analysis, Sequence, Timestamp) = (analysis, frame.Sequence, frame.Timestamp);
    }

    /// <summary>The faces, each with its track and its steadied reading.</summary>
    public FrameAnalysis Analysis { get; }

    /// <summary>Whether the detector did not look at this frame: its faces are those of the last detection, where the tracker expects them. See <see cref="StreamOptions.DetectEvery"/>.</summary>
    public bool IsPredicted { get; internal init; }

    /// <summary>Tracks that began or ended with this frame; most often empty. Tracks that are there when the stream ends are not reported.</summary>
    public IReadOnlyList<FaceTrackEvent> TrackEvents { get; internal init; } = [];

    /// <summary>Begins, heights and ends of tracks' expressions that this frame made known; most often empty.</summary>
    public IReadOnlyList<ExpressionPhaseEvent> ExpressionEvents { get; internal init; } = [];

    /// <summary>The frame's <see cref="FerSharp.Frame.Sequence"/>: a gap means dropped frames.</summary>
    public long Sequence { get; }

    /// <summary>The frame's <see cref="FerSharp.Frame.Timestamp"/>: time since the source's start, by the source's clock.</summary>
    public TimeSpan Timestamp { get; }

    /// <summary>Time from the frame's arrival at the stream to this result's delivery.</summary>
    public TimeSpan Age { get; internal init; }

    /// <summary>Counts of the stream at this result's delivery.</summary>
    public StreamCounters Counters { get; internal init; }

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
