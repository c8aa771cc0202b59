namespace FerSharp.LiveWeb.Live;

/// <summary>Which tag belongs to which pushed frame. Thread-safe: one loop adds, another takes.</summary>
/// <remarks>Sequence numbers count dropped frames too, so however many there are between two results, their tags wait here until the later result.</remarks>
internal sealed class FrameTags
{
    /// <summary>Tags that are kept at most: half a minute of frames behind an analysis that stands still.</summary>
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<(long Sequence, FrameTag Tag)> _waiting = new();

    /// <summary>Keeps the tag of the frame that is pushed next.</summary>
    /// <param name="sequence">The frame's number in its source. May come again where the frame before was not pushed; the later tag counts.</param>
    /// <param name="tag">What the client calls it.</param>
    /// <returns>Whether there was room; without it the frame must be dropped.</returns>
    public bool TryAdd(long sequence, FrameTag tag)
    {
        lock (_gate)
        {
            if (_waiting.Count == Capacity)
            {
                return false;
            }

            _waiting.Enqueue((sequence, tag));
            return true;
        }
    }

    /// <summary>Gives a frame's tag, and forgets it and those of all frames before.</summary>
    /// <param name="sequence">The analysed frame's number, higher than in the call before.</param>
    /// <exception cref="InvalidOperationException">No such frame was added.</exception>
    public FrameTag Take(long sequence)
    {
        (long Sequence, FrameTag Tag) last = (-1, default);
        lock (_gate)
        {
            while (_waiting.TryPeek(out (long Sequence, FrameTag Tag) next) && next.Sequence <= sequence)
            {
                last = _waiting.Dequeue();
            }
        }

        return last.Sequence == sequence ? last.Tag : throw new InvalidOperationException($"Frame {sequence} has no tag.");
    }
}
