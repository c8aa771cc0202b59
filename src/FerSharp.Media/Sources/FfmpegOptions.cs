namespace FerSharp.Media;

/// <summary>How a <see cref="FfmpegFrameSource"/> runs ffmpeg. Read once, when the source is opened.</summary>
public sealed class FfmpegOptions
{
    /// <summary>The ffmpeg program: a path, or a plain name that is looked for in the folders of PATH (and nowhere else).</summary>
    /// <value>Default ffmpeg.</value>
    public string Executable { get; set; } = "ffmpeg";

    /// <summary>How the frames' pixels are laid out.</summary>
    /// <value>Default <see cref="PixelFormat.Bgr24"/>.</value>
    public PixelFormat Format { get; set; } = PixelFormat.Bgr24;

    /// <summary>Width that frames are scaled to, in pixels, at least 1. With only one of width and height given, the other keeps the shape.</summary>
    /// <value>Default null: the video's own.</value>
    public int? Width { get; set; }

    /// <summary>Height that frames are scaled to, in pixels, at least 1.</summary>
    /// <value>Default null: the video's own.</value>
    public int? Height { get; set; }

    /// <summary>Width that a camera is asked for, in pixels; only together with <see cref="CameraHeight"/>.</summary>
    /// <value>Default null: the camera's own choice.</value>
    public int? CameraWidth { get; set; }

    /// <summary>Height that a camera is asked for, in pixels; only together with <see cref="CameraWidth"/>.</summary>
    /// <value>Default null: the camera's own choice.</value>
    public int? CameraHeight { get; set; }

    /// <summary>Rate that a camera is asked for, in frames a second, above 0.</summary>
    /// <value>Default null: the camera's own choice (on macOS 30).</value>
    public double? CameraFramesPerSecond { get; set; }

    /// <summary>Whether frames arrive in real time.</summary>
    /// <value>Default null: cameras, files in real time, and rtsp, rtmp, udp, rtp and srt addresses do, other files and http addresses do not.</value>
    public bool? IsLive { get; set; }

    /// <summary>Whether a file is read no faster than it plays, as if a camera filmed it; it then counts as live. For trying what is meant for cameras.</summary>
    /// <value>Default false: as fast as the reader takes the frames.</value>
    public bool RealTime { get; set; }

    /// <summary>How long to wait for the first frame, and for each further one, before the child is ended with <see cref="TimeoutException"/>. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits for ever.</summary>
    /// <value>Default 30 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most pixels (width times height) that a frame may have. 1 to <see cref="ImageLoadOptions.LargestMaxPixels"/>.</summary>
    /// <value>Default 100 million.</value>
    public int MaxPixels { get; set; } = 100_000_000;

    /// <summary>A checked copy, so that later changes have no effect.</summary>
    internal FfmpegOptions Checked()
    {
        static void Check(bool good, string name, object? value, string range)
        {
            if (!good)
            {
                throw new ArgumentOutOfRangeException(name, value, $"FfmpegOptions.{name} must be {range}.");
            }
        }

        Check(!string.IsNullOrWhiteSpace(Executable), nameof(Executable), Executable, "the name or path of ffmpeg");
        Check(Enum.IsDefined(Format), nameof(Format), Format, "one of Gray8, Rgb24, Bgr24, Rgba32, Bgra32");
        Check(Width is null or (>= 1 and <= 65535), nameof(Width), Width, "null or from 1 to 65535");
        Check(Height is null or (>= 1 and <= 65535), nameof(Height), Height, "null or from 1 to 65535");
        Check(CameraWidth is null or (>= 1 and <= 65535), nameof(CameraWidth), CameraWidth, "null or from 1 to 65535");
        Check(CameraHeight is null or (>= 1 and <= 65535), nameof(CameraHeight), CameraHeight, "null or from 1 to 65535");
        Check(CameraWidth.HasValue == CameraHeight.HasValue, nameof(CameraHeight), CameraHeight, "given where CameraWidth is, and null where it is not");
        Check(CameraFramesPerSecond is null or (> 0 and <= 10_000), nameof(CameraFramesPerSecond), CameraFramesPerSecond, "null or above 0 and at most 10000");
        Check(Timeout == System.Threading.Timeout.InfiniteTimeSpan || (Timeout > TimeSpan.Zero && Timeout <= TimeSpan.FromDays(24)), nameof(Timeout), Timeout, "above 0 and at most 24 days, or infinite");
        Check(MaxPixels is >= 1 and <= ImageLoadOptions.LargestMaxPixels, nameof(MaxPixels), MaxPixels, $"from 1 to {ImageLoadOptions.LargestMaxPixels}");
        return (FfmpegOptions)MemberwiseClone();
    }
}
