using System.Globalization;

namespace FerSharp.Media;

/// <summary>Writes pictures into a video file, encoded by ffmpeg in a child process.</summary>
/// <remarks>
/// <para>The file's kind and its encoder follow from its name's ending, as ffmpeg has them: mp4, mkv, mov, webm, avi, gif. It has no sound.</para>
/// <para>The video has a constant rate. A picture goes to the place that its time has; where pictures are missing, the last one stands for up to
/// <see cref="MaxHold"/>, and of several with the same place the first is written. So the video runs as its source did, with gaps of more than that cut short.</para>
/// <para>The child runs until <see cref="CompleteAsync"/> or <see cref="DisposeAsync"/>; without the former the file is not whole. One caller at a time.</para>
/// </remarks>
public sealed class FfmpegVideoWriter : IAsyncDisposable
{
    /// <summary>For how long a picture stands at most where the next is late: 10 seconds.</summary>
    public static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(10);

    /// <summary>How long the child may take once it has all pictures: it may have to move the whole file.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly FfmpegProcess _process;
    private readonly byte[] _picture;
    private readonly double _framesPerSecond;
    private readonly PixelFormat _format;
    private TimeSpan _first;
    private long _cut;
    private bool _isOver;

    private FfmpegVideoWriter(FfmpegProcess process, string name, int width, int height, double framesPerSecond, PixelFormat format)
    {
        (_process, Name, Width, Height, _framesPerSecond, _format) = (process, name, width, height, framesPerSecond, format);
        _picture = new byte[checked(width * height * format.BytesPerPixel())];
    }

    /// <summary>The file's name, without its folder.</summary>
    public string Name { get; }

    /// <summary>Width of the pictures in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the pictures in pixels.</summary>
    public int Height { get; }

    /// <summary>Pictures that were written, those that stood in for missing ones included.</summary>
    public long Written { get; private set; }

    internal int ProcessId => _process.Id;

    /// <summary>Starts a video.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <param name="width">Width of the pictures in pixels, at least 1; an odd one is rounded up in the video, by a black line.</param>
    /// <param name="height">Height of the pictures in pixels, at least 1; likewise.</param>
    /// <param name="framesPerSecond">Rate of the video, above 0.</param>
    /// <param name="format">How the pictures' pixels are laid out.</param>
    /// <param name="executable">The ffmpeg program; see <see cref="FfmpegOptions.Executable"/>.</param>
    /// <returns>A writer; the caller owns it.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> or <paramref name="executable"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not 1 to 65535, the rate is out of its range, or the format is undefined.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="InvalidOperationException">ffmpeg is missing or does not start; the message says how to get it.</exception>
    public static FfmpegVideoWriter Create(string path, int width, int height, double framesPerSecond, PixelFormat format = PixelFormat.Bgra32, string executable = "ffmpeg")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(executable);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 65535);
        SourceLife.CheckRate(framesPerSecond);
        string pixels = FfmpegInput.NameOf(format);
        string full = Path.GetFullPath(path);

        // What ffmpeg would find out later, and say in other words.
        bool isNew = !File.Exists(full);
        using (new FileStream(full, FileMode.OpenOrCreate, FileAccess.Write))
        {
        }

        // Players want even sizes and halved colour; a gif has a palette of its own.
        string filter = Path.GetExtension(full).Equals(".gif", StringComparison.OrdinalIgnoreCase) ? "null" : "pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p";
        string[] arguments =
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y",
            "-f", "rawvideo", "-pixel_format", pixels, "-video_size", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"),
            "-framerate", framesPerSecond.ToString("0.######", CultureInfo.InvariantCulture), "-i", "pipe:0",
            "-an", "-vf", filter, .. full.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase) ? ["-movflags", "+faststart"] : Array.Empty<string>(), "file:" + full,
        ];
        FfmpegProcess process;
        try
        {
            process = FfmpegProcess.Start(executable, arguments, writable: true);
        }
        catch when (isNew)
        {
            File.Delete(full);
            throw;
        }

        return new FfmpegVideoWriter(process, Path.GetFileName(full), width, height, framesPerSecond, format);
    }

    /// <summary>Writes a picture. Returns when it is handed over; the encoder may hold it up.</summary>
    /// <param name="picture">The picture, borrowed until the method's task has ended.</param>
    /// <param name="timestamp">Its time; the first one's place is the video's begin.</param>
    /// <param name="cancellationToken">Ends the child, and with it the video.</param>
    /// <exception cref="ArgumentException">The picture is empty, or of another size or format than the video.</exception>
    /// <exception cref="ObjectDisposedException">The video is completed or the writer disposed.</exception>
    /// <exception cref="IOException">ffmpeg does not take it: the disk is full, the file's kind unknown. The message ends with ffmpeg's own.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask WriteAsync(FrameView picture, TimeSpan timestamp, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        if (picture.Width != Width || picture.Height != Height || picture.Format != _format)
        {
            throw new ArgumentException($"The picture is {picture}, the video '{Name}' {Width}x{Height} {_format}.", nameof(picture));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (Written == 0)
        {
            _first = timestamp;
        }

        // The place in the video, less what was cut out of it.
        long place = (long)Math.Round((timestamp - _first).TotalSeconds * _framesPerSecond) - _cut;
        long most = Written + (long)(MaxHold.TotalSeconds * _framesPerSecond);
        if (place > most)
        {
            _cut += place - most;
            place = most;
        }

        if (Written > 0 && place < Written)
        {
            return;
        }

        CancellationTokenRegistration onCancel = cancellationToken.UnsafeRegister(static one => ((FfmpegProcess)one!).Kill(), _process);
        try
        {
            while (Written < place)
            {
                await _process.Input.WriteAsync(_picture, CancellationToken.None).ConfigureAwait(false);
                Written++;
            }

            Copy(picture);
            await _process.Input.WriteAsync(_picture, CancellationToken.None).ConfigureAwait(false);
            Written++;
        }
        catch (IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw await EndAsync().ConfigureAwait(false) ?? new IOException($"The video '{Name}' could not be written: ffmpeg has closed its input.");
        }
        finally
        {
            await onCancel.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the video: the file is whole when the task has ended. Harmless when repeated.</summary>
    /// <exception cref="IOException">ffmpeg could not end it. The message ends with ffmpeg's own.</exception>
    public async Task CompleteAsync()
    {
        if (!_isOver && await EndAsync().ConfigureAwait(false) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Ends the child at once. What was written of a video that is not completed stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isOver)
        {
            _process.Kill();
            await EndAsync().ConfigureAwait(false);
        }
    }

    private void Copy(in FrameView picture)
    {
        int row = Width * _format.BytesPerPixel();
        for (int y = 0; y < Height; y++)
        {
            picture.GetRow(y).CopyTo(_picture.AsSpan(y * row, row));
        }
    }

    private async Task<IOException?> EndAsync()
    {
        _isOver = true;
        try
        {
            await _process.Input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // What was still to be handed over; the child's code tells.
        }

        (int code, string errors) = await _process.EndAsync(Patience).ConfigureAwait(false);
        return code == 0 ? null : new IOException($"The video '{Name}' could not be written: ffmpeg ended with code {code}{(code > 128 ? " (it was ended from outside)" : "")}{(errors.Length > 0 ? $" and said: {errors}" : "")}");
    }
}
