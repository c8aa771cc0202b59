using FerSharp.Cli.Output;

namespace FerSharp.Cli.Analysis;

/// <summary>What <c>fersharp analyze</c> was asked to do, checked.</summary>
internal sealed record AnalyzeSettings
{
    public required IReadOnlyList<string> Paths { get; init; }

    public required bool Recursive { get; init; }

    public required ReportFormat Format { get; init; }

    public required string? OutputFile { get; init; }

    public required string? DrawFolder { get; init; }

    public required ModelSettings Models { get; init; }

    public required bool Timings { get; init; }

    /// <summary>Times that each picture is analysed; where more than one, the first is warm-up.</summary>
    public required int Repeat { get; init; }
}

/// <summary>Which models analyse, and how; checked.</summary>
internal sealed record ModelSettings
{
    public required string? Detector { get; init; }

    public required IReadOnlyList<string> Classifiers { get; init; }

    public required DetectorSize DetectorSize { get; init; }

    public required float? MinScore { get; init; }

    public required int MaxFaces { get; init; }

    public required int Threads { get; init; }
}
