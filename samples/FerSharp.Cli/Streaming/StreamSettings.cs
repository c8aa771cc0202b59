using FerSharp.Cli.Analysis;

namespace FerSharp.Cli.Streaming;

/// <summary>What <c>fersharp video</c> or <c>fersharp live</c> was asked to do, checked.</summary>
internal sealed record StreamSettings
{
    /// <summary>A file, a folder, an address, or a camera.</summary>
    public required string Source { get; init; }

    /// <summary>Whether it is watched as it happens: a file at its own speed, frames dropped when behind.</summary>
    public required bool IsLive { get; init; }

    /// <summary>Whether the user has said that the people in front of a camera have agreed.</summary>
    public required bool HasConsent { get; init; }

    public required ModelSettings Models { get; init; }

    public required int DetectEvery { get; init; }

    /// <summary>The annotated video; null for none.</summary>
    public required string? VideoFile { get; init; }

    public required IReadOnlyList<string> TimelineFiles { get; init; }

    /// <summary>Where the JSON lines go: a file, "-" for standard output, null for nowhere.</summary>
    public required string? LinesFile { get; init; }

    public required bool Timings { get; init; }

    /// <summary>Whether standard output is taken by JSON lines.</summary>
    public bool LinesToOutput => LinesFile == "-";
}
