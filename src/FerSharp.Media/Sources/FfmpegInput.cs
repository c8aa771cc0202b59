using System.Globalization;
using System.Text.RegularExpressions;

namespace FerSharp.Media;

/// <summary>What ffmpeg is to open: its name for people, its arguments, and what of it must not be shown.</summary>
internal sealed partial record FfmpegInput(string Name, bool IsFile, bool IsLive, string[] Arguments)
{
    private static readonly string[] LiveSchemes = ["rtsp", "rtsps", "rtmp", "rtmps", "udp", "rtp", "srt", "tcp"];
    private static readonly string[] Schemes = ["http", "https", .. LiveSchemes];

    /// <summary>Parts of an address that messages must not show, longest first.</summary>
    private string[] Secrets { get; init; } = [];

    /// <summary>A file. The prefix file: and the full path keep names such as "-y" or "http://x" from being read as anything else; the protocol list keeps playlists in files from opening the network.</summary>
    public static FfmpegInput File(string path, bool realTime)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.GetFullPath(path);
        if (!System.IO.File.Exists(full))
        {
            throw new FileNotFoundException($"The video '{path}' does not exist. Check the path; relative paths start at the current directory.", path);
        }

        return new FfmpegInput(Path.GetFileName(full), IsFile: true, IsLive: realTime, [.. realTime ? ["-re"] : Array.Empty<string>(), "-protocol_whitelist", "file", "-i", "file:" + full]);
    }

    /// <summary>A network stream. The protocol list has no file: what a stream names can never be a local file.</summary>
    public static FfmpegInput Address(Uri address, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || !Schemes.Contains(address.Scheme))
        {
            throw new ArgumentException($"The address must be absolute and begin with one of {string.Join(", ", Schemes)}; for a file use OpenFileAsync.", nameof(address));
        }

        var arguments = new List<string> { "-protocol_whitelist", "http,https,httpproxy,tls,tcp,udp,crypto,rtsp,rtp,srtp,rtmp,rtmps,srt" };
        if (address.Scheme is "rtsp" or "rtsps")
        {
            arguments.AddRange(["-rtsp_transport", "tcp"]);
        }

        arguments.AddRange(SilenceArguments(address.Scheme, timeout));
        arguments.AddRange(["-i", address.AbsoluteUri]);
        string port = address.IsDefaultPort || address.Port < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{address.Port}");
        string user = address.UserInfo;
        string[] parts = [user, .. user.Split(':', 2), address.Query.TrimStart('?'), address.PathAndQuery, .. address.Query.TrimStart('?').Split('&', '=')];
        return new FfmpegInput($"{address.Scheme}://{address.Host}{port}", IsFile: false, LiveSchemes.Contains(address.Scheme), [.. arguments])
        {
            Secrets = [.. parts.Concat(parts.Select(Uri.UnescapeDataString)).Where(part => part.Length >= 3).Distinct().OrderByDescending(part => part.Length)],
        };
    }

    /// <summary>What ends a child whose peer is silent also when this process has died and nobody is left to end it. In microseconds.</summary>
    /// <remarks>
    /// Of rtmp, timeout would mean to wait for callers; of rtsp it means so before ffmpeg 5, where streams would no longer open: it has none. Neither option
    /// acts on rtp, and rw_timeout not on udp, whose own option takes no more than 35 minutes.
    /// </remarks>
    private static string[] SilenceArguments(string scheme, TimeSpan timeout)
    {
        string time = ((long)timeout.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        return timeout <= TimeSpan.Zero ? [] : scheme switch
        {
            "http" or "https" or "tcp" or "rtmp" or "rtmps" => ["-rw_timeout", time],
            "udp" when timeout.TotalMicroseconds <= int.MaxValue => ["-timeout", time],
            "srt" => ["-timeout", time],
            _ => [],
        };
    }

    /// <summary>A camera, by the device layer of the platform.</summary>
    public static FfmpegInput Camera(string? device, FfmpegOptions options, OSPlatformKind platform)
    {
        if (device is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(device);
        }

        var arguments = new List<string>();
        string input;
        double? rate = options.CameraFramesPerSecond;
        switch (platform)
        {
            case OSPlatformKind.Windows:
                input = "video=" + WithoutColon(device ?? throw new ArgumentException("Windows has no default camera for ffmpeg. Give a name; 'ffmpeg -list_devices true -f dshow -i dummy' lists them.", nameof(device)));
                arguments.AddRange(["-f", "dshow", "-rtbufsize", "64M"]);
                break;
            case OSPlatformKind.MacOS:
                input = WithoutColon(device ?? "0") + ":none";
                rate ??= 30; // avfoundation's own default of 29.97 is refused by most cameras.
                arguments.AddRange(["-f", "avfoundation"]);
                break;
            default:
                input = device ?? "/dev/video0";
                if (!Path.Exists(input))
                {
                    throw new FileNotFoundException($"The camera '{input}' does not exist. 'ls /dev/video*' lists them; in a container the device must be passed in.", input);
                }

                arguments.AddRange(["-f", "v4l2"]);
                break;
        }

        if (options is { CameraWidth: { } width, CameraHeight: { } height })
        {
            arguments.AddRange(["-video_size", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}")]);
        }

        if (rate is { } asked)
        {
            arguments.AddRange(["-framerate", asked.ToString("0.######", CultureInfo.InvariantCulture)]);
        }

        return new FfmpegInput(device ?? "camera", IsFile: false, IsLive: true, [.. arguments, "-i", input]);
    }

    /// <summary>The whole argument list: raw frames with their times, in the container NUT, on the standard output.</summary>
    /// <remarks>
    /// The encoder's time base is set to a microsecond: by default it is one over the nominal rate, which would round the times of videos with a
    /// variable rate. ffmpeg's default way with such a muxer is to pass each frame on with its own time, none doubled.
    /// </remarks>
    public IReadOnlyList<string> CommandLine(FfmpegOptions options)
    {
        string filter = options.Width is null && options.Height is null
            ? "null"
            : string.Create(CultureInfo.InvariantCulture, $"scale={options.Width ?? -1}:{options.Height ?? -1}");
        return
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", .. Arguments,
            "-map", "0:V:0", "-map_metadata", "-1", "-map_chapters", "-1", "-vf", filter,
            "-enc_time_base", "1:1000000", "-c:v", "rawvideo", "-pix_fmt", NameOf(options.Format), "-flush_packets", "1", "-f", "nut", "pipe:1",
        ];
    }

    /// <summary>ffmpeg's name of a pixel format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No defined format.</exception>
    public static string NameOf(PixelFormat format) => format switch
    {
        PixelFormat.Gray8 => "gray",
        PixelFormat.Rgb24 => "rgb24",
        PixelFormat.Bgr24 => "bgr24",
        PixelFormat.Rgba32 => "rgba",
        PixelFormat.Bgra32 => "bgra",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a pixel format; use one of Gray8, Rgb24, Bgr24, Rgba32, Bgra32."),
    };

    /// <summary>A text of ffmpeg without what must not be shown: of every address only scheme and host stay.</summary>
    public string Mask(string text)
    {
        text = AnyAddress().Replace(text, match => $"{match.Groups[1].Value}://{match.Groups[2].Value}");
        return Secrets.Aggregate(text, (masked, secret) => masked.Replace(secret, "***", StringComparison.Ordinal));
    }

    private static string WithoutColon(string device) => device.Contains(':', StringComparison.Ordinal)
        ? throw new ArgumentException($"The camera's name '{device}' has a colon, which ffmpeg takes for the start of a second device. Use its number or its other name.", nameof(device))
        : device;

    [GeneratedRegex(@"\b([A-Za-z][A-Za-z0-9+.\-]*)://(?:[^\s/?#'""]*@)?([^\s/?#@'"",]*)[^\s'"",]*")]
    private static partial Regex AnyAddress();
}

/// <summary>The platforms whose cameras ffmpeg reaches in different ways.</summary>
internal enum OSPlatformKind
{
    Linux,
    Windows,
    MacOS,
}
