using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FerSharp.Cli.Training;

/// <summary>
/// The commands of <c>fersharp-train</c>, a program of its own: it brings libtorch, half a gigabyte that nobody needs who only analyses pictures.
/// It is looked for beside this program and then on the path, and gets arguments and streams as they are.
/// </summary>
internal static class TrainingProgram
{
    private const string Name = "fersharp-train";

    private static readonly (string Verb, string Description)[] Verbs =
    [
        ("train", "Trains an expression classifier by a recipe."),
        ("export", "Makes a model of trained weights: an ONNX file and its manifests."),
        ("teach", "Asks classifiers for soft labels, which a student learns from."),
        ("preview", "Draws what training sees of pictures."),
        ("train-detector", "Trains a face detector by a recipe."),
        ("export-detector", "Makes a model of a trained face detector."),
        ("preview-detector", "Draws composed pictures as a detector's training sees them."),
    ];

    /// <summary>The commands as help lists them.</summary>
    public static IEnumerable<Command> Commands => Verbs.Select(verb => new Command(verb.Verb, $"{verb.Description} Needs {Name}."));

    /// <summary>Whether the arguments are for the other program.</summary>
    public static bool Handles(IReadOnlyList<string> args) => args is [var first, ..] && Verbs.Any(verb => verb.Verb == first);

    /// <summary>Runs the other program to its end; returns its exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken)
    {
        if (Find() is not { } path)
        {
            terminal.Note($"error: '{args[0]}' needs the program {Name}, which is neither beside fersharp nor on the path. Make it from the repository: dotnet publish samples/FerSharp.Train -c Release -o FOLDER, and add FOLDER to the path.");
            return ExitCode.ModelOrRuntime;
        }

        // Ctrl+C reaches the other program too, which ends by itself.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(path, args) { UseShellExecute = false }) ?? throw new Win32Exception();
            try
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                return process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                // A run loses its running epoch, no more.
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
                return ExitCode.Cancelled;
            }
        }
        catch (Win32Exception e)
        {
            terminal.Note($"error: '{path}' does not start: {e.Message}");
            return ExitCode.ModelOrRuntime;
        }
    }

    private static string? Find()
    {
        string file = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Prepend(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
