using System.Diagnostics;
using System.Globalization;
using FerSharp.Media;

namespace FerSharp.Benchmarks.Reports;

/// <summary>How long a cold process takes to its first result: runtime, models, first picture. Each run is a process of its own; files are in the system's cache.</summary>
internal static class StartupReport
{
    /// <summary>The verb of the process that is timed.</summary>
    public const string ChildVerb = "first-result";

    private const int Runs = 9;

    /// <summary>Times this program, or a command, several times and prints medians.</summary>
    /// <param name="output">Takes the table.</param>
    /// <param name="command">A program and its arguments, timed to its end; empty times this program.</param>
    /// <exception cref="ArgumentException">The command cannot be started, or fails.</exception>
    public static void Print(TextWriter output, IReadOnlyList<string> command)
    {
        if (command.Count > 0)
        {
            double[] whole = [.. Enumerable.Range(0, Runs).Select(_ => Time(command[0], command.Skip(1)).Milliseconds)];
            output.WriteLine(FormattableString.Invariant($"{Path.GetFileName(command[0])}: {Median(whole):0} ms to its end, median of {Runs} processes ({whole.Min():0} to {whole.Max():0})"));
            return;
        }

        Startup[] runs = [.. Enumerable.Range(0, Runs).Select(_ => MeasureChild())];
        output.WriteLine($"{"ms since the process was started",-36}{"median",8}{"least",8}{"most",8}");
        Row("Main runs", run => run.Main);
        Row("models are loaded, large detector", run => run.Models);
        Row("first picture is read", run => run.Result);

        void Row(string name, Func<Startup, double> of)
        {
            double[] values = [.. runs.Select(of)];
            output.WriteLine(FormattableString.Invariant($"{name,-36}{Median(values),8:0}{values.Min(),8:0}{values.Max(),8:0}"));
        }
    }

    /// <summary>Starts this program anew and reads its times.</summary>
    public static Startup MeasureChild()
    {
        string assembly = typeof(StartupReport).Assembly.Location, program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        string[] verb = [ChildVerb, Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture)];

        // A build may come without a program of its own; then the runtime's host starts the assembly.
        (_, string output) = File.Exists(program) ? Time(program, verb) : Time("dotnet", [assembly, .. verb]);
        string[] times = output.Split(' ', StringSplitOptions.TrimEntries);
        double At(int i) => double.Parse(times[i], CultureInfo.InvariantCulture);
        return new Startup(At(0), At(1), At(2));
    }

    /// <summary>What the timed process does: it prints when it came to <c>Main</c>, had its models, and had its result.</summary>
    /// <param name="output">Takes three numbers, in milliseconds.</param>
    /// <param name="start">The parent's timestamp; <see cref="Stopwatch"/> counts alike in all processes of a machine.</param>
    public static void RunChild(TextWriter output, long start)
    {
        double Now() => Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        double main = Now();
        using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer();
        double models = Now();
        using Stream picture = typeof(StartupReport).Assembly.GetManifestResourceStream("average-faces.png")!;
        using Frame frame = ImageFile.Load(picture);
        analyzer.Analyze(frame.View);
        output.WriteLine(FormattableString.Invariant($"{main:0.0} {models:0.0} {Now():0.0}"));
    }

    private static (double Milliseconds, string Output) Time(string program, IEnumerable<string> arguments)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? (Stopwatch.GetElapsedTime(start).TotalMilliseconds, output)
                : throw new ArgumentException($"'{program}' ended with exit code {process.ExitCode}; run it by hand to see why.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ArgumentException($"'{program}' cannot be started: {e.Message}", e);
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}

/// <summary>Milliseconds from a process's start to its steps.</summary>
/// <param name="Main">To <c>Main</c>.</param>
/// <param name="Models">To loaded models.</param>
/// <param name="Result">To the first result.</param>
internal readonly record struct Startup(double Main, double Models, double Result);
