using System.CommandLine;
using FerSharp.Cli.Streaming;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp live</c>: its options, and what they may be.</summary>
internal static class LiveCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> source = PathArgument("SOURCE", "camera, camera:NAME or /dev/videoN; an address such as rtsp://...; or a video, which plays at its own speed.");
        var consent = new Option<bool>("--consent") { Description = "The people in front of the camera know what is done, and have agreed. Needed for cameras and addresses." };
        var options = new StreamOptionSet();
        var command = new Command("live", "Shows the expressions of the faces in front of a camera as they are, in the terminal. Ctrl+C ends it. Nothing is stored unless you name a file.") { source, consent };
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () => new StreamRun(options.Read(result, result.GetRequiredValue(source), videoFile: null, isLive: true, result.GetValue(consent)), terminal).Run(cancellationToken), cancellationToken));
        return command;
    }
}
