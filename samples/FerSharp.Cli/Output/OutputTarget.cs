using System.Text;
using FerSharp.Cli.Analysis;

namespace FerSharp.Cli.Output;

/// <summary>Where results go: standard output, or a file of the user's.</summary>
internal sealed class OutputTarget : IDisposable
{
    private readonly bool _ownsWriter;

    private OutputTarget(TextWriter writer, bool ownsWriter)
    {
        Writer = writer;
        _ownsWriter = ownsWriter;
    }

    public TextWriter Writer { get; }

    /// <param name="file">The file, replaced where it exists; null for standard output.</param>
    /// <param name="terminal">Has the standard output.</param>
    /// <param name="inputs">Files that must not be written over.</param>
    /// <param name="option">The option that names the file.</param>
    /// <exception cref="CliException">The file is an input, or cannot be written.</exception>
    public static OutputTarget Open(string? file, Terminal terminal, IEnumerable<string> inputs, string option = "--out")
    {
        if (file is null)
        {
            return new OutputTarget(terminal.Output, ownsWriter: false);
        }

        RefuseInputs(file, inputs, option);
        try
        {
            return new OutputTarget(new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), ownsWriter: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(ExitCode.Usage, $"{option}: '{file}' cannot be written: {e.Message}");
        }
    }

    /// <summary>Checks that writing a file would destroy no input.</summary>
    /// <exception cref="CliException">The file is an input.</exception>
    public static void RefuseInputs(string file, IEnumerable<string> inputs, string option)
    {
        string real = RealPath.Of(file);
        if (inputs.Any(input => string.Equals(RealPath.Of(input), real, StringComparison.OrdinalIgnoreCase)))
        {
            throw new CliException(ExitCode.Usage, $"{option}: '{file}' is an input; it would be lost.");
        }
    }

    public void Dispose()
    {
        if (_ownsWriter)
        {
            Writer.Dispose();
        }
    }
}
