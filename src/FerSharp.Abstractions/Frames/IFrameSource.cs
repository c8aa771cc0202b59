namespace FerSharp;

/// <summary>Where frames come from: a camera, a video file, a folder, an application.</summary>
/// <remarks>
/// <para>One reader: <see cref="ReadFramesAsync"/> may be enumerated once; a second enumeration throws <see cref="InvalidOperationException"/>.</para>
/// <para>Ownership of each frame goes to the reader, who disposes it; frames are independent of each other and may be disposed in any order.
/// When the reader stops early (break, cancellation), the source frees whatever it had not yet delivered.</para>
/// <para><see cref="Frame.Sequence"/> and <see cref="Frame.Timestamp"/> rise from frame to frame.</para>
/// </remarks>
public interface IFrameSource : IAsyncDisposable
{
    /// <summary>What is known about the source before the first frame.</summary>
    FrameSourceInfo Info { get; }

    /// <summary>Reads the frames, in order, until the source ends.</summary>
    /// <param name="cancellationToken">Ends the reading with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">The source was enumerated before.</exception>
    /// <exception cref="ObjectDisposedException">The source is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IAsyncEnumerable<Frame> ReadFramesAsync(CancellationToken cancellationToken = default);
}

/// <summary>What is known about a frame source before its first frame.</summary>
/// <param name="Name">A name for people: a file name, a device's name. Never a secret.</param>
/// <param name="IsLive">Whether frames arrive in real time, so that a slow reader should drop rather than wait.</param>
/// <param name="Width">Width of the frames in pixels, where known.</param>
/// <param name="Height">Height of the frames in pixels, where known.</param>
/// <param name="FramesPerSecond">Nominal rate, where known.</param>
public sealed record FrameSourceInfo(string Name, bool IsLive, int? Width = null, int? Height = null, double? FramesPerSecond = null);
