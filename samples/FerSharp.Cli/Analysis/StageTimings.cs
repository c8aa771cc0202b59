using System.Diagnostics;
using System.Diagnostics.Metrics;
using FerSharp.Cli.Output;
using FerSharp.Diagnostics;

namespace FerSharp.Cli.Analysis;

/// <summary>Collects how long stages took: those of FerSharp's meter, and the decoding of files.</summary>
internal sealed class StageTimings : IDisposable
{
    /// <summary>Reading and decoding a picture's file.</summary>
    public const string Decode = "decode";

    private static readonly string[] Order =
    [
        Decode, FerSharpDiagnostics.DetectPreprocess, FerSharpDiagnostics.DetectRun, FerSharpDiagnostics.DetectDecode,
        FerSharpDiagnostics.ClassifyPreprocess, FerSharpDiagnostics.ClassifyRun, FerSharpDiagnostics.ClassifyDecode, FerSharpDiagnostics.Quality,
    ];

    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, List<double>> _milliseconds = [];

    public StageTimings()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == FerSharpDiagnostics.MeterName && instrument.Name == FerSharpDiagnostics.StageDurationName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                // A stream's own stages are waits, or sums of the others.
                if (tag is { Key: FerSharpDiagnostics.StageTag, Value: string stage } && !stage.StartsWith("stream.", StringComparison.Ordinal))
                {
                    Add(stage, seconds * 1000);
                }
            }
        });
        _listener.Start();
    }

    /// <summary>Whether measurements count; false during warm-up.</summary>
    public bool IsRecording { get; set; } = true;

    /// <summary>Counts the time since a timestamp of <see cref="Stopwatch"/> as the decoding of a file.</summary>
    public void AddDecode(long start) => Add(Decode, Stopwatch.GetElapsedTime(start).TotalMilliseconds);

    /// <summary>The stages in the order in which they run.</summary>
    public IReadOnlyList<StageReport> Summarize()
    {
        lock (_milliseconds)
        {
            double total = _milliseconds.Values.Sum(values => values.Sum());
            return
            [
                .. _milliseconds
                    .OrderBy(stage => (uint)Array.IndexOf(Order, stage.Key)).ThenBy(stage => stage.Key, StringComparer.Ordinal)
                    .Select(stage => Summarize(stage.Key, [.. stage.Value.Order()], total)),
            ];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static StageReport Summarize(string stage, double[] sorted, double total) =>
        new(stage, sorted.Length, sorted.Average(), Percentile(sorted, 0.5), Percentile(sorted, 0.95), total > 0 ? 100 * sorted.Sum() / total : 0);

    /// <summary>The nearest-rank percentile: the smallest value that at least this share of the values does not exceed.</summary>
    private static double Percentile(double[] sorted, double share) => sorted[Math.Max((int)Math.Ceiling(share * sorted.Length) - 1, 0)];

    private void Add(string stage, double milliseconds)
    {
        if (!IsRecording)
        {
            return;
        }

        lock (_milliseconds)
        {
            if (!_milliseconds.TryGetValue(stage, out List<double>? values))
            {
                _milliseconds.Add(stage, values = []);
            }

            values.Add(milliseconds);
        }
    }
}
