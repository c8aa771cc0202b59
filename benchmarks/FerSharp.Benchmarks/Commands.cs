using System.Globalization;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FerSharp.Benchmarks.History;
using FerSharp.Benchmarks.Reports;

namespace FerSharp.Benchmarks;

/// <summary>What the program does: its own verbs, and BenchmarkDotNet for all else.</summary>
internal static class Commands
{
    /// <summary>Exit code: done, and nothing got worse.</summary>
    public const int Good = 0;

    /// <summary>Exit code: a gate was not passed, or a benchmark failed.</summary>
    public const int Worse = 1;

    /// <summary>Exit code: wrong usage, or a file that cannot be used.</summary>
    public const int Unusable = 2;

    private const string Help = """
        stages                       where the time of a frame goes
        streams [SECONDS]            1 to 16 streams on shared models: frames per second, latency, fairness
        startup [COMMAND ...]        time to the first result of a cold process: this program, or a command
        allocations                  bytes per frame, end to end; exit code 1 unless all are 0
        compare BASELINE RESULTS     what got worse; exit code 1 where more bytes are allocated
        baseline NAME RESULTS        keeps results as benchmarks/baselines/NAME.json
        --filter '*'                 benchmarks, with BenchmarkDotNet's own options; results go to BenchmarkDotNet.Artifacts/results

        RESULTS is that folder, or one of its *-figures.json.
        """;

    /// <summary>Runs a verb.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Takes reports.</param>
    /// <param name="error">Takes faults.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            return args switch
            {
                ["help"] => Print(output, Help, Good),
                ["stages"] => Done(() => StageReport.Print(output)),
                ["streams"] => Done(() => StreamReport.Print(output, TimeSpan.FromSeconds(5))),
                ["streams", var seconds] when double.TryParse(seconds, CultureInfo.InvariantCulture, out double value) && value is > 0 and <= 3600
                    => Done(() => StreamReport.Print(output, TimeSpan.FromSeconds(value))),
                ["startup", .. string[] command] => Done(() => StartupReport.Print(output, command)),
                [StartupReport.ChildVerb, var start] when long.TryParse(start, CultureInfo.InvariantCulture, out long value) => Done(() => StartupReport.RunChild(output, value)),
                ["allocations"] => AllocationGate.Print(output) ? Good : Worse,
                ["compare", var baseline, var results] => FigureComparison.Of(BenchmarkFigures.Load(baseline), BenchmarkFigures.Load(results)).Print(output) ? Good : Worse,
                ["baseline", var name, var results] => Print(output, $"kept as {BenchmarkFigures.Load(results).Keep(name)}", Good),
                ["stages" or "streams" or "allocations" or "compare" or "baseline" or StartupReport.ChildVerb, ..] => Print(error, $"These arguments do not fit '{args[0]}'.\n\n{Help}", Unusable),
                _ => RunBenchmarks(args),
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine(e.Message);
            return Unusable;
        }
    }

    // A method of its own, so that the other verbs do not load BenchmarkDotNet: startup times this program.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RunBenchmarks(string[] args)
    {
        IEnumerable<Summary> summaries = BenchmarkSwitcher.FromAssembly(typeof(Commands).Assembly).Run(args, Config.Create());
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? Worse : Good;
    }

    private static int Done(Action report)
    {
        report();
        return Good;
    }

    private static int Print(TextWriter writer, string text, int code)
    {
        writer.WriteLine(text);
        return code;
    }
}
