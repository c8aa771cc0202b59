namespace FerSharp.Benchmarks.History;

/// <summary>What got worse between a baseline and a run. Bytes are hard, for they are the same on every machine; ratios are soft, for they hang on noise and on the machine.</summary>
/// <remarks>Immutable. A run may leave benchmarks out; they are named as vanished and fail nothing.</remarks>
internal sealed class FigureComparison
{
    /// <summary>By how much a ratio may rise before it is named.</summary>
    public const double RatioTolerance = 0.15;

    // Calls that allocate at all may differ by rounding and by what the thread pool does. Nothing stays nothing.
    private const double ByteTolerance = 0.01;

    private FigureComparison()
    {
    }

    /// <summary>Benchmarks that are in both.</summary>
    public int Compared { get; private init; }

    /// <summary>Benchmarks that allocate more: each fails the comparison.</summary>
    public IReadOnlyList<string> MoreBytes { get; private init; } = [];

    /// <summary>Benchmarks whose ratio rose by more than <see cref="RatioTolerance"/>.</summary>
    public IReadOnlyList<string> Slower { get; private init; } = [];

    /// <summary>Benchmarks that the baseline does not have.</summary>
    public IReadOnlyList<string> New { get; private init; } = [];

    /// <summary>Benchmarks that the run does not have.</summary>
    public IReadOnlyList<string> Vanished { get; private init; } = [];

    /// <summary>Compares.</summary>
    /// <param name="baseline">What was kept.</param>
    /// <param name="results">What was measured.</param>
    /// <exception cref="InvalidDataException">They have no benchmark in common, so that nothing would be compared.</exception>
    public static FigureComparison Of(BenchmarkFigures baseline, BenchmarkFigures results)
    {
        Dictionary<(string, string), BenchmarkFigure> before = baseline.Benchmarks.ToDictionary(Key);
        (BenchmarkFigure Old, BenchmarkFigure New)[] pairs = [.. results.Benchmarks.Where(now => before.ContainsKey(Key(now))).Select(now => (before[Key(now)], now))];
        if (pairs.Length == 0)
        {
            throw new InvalidDataException($"The baseline's {baseline.Benchmarks.Count} benchmarks and the run's {results.Benchmarks.Count} have none in common: nothing was compared.");
        }

        HashSet<(string, string)> now = [.. results.Benchmarks.Select(Key)];
        return new FigureComparison
        {
            Compared = pairs.Length,
            MoreBytes = [.. pairs.Where(pair => AllocatesMore(pair.Old, pair.New)).Select(pair => $"{pair.New}: {pair.Old.Bytes} to {(pair.New.Bytes is { } bytes ? $"{bytes}" : "unknown")} bytes")],
            Slower = [.. pairs.Where(pair => pair.New.Ratio > pair.Old.Ratio * (1 + RatioTolerance)).Select(pair => FormattableString.Invariant($"{pair.New}: ratio {pair.Old.Ratio:0.###} to {pair.New.Ratio:0.###}"))],
            New = [.. results.Benchmarks.Where(figure => !before.ContainsKey(Key(figure))).Select(figure => $"{figure}")],
            Vanished = [.. baseline.Benchmarks.Where(figure => !now.Contains(Key(figure))).Select(figure => $"{figure}")],
        };
    }

    /// <summary>Prints what differs.</summary>
    /// <param name="output">Takes the lines.</param>
    /// <returns>Whether no benchmark allocates more.</returns>
    public bool Print(TextWriter output)
    {
        void List(string title, IReadOnlyList<string> lines)
        {
            foreach (string line in lines)
            {
                output.WriteLine($"{title,-12}{line}");
            }
        }

        List("MORE BYTES", MoreBytes);
        List("slower", Slower);
        List("new", New);
        List("vanished", Vanished);
        output.WriteLine(FormattableString.Invariant($"{Compared} compared: {MoreBytes.Count} allocate more, {Slower.Count} slower by more than {RatioTolerance:0 %} against their baseline; {New.Count} new, {Vanished.Count} vanished"));
        return MoreBytes.Count == 0;
    }

    // What is no longer measured is not known to be as good.
    private static bool AllocatesMore(BenchmarkFigure old, BenchmarkFigure now) => old.Bytes is { } bytes && (now.Bytes is not { } count || count > bytes * (1 + ByteTolerance));

    private static (string Method, string Parameters) Key(BenchmarkFigure figure) => (figure.Method, figure.Parameters);
}
