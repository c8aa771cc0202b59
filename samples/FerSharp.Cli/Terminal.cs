using System.Text;
using Spectre.Console;

namespace FerSharp.Cli;

/// <summary>The two output streams, and what is known of them. Knows how expected errors are shown.</summary>
internal sealed class Terminal
{
    /// <summary>Columns where the real width is not known: files, pipes, tests.</summary>
    private const int DefaultWidth = 80;

    private readonly TextWriter _error;
    private readonly IAnsiConsole _errorConsole;
    private List<string>? _held;

    public Terminal(TextWriter output, TextWriter error)
    {
        Output = output;
        _error = error;
        IsOutputInteractive = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        IsErrorInteractive = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        _errorConsole = CreateConsole(error);
    }

    /// <summary>Standard output: results only.</summary>
    public TextWriter Output { get; }

    public bool IsOutputInteractive { get; }

    public bool IsErrorInteractive { get; }

    /// <summary>A console for tables over a writer: with colours and the real width only where that writer is a terminal.</summary>
    public IAnsiConsole CreateConsole(TextWriter writer)
    {
        bool isTerminal = (ReferenceEquals(writer, Output) && IsOutputInteractive) || (ReferenceEquals(writer, _error) && IsErrorInteractive);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiOfTerminal() : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!isTerminal || console.Profile.Width < 1)
        {
            console.Profile.Width = DefaultWidth;
        }

        return console;
    }

    /// <summary>Writes a line to standard error; while a progress bar is shown, it waits until the bar is gone.</summary>
    public void Note(string message)
    {
        string line = Printable(message);
        if (_held is null)
        {
            _error.WriteLine(line);
        }
        else
        {
            _held.Add(line);
        }
    }

    /// <summary>Writes a table to standard error.</summary>
    public void NoteTable(Table table) => _errorConsole.Write(table);

    /// <summary>Calls back for each item, with a progress bar on standard error where <paramref name="showBar"/> says so.</summary>
    public void ForEach<T>(IReadOnlyList<T> items, bool showBar, Action<T> action) => WithProgress("pictures", items.Count, showBar, progress =>
    {
        for (int i = 0; i < items.Count; i++)
        {
            action(items[i]);
            progress.Report(i + 1);
        }

        return items.Count;
    });

    /// <summary>Does work that says how many of <paramref name="total"/> are done, with a progress bar on standard error where <paramref name="showBar"/> says so.</summary>
    public T WithProgress<T>(string noun, int total, bool showBar, Func<IProgress<int>, T> work)
    {
        if (!showBar)
        {
            return work(new Reporter(_ => { }));
        }

        List<string> held = _held = [];
        try
        {
            return _errorConsole.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context =>
                {
                    ProgressTask task = context.AddTask(noun, maxValue: total);
                    return work(new Reporter(done =>
                    {
                        task.Value = Math.Max(task.Value, done);
                        task.Description = FormattableString.Invariant($"{task.Value:0}/{total} {noun}");
                    }));
                });
        }
        finally
        {
            _held = null;
            held.ForEach(_error.WriteLine);
        }
    }

    /// <summary>Does work that says from time to time how far it is, with one line on standard error where that is a terminal.</summary>
    public async Task<T> WithStatusAsync<T>(string status, bool show, Func<Action<string>, Task<T>> work)
    {
        if (!show || !IsErrorInteractive)
        {
            return await work(_ => { }).ConfigureAwait(false);
        }

        List<string> held = _held = [];
        try
        {
            return await _errorConsole.Status().StartAsync(status, context => work(text => context.Status(Markup.Escape(text)))).ConfigureAwait(false);
        }
        finally
        {
            _held = null;
            held.ForEach(_error.WriteLine);
        }
    }

    /// <summary>Runs a command's work off the calling thread, so that Ctrl+C is heard, and turns expected errors into a line and an exit code.</summary>
    public async Task<int> RunAsync(Func<int> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Note("cancelled");
            return ExitCode.Cancelled;
        }
        catch (CliException e)
        {
            Note($"error: {e.Message}");
            return e.ExitCode;
        }
        catch (Exception e) when (e is FerModelException or FerInferenceException)
        {
            Note($"error: {e.Message}");
            return ExitCode.ModelOrRuntime;
        }
        catch (IOException e)
        {
            // Those of inputs are handled where they occur; what is left is the output: a full disk, say.
            Note($"error: the results could not be written: {e.Message}");
            return ExitCode.SomeFailed;
        }
    }

    /// <summary>Detection looks at standard output alone, which may be a pipe while standard error is a terminal.</summary>
    private static AnsiSupport AnsiOfTerminal() =>
        OperatingSystem.IsWindows() ? AnsiSupport.Detect :
        Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb" ? AnsiSupport.No :
        AnsiSupport.Yes;

    /// <summary>The text without control characters other than line ends: a file's name must not steer the terminal.</summary>
    public static string Printable(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            builder.Append(char.IsControl(c) && c is not '\n' and not '\r' ? '\uFFFD' : c);
        }

        return builder.ToString();
    }

    /// <summary>Calls back at once, on the reporting thread, one report after the other.</summary>
    private sealed class Reporter(Action<int> show) : IProgress<int>
    {
        private readonly Lock _gate = new();

        public void Report(int value)
        {
            lock (_gate)
            {
                show(value);
            }
        }
    }
}
