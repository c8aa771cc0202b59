using System.CommandLine;
using FerSharp.Cli.Streaming;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp video</c>: its options, and what they may be.</summary>
internal static class VideoCommand
{
    private static readonly string[] Kinds = [".mp4", ".mkv", ".mov", ".webm", ".avi", ".gif"];

    public static Command Create(Terminal terminal)
    {
        Argument<string> input = PathArgument("IN", "A video, an address of one, or a folder of pictures.");
        Option<string?> output = Text("--out", "FILE", $"Write the video with the results drawn on it, by its ending: {string.Join(", ", Kinds)}. Without sound.");
        var options = new StreamOptionSet();
        var command = new Command("video", "Follows the faces of a video and reads their expressions, every frame of it.") { input, output };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(output)?.Tokens is [var file] && !Kinds.Contains(Path.GetExtension(file.Value), StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"--out: the name must end in one of {string.Join(", ", Kinds)}.");
            }
        });
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () => new StreamRun(options.Read(result, result.GetRequiredValue(input), result.GetValue(output), isLive: false, hasConsent: false), terminal).Run(cancellationToken), cancellationToken));
        return command;
    }
}
