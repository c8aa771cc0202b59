using System.Buffers;
using System.Runtime.CompilerServices;

namespace FerSharp.Media;

/// <summary>Video files, network streams and cameras, decoded by ffmpeg in a child process.</summary>
/// <remarks>
/// <para>ffmpeg must be installed (tested with 5.1; older ones may lack an option, which its error then names); it is started without a shell and sends raw frames with their own times through a pipe.
/// Size, rate and the frames' turning (as phones record it) are ffmpeg's; a video with a variable rate keeps its times.</para>
/// <para>The child runs from opening to the end of the reading, whatever ends it: the last frame, break, cancellation, an exception,
/// <see cref="DisposeAsync"/>. It is also ended when a forgotten source is finalised and when this process exits; where this process is
/// killed, ffmpeg ends at its next frame, because nobody reads the pipe. On Linux and macOS other users of the machine can see a child's arguments, and
/// with them a password in an address; names and messages here never have one.</para>
/// <para>A file that ends too early gives the frames it has; whether that is an error is ffmpeg's judgement. Where a video
/// changes its size, ffmpeg scales the later frames to the size of the first; an ffmpeg that does not makes it an <see cref="InvalidDataException"/>.</para>
/// </remarks>
public sealed class FfmpegFrameSource : IFrameSource
{
    /// <summary>How long a child that has closed its output may take to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FfmpegInput _input;
    private readonly FfmpegOptions _options;
    private readonly FfmpegProcess _process;
    private readonly NutReader _reader;
    private readonly SourceLife _life;
    private readonly FramePool _pool = new();
    private readonly int _bytes;
    private NutFrame? _next;
    private readonly TimeSpan _shift;
    private TimeSpan _last = TimeSpan.FromTicks(-1);
    private long _sequence;
    private int _closing;

    private FfmpegFrameSource(FfmpegInput input, FfmpegOptions options, FfmpegProcess process, NutReader reader, NutFrame first)
    {
        (_input, _options, _process, _reader, _next) = (input, options, process, reader, first);
        _bytes = checked(reader.Width * reader.Height * options.Format.BytesPerPixel());
        _shift = first.Time < TimeSpan.Zero ? -first.Time : TimeSpan.Zero;
        Info = new FrameSourceInfo(input.Name, options.IsLive ?? input.IsLive, reader.Width, reader.Height, reader.FramesPerSecond);
        _life = new SourceLife(input.Name);
    }

    /// <summary>A name without secrets, the frames' size, and the rate where ffmpeg knows it.</summary>
    public FrameSourceInfo Info { get; }

    internal long OutstandingFrames => _pool.Outstanding;

    internal int ProcessId => _process.Id;

    /// <summary>Opens a video file. Only this file is read, never the network; its name may have any characters.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to run ffmpeg; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>A source whose first frame has arrived. The caller owns it.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no video, or damaged, or its frames are too large.</exception>
    /// <exception cref="InvalidOperationException">ffmpeg is missing or does not start; the message says how to get it.</exception>
    /// <exception cref="IOException">ffmpeg ended unexpectedly.</exception>
    /// <exception cref="TimeoutException">No frame came in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<FfmpegFrameSource> OpenFileAsync(string path, FfmpegOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(checkedOptions => FfmpegInput.File(path, checkedOptions.RealTime), options, cancellationToken);

    /// <summary>Opens a network stream.</summary>
    /// <param name="address">An http, https, rtsp, rtsps, rtmp, rtmps, udp, rtp, srt or tcp address. It may hold user and password.</param>
    /// <param name="options">How to run ffmpeg; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>A source whose first frame has arrived. The caller owns it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="address"/> is relative or of another scheme.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The frames are too large.</exception>
    /// <exception cref="InvalidOperationException">ffmpeg is missing or does not start; the message says how to get it.</exception>
    /// <exception cref="IOException">The stream cannot be opened; the message ends with ffmpeg's own.</exception>
    /// <exception cref="TimeoutException">No frame came in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<FfmpegFrameSource> OpenAddressAsync(Uri address, FfmpegOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(checkedOptions => FfmpegInput.Address(address, checkedOptions.Timeout), options, cancellationToken);

    /// <summary>Opens a camera of this machine: by v4l2 on Linux, dshow on Windows, avfoundation on macOS.</summary>
    /// <param name="device">The device: a path as /dev/video0 (Linux, the default there), a name (Windows), a number or name (macOS, default 0).</param>
    /// <param name="options">How to run ffmpeg, and what to ask the camera for; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>A source whose first frame has arrived. The caller owns it.</returns>
    /// <exception cref="ArgumentException">The device's name is empty, cannot be passed on, or is missing where there is no default.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="FileNotFoundException">There is no such device (Linux).</exception>
    /// <exception cref="InvalidDataException">The frames are too large.</exception>
    /// <exception cref="InvalidOperationException">ffmpeg is missing or does not start; the message says how to get it.</exception>
    /// <exception cref="IOException">The camera cannot be opened: in use, forbidden, absent. The message ends with ffmpeg's own.</exception>
    /// <exception cref="TimeoutException">No frame came in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<FfmpegFrameSource> OpenCameraAsync(string? device = null, FfmpegOptions? options = null, CancellationToken cancellationToken = default)
    {
        OSPlatformKind platform = OperatingSystem.IsWindows() ? OSPlatformKind.Windows : OperatingSystem.IsMacOS() ? OSPlatformKind.MacOS : OSPlatformKind.Linux;
        return OpenAsync(checkedOptions => FfmpegInput.Camera(device, checkedOptions, platform), options, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A file is damaged, or the frames' size changed.</exception>
    /// <exception cref="IOException">The stream broke off, the camera went away, or ffmpeg was killed.</exception>
    /// <exception cref="TimeoutException">No frame came in time.</exception>
    public IAsyncEnumerable<Frame> ReadFramesAsync(CancellationToken cancellationToken = default)
    {
        _life.ThrowIfDisposed();
        return ReadOnceAsync(cancellationToken);
    }

    /// <summary>Ends the child and the reading; harmless when repeated. Delivered frames stay valid.</summary>
    public async ValueTask DisposeAsync()
    {
        await _life.EndAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    private static async Task<FfmpegFrameSource> OpenAsync(Func<FfmpegOptions, FfmpegInput> describe, FfmpegOptions? options, CancellationToken cancellationToken)
    {
        options = (options ?? new FfmpegOptions()).Checked();
        FfmpegInput input = describe(options);
        cancellationToken.ThrowIfCancellationRequested();
        FfmpegProcess process = FfmpegProcess.Start(options.Executable, input.CommandLine(options));
        bool opened = false;
        try
        {
            var reader = new NutReader(process.Output, options.MaxPixels);
            NutFrame? first = await WatchAsync(
                process, input, options, async () => await reader.NextAsync(CancellationToken.None).ConfigureAwait(false), cancellationToken, cancellationToken).ConfigureAwait(false);
            if (first is not { } frame)
            {
                throw await FaultAsync(process, input, "has no frame").ConfigureAwait(false);
            }

            opened = true;
            return new FfmpegFrameSource(input, options, process, reader, frame);
        }
        catch (EndOfStreamException)
        {
            throw await FaultAsync(process, input, "cannot be opened").ConfigureAwait(false);
        }
        finally
        {
            if (!opened)
            {
                process.Kill();
                await process.EndAsync(Patience).ConfigureAwait(false);
            }
        }
    }

    private async IAsyncEnumerable<Frame> ReadOnceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = _life.Begin(cancellationToken);
        try
        {
            while (await NextAsync(either.Token, cancellationToken).ConfigureAwait(false) is { } frame)
            {
                yield return frame;
            }
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task<Frame?> NextAsync(CancellationToken either, CancellationToken reader)
    {
        _life.ThrowIfEnded(reader);
        try
        {
            Frame? frame = await WatchAsync(_process, _input, _options, ReadFrameAsync, either, reader).ConfigureAwait(false);
            if (frame is not null)
            {
                return frame;
            }

            _life.ThrowIfEnded(reader);
            (int code, string errors) = await _process.EndAsync(Patience).ConfigureAwait(false);
            _life.ThrowIfEnded(reader);
            return code == 0 ? null : throw Fault(_input, "broke off", code, errors);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            _life.ThrowIfEnded(reader);
            throw e is EndOfStreamException ? await FaultAsync(_process, _input, $"broke off within frame {_sequence}").ConfigureAwait(false) : e;
        }
    }

    private async ValueTask<Frame?> ReadFrameAsync()
    {
        NutFrame? announced = _next ?? await _reader.NextAsync(CancellationToken.None).ConfigureAwait(false);
        _next = null;
        if (announced is not { } next)
        {
            return null;
        }

        if (next.Length != _bytes)
        {
            throw new InvalidDataException($"'{Info.Name}' changed its size at frame {_sequence} (it was {Info.Width}x{Info.Height}). Set FfmpegOptions.Width and Height: all frames then have that size.");
        }

        IMemoryOwner<byte> owner = _pool.Rent(_bytes);
        try
        {
            await _reader.ReadPixelsAsync(next, owner.Memory, CancellationToken.None).ConfigureAwait(false);

            // Times rise, as the contract says; a source that repeats one is moved by the smallest step.
            TimeSpan time = next.Time + _shift;
            _last = time > _last ? time : _last + TimeSpan.FromTicks(1);
            return Frame.Create(owner, _reader.Width, _reader.Height, _options.Format, 0, _sequence++, _last);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Runs a read of the child's output. A pipe's read cannot be relied on to heed a token, so cancellation and time-out end the child: its output ends, and the read with it.</summary>
    private static async Task<T> WatchAsync<T>(FfmpegProcess process, FfmpegInput input, FfmpegOptions options, Func<ValueTask<T>> read, CancellationToken cancellationToken, CancellationToken reader)
    {
        using var late = new CancellationTokenSource(options.Timeout);
        CancellationTokenRegistration onCancel = cancellationToken.UnsafeRegister(static one => ((FfmpegProcess)one!).Kill(), process);
        CancellationTokenRegistration onLate = late.Token.UnsafeRegister(static one => ((FfmpegProcess)one!).Kill(), process);
        try
        {
            T result = await read().ConfigureAwait(false);
            return result is not null ? result : Ended<T>(result);
        }
        catch (IOException)
        {
            Ended<T>(default);
            throw;
        }
        finally
        {
            await onCancel.DisposeAsync().ConfigureAwait(false);
            await onLate.DisposeAsync().ConfigureAwait(false);
        }

        TResult Ended<TResult>(TResult? result)
        {
            reader.ThrowIfCancellationRequested();
            cancellationToken.ThrowIfCancellationRequested();
            return late.IsCancellationRequested
                ? throw new TimeoutException($"'{input.Name}' gave no frame within {options.Timeout.TotalSeconds:0.#} s. Check that it is there and sends, or raise FfmpegOptions.Timeout.")
                : result!;
        }
    }

    private static async Task<Exception> FaultAsync(FfmpegProcess process, FfmpegInput input, string what)
    {
        (int code, string errors) = await process.EndAsync(Patience).ConfigureAwait(false);
        return Fault(input, what, code, errors);
    }

    /// <summary>A child that was ended by a signal (128 and above) says nothing of the file.</summary>
    private static Exception Fault(FfmpegInput input, string what, int code, string errors)
    {
        string message = $"'{input.Name}' {what}: ffmpeg ended with code {code}{(code > 128 ? " (it was killed)" : "")}{(errors.Length > 0 ? $" and said: {input.Mask(errors)}" : "")}";
        return input.IsFile && code is >= 0 and <= 128 ? new InvalidDataException(message) : new IOException(message);
    }

    private async ValueTask CloseAsync()
    {
        _process.Kill();
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            await _process.EndAsync(Patience).ConfigureAwait(false);
            _pool.Close();
        }
    }
}
