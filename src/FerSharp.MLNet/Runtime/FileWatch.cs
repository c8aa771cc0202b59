using Microsoft.Extensions.Logging;

namespace FerSharp.MLNet;

/// <summary>
/// Sees that files have changed, by their names, sizes and times. It looks again and again rather than asking the system for news, which is
/// lost on network shares and in containers; and it waits until two looks agree, so that files which are being written are left alone.
/// </summary>
internal sealed class FileWatch : IDisposable
{
    private readonly Func<IEnumerable<string>> _files;
    private readonly TimeSpan _interval;
    private readonly Func<bool> _changed;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private string _known;
    private string _last;
    private volatile bool _disposed;

    /// <summary>Takes the first look. The watch begins with <see cref="Start"/>.</summary>
    /// <param name="files">The files; asked at every look.</param>
    /// <param name="interval">Time between looks.</param>
    /// <param name="clock">What it runs by.</param>
    /// <param name="changed">Reads files that have changed and are at rest; false where they could not be read just now: then it is called at the next look again.</param>
    public FileWatch(Func<IEnumerable<string>> files, TimeSpan interval, TimeProvider clock, Func<bool> changed)
    {
        _files = files;
        _interval = interval;
        _changed = changed;
        _known = _last = Look() ?? "";
        _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => Schedule();

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Tick()
    {
        try
        {
            string? now = Look();
            bool changed = now is not null && now == _last && now != _known;
            _last = now ?? _last;
            if (changed && !_disposed && _changed())
            {
                _known = now!;
            }
        }
        finally
        {
            // One look at a time: the next is set only now.
            Schedule();
        }
    }

    private void Schedule()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private string? Look()
    {
        try
        {
            return string.Join('\n', _files().Select(file => new FileInfo(file)).Select(file => $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Files that come and go while they are looked at: the next look will tell.
            return null;
        }
    }
}

/// <summary>What is logged of reloads.</summary>
internal static partial class ReloadLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The model's files have changed; {Id} {Version} is served from now on.")]
    public static partial void Reloaded(ILogger logger, string id, string version);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The model's files have changed and cannot be loaded; {Id} {Version} goes on.")]
    public static partial void Kept(ILogger logger, string id, string version, Exception error);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "A handler of the event Reloaded has failed; the watch goes on.")]
    public static partial void HandlerFailed(ILogger logger, Exception error);
}
