namespace FerSharp.Testing;

/// <summary>One reading of a fresh source, with a limit on every wait.</summary>
internal sealed class FrameReading : IAsyncDisposable
{
    /// <summary>More frames than a source can have ready when it is told to stop.</summary>
    private const int MostFramesInFlight = 16;

    private readonly TimeSpan _timeout;
    private readonly CancellationToken _token;
    private IAsyncEnumerator<Frame>? _frames;

    public FrameReading(FrameSourceSubject subject, CancellationToken cancellationToken = default)
    {
        Source = subject.Create();
        _timeout = subject.Timeout;
        _token = cancellationToken;
    }

    public IFrameSource Source { get; }

    public async Task<Frame> NextAsync()
    {
        bool any = await Limited(Frames().MoveNextAsync().AsTask(), "for the next frame").ConfigureAwait(false);
        Expect.That(any, "The source ended early; give one that delivers at least four frames.");
        return Frames().Current;
    }

    /// <summary>Reads on until the source stops: by an exception, which is returned, or at its end or with yet more frames (null).</summary>
    public async Task<Exception?> EndAsync(string when)
    {
        for (int i = 0; i < MostFramesInFlight; i++)
        {
            try
            {
                if (!await Limited(Frames().MoveNextAsync().AsTask(), $"for the end. {when} the source neither delivered nor stopped").ConfigureAwait(false))
                {
                    return null;
                }

                Frames().Current.Dispose();
            }
            catch (Exception exception) when (exception is not FindingException)
            {
                return exception;
            }
        }

        return null;
    }

    /// <summary>Ends the enumeration as <c>break</c> does; the source stays.</summary>
    public async Task StopAsync()
    {
        if (_frames is { } frames)
        {
            _frames = null;
            await Limited(Done(frames.DisposeAsync()), "for the enumeration to stop").ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await Limited(Done(Source.DisposeAsync()), "for DisposeAsync").ConfigureAwait(false);
    }

    /// <summary>Starts to enumerate and returns what that threw; null where a frame or the end came.</summary>
    public static async Task<Exception?> StartAsync(IFrameSource source)
    {
        try
        {
            await foreach (Frame frame in source.ReadFramesAsync().ConfigureAwait(false))
            {
                frame.Dispose();
                break;
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private IAsyncEnumerator<Frame> Frames() => _frames ??= Source.ReadFramesAsync(_token).GetAsyncEnumerator(_token);

    private static async Task<bool> Done(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return true;
    }

    private async Task<T> Limited<T>(Task<T> task, string waitedFor)
    {
        try
        {
            return await task.WaitAsync(_timeout).ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!task.IsCompleted)
        {
            throw new FindingException($"It waited {_timeout} {waitedFor}.", exception);
        }
    }
}
