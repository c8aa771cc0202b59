namespace FerSharp.Cli;

/// <summary>What the process returns; documented in docs/cli.md.</summary>
internal static class ExitCode
{
    /// <summary>All went well, also when no face was found.</summary>
    public const int Ok = 0;

    /// <summary>Some inputs failed, or a result could not be written; the rest was done.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A model or a native library is at fault.</summary>
    public const int ModelOrRuntime = 3;

    /// <summary>A figure got worse by more than its tolerance.</summary>
    public const int GateFailed = 4;

    /// <summary>Cancelled, by Ctrl+C for example.</summary>
    public const int Cancelled = 130;
}

/// <summary>An expected end of a command: a message for the user and an exit code.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
