using System.Globalization;

namespace FerSharp.LiveWeb;

/// <summary>Limits of the server. Read once at its start, from the command line (<c>--port 5090</c>) and from environment variables that begin with <c>FERSHARP_LIVEWEB_</c>.</summary>
internal sealed class LiveWebOptions
{
    /// <summary>The port on the loopback addresses. 1024 to 65535; 0 takes a free one, on 127.0.0.1 only.</summary>
    public int Port { get; set; } = 5080;

    /// <summary>Input of the embedded detector: small suits faces before a webcam, large finds faces half as large and takes four times as long.</summary>
    public DetectorSize Detector { get; set; } = DetectorSize.Small;

    /// <summary>Cameras that may run at a time. 1 to 64.</summary>
    public int MaxSessions { get; set; } = 4;

    /// <summary>TCP connections at a time; more are closed at once. 8 to 10,000.</summary>
    public int MaxConnections { get; set; } = 64;

    /// <summary>Bytes of a frame's message. A message that is longer ends its connection before the rest is read. 16 KiB to 16 MiB.</summary>
    public int MaxFrameBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Pixels of a frame. 4,096 to 10 million.</summary>
    public int MaxFramePixels { get; set; } = 1280 * 720;

    /// <summary>Frames a second of one connection, and as many other messages. 1 to 120.</summary>
    public double MaxFramesPerSecond { get; set; } = 30;

    /// <summary>So many messages that break the protocol end their connection; those before are answered with an error. 1 to 1,000.</summary>
    public int MaxBadMessages { get; set; } = 5;

    /// <summary>Faces in one frame, best first. 1 to 64.</summary>
    public int MaxFaces { get; set; } = 8;

    /// <summary>A connection without any message for so long is ended. 1 s to 1 hour.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Within this time a message that has begun must be complete, and an answer must be taken. 100 ms to 1 minute.</summary>
    public TimeSpan TransferTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Within this time after consent the camera must be started, or consent is asked for anew. 1 s to 1 hour.</summary>
    public TimeSpan ConsentTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Consents that wait for their camera; more are refused. 1 to 10,000.</summary>
    public int MaxWaitingConsents { get; set; } = 64;

    /// <summary>Throws where something is out of range; names all of it.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void ThrowIfInvalid()
    {
        var faults = new List<string>();
        void Check(bool good, string name, object value, string range)
        {
            if (!good)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {range}."));
            }
        }

        TimeSpan second = TimeSpan.FromSeconds(1), hour = TimeSpan.FromHours(1);
        Check(Port is 0 or (>= 1024 and <= 65535), nameof(Port), Port, "0 or from 1024 to 65535");
        Check(Enum.IsDefined(Detector), nameof(Detector), Detector, "small or large");
        Check(MaxSessions is >= 1 and <= 64, nameof(MaxSessions), MaxSessions, "from 1 to 64");
        Check(MaxConnections is >= 8 and <= 10_000, nameof(MaxConnections), MaxConnections, "from 8 to 10000");
        Check(MaxFrameBytes is >= 16 * 1024 and <= 16 * 1024 * 1024, nameof(MaxFrameBytes), MaxFrameBytes, "from 16384 to 16777216");
        Check(MaxFramePixels is >= 4096 and <= 10_000_000, nameof(MaxFramePixels), MaxFramePixels, "from 4096 to 10000000");
        Check(MaxFramesPerSecond is >= 1 and <= 120, nameof(MaxFramesPerSecond), MaxFramesPerSecond, "from 1 to 120");
        Check(MaxBadMessages is >= 1 and <= 1000, nameof(MaxBadMessages), MaxBadMessages, "from 1 to 1000");
        Check(MaxFaces is >= 1 and <= 64, nameof(MaxFaces), MaxFaces, "from 1 to 64");
        Check(IdleTimeout >= second && IdleTimeout <= hour, nameof(IdleTimeout), IdleTimeout, "from 1 s to 1 hour");
        Check(TransferTimeout >= second / 10 && TransferTimeout <= TimeSpan.FromMinutes(1), nameof(TransferTimeout), TransferTimeout, "from 0.1 s to 1 minute");
        Check(ConsentTimeout >= second && ConsentTimeout <= hour, nameof(ConsentTimeout), ConsentTimeout, "from 1 s to 1 hour");
        Check(MaxWaitingConsents is >= 1 and <= 10_000, nameof(MaxWaitingConsents), MaxWaitingConsents, "from 1 to 10000");
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
