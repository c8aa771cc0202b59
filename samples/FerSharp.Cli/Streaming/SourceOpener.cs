using FerSharp.Media;

namespace FerSharp.Cli.Streaming;

/// <summary>Opens what a command line names as a source, and says in plain words why it cannot.</summary>
internal static class SourceOpener
{
    private const string Camera = "camera";

    /// <summary>Addresses that show what happens now; http and https may lead to either.</summary>
    private static readonly string[] LiveSchemes = ["rtsp", "rtsps", "rtmp", "rtmps", "udp", "rtp", "srt", "tcp"];

    /// <summary>Files that are read, which must not be written over.</summary>
    public static IReadOnlyList<string> InputFiles(string source) =>
        File.Exists(source) ? [source] : Directory.Exists(source) ? [.. Directory.EnumerateFiles(source)] : [];

    /// <exception cref="CliException">The source cannot be opened.</exception>
    public static async Task<IFrameSource> OpenAsync(StreamSettings settings, CancellationToken cancellationToken)
    {
        string source = settings.Source;
        try
        {
            if (CameraOf(source) is { } camera)
            {
                Require(settings, source);
                return await FfmpegFrameSource.OpenCameraAsync(camera.Length > 0 ? camera : null, null, cancellationToken).ConfigureAwait(false);
            }

            if (source.Contains("://", StringComparison.Ordinal))
            {
                if (!Uri.TryCreate(source, UriKind.Absolute, out Uri? address))
                {
                    throw new CliException(ExitCode.Usage, "The address is not valid.");
                }

                if (settings.IsLive || LiveSchemes.Contains(address.Scheme))
                {
                    Require(settings, $"{address.Scheme}://{address.Host}");
                }

                // A camera behind http does not say that it is one, and would wait for frames that nobody needs any more.
                return await FfmpegFrameSource.OpenAddressAsync(address, new FfmpegOptions { IsLive = settings.IsLive }, cancellationToken).ConfigureAwait(false);
            }

            if (settings.IsLive && Directory.Exists(source))
            {
                throw new CliException(ExitCode.Usage, $"'{source}' is a folder, which does not happen now; use 'fersharp analyze' for its pictures one by one, or 'fersharp video' to follow faces through them.");
            }

            return Directory.Exists(source)
                ? new FolderFrameSource(source)
                : await FfmpegFrameSource.OpenFileAsync(source, new FfmpegOptions { RealTime = settings.IsLive }, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw CliException.WrongUse(e);
        }
        catch (InvalidOperationException e)
        {
            // ffmpeg is missing; the message says how to get it.
            throw new CliException(ExitCode.ModelOrRuntime, e.Message);
        }
        catch (Exception e) when (IsFault(e))
        {
            throw new CliException(ExitCode.SomeFailed, e.Message);
        }
    }

    /// <summary>Whether an exception is a source's, as sources document them.</summary>
    public static bool IsFault(Exception e) => e is IOException or InvalidDataException or TimeoutException or UnauthorizedAccessException;

    /// <summary>The device's name; empty for the first camera; null where the source is none.</summary>
    private static string? CameraOf(string source) =>
        source == Camera ? "" :
        source.StartsWith($"{Camera}:", StringComparison.Ordinal) ? source[(Camera.Length + 1)..] :
        source.StartsWith("/dev/video", StringComparison.Ordinal) ? source :
        null;

    private static void Require(StreamSettings settings, string name)
    {
        if (!settings.IsLive)
        {
            throw new CliException(ExitCode.Usage, $"'{name}' is a camera or a live stream, which has no end; use 'fersharp live'.");
        }

        if (!settings.HasConsent)
        {
            throw new CliException(
                ExitCode.Usage,
                $"'{name}' shows people as they are now. Tell them that their expressions are read, and why; once they have agreed, add --consent. " +
                "Ctrl+C ends it at any time. At work and in education such use is forbidden in the European Union but for medical or safety reasons (docs/responsible-use.md).");
        }
    }
}
