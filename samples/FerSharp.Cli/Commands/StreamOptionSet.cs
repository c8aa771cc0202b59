using System.CommandLine;
using FerSharp.Cli.Streaming;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary>What <c>video</c> and <c>live</c> have in common.</summary>
internal sealed class StreamOptionSet
{
    private readonly ModelOptions _models = new("frame");

    private readonly Option<int?> _detectEvery = Number<int>(
        "--detect-every", "N", "Look for faces on every Nth frame and follow them between. Default: 1.", n => n is >= 1 and <= 1000, "from 1 to 1000");

    private readonly Option<string[]> _timelines = new("--timeline")
    {
        Description = $"Write the history to this file, by its ending: {string.Join(", ", TimelineFiles.Extensions)}. Repeatable.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _lines = Text("--jsonl", "FILE", "Write a line of JSON for each frame, track and expression to this file; - is standard output.");
    private readonly Option<bool> _timings = new("--timings") { Description = "Write to standard error how long each stage took." };

    public void AddTo(Command command)
    {
        command.Add(_timelines);
        command.Add(_lines);
        command.Add(_detectEvery);
        _models.AddTo(command);
        command.Add(_timings);
        command.Validators.Add(result =>
        {
            foreach (string file in result.GetResult(_timelines)?.Tokens.Select(token => token.Value) ?? [])
            {
                if (!TimelineFiles.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                {
                    result.AddError($"--timeline: the name must end in one of {string.Join(", ", TimelineFiles.Extensions)}.");
                }
            }
        });
    }

    /// <summary>The settings that the options give.</summary>
    /// <exception cref="CliException">Two outputs are the same file.</exception>
    public StreamSettings Read(ParseResult result, string source, string? videoFile, bool isLive, bool hasConsent)
    {
        var settings = new StreamSettings
        {
            Source = source,
            IsLive = isLive,
            HasConsent = hasConsent,
            Models = _models.Read(result),
            DetectEvery = result.GetValue(_detectEvery) ?? 1,
            VideoFile = videoFile,
            TimelineFiles = result.GetValue(_timelines) ?? [],
            LinesFile = result.GetValue(_lines),
            Timings = result.GetValue(_timings),
        };
        string[] files = [.. settings.TimelineFiles, .. new[] { videoFile, settings.LinesToOutput ? null : settings.LinesFile }.OfType<string>()];
        return files.Select(Path.GetFullPath).GroupBy(file => file, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new CliException(ExitCode.Usage, $"'{Path.GetFileName(twice.Key)}' is asked for twice; give each output a file of its own.")
            : settings;
    }
}
