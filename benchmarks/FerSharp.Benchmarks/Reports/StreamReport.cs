using System.Diagnostics;
using FerSharp.Benchmarks.Streaming;

namespace FerSharp.Benchmarks.Reports;

/// <summary>Several streams on one analyzer, each as fast as it gets results: frames per second in all, latency, and whether each stream gets its share.</summary>
internal static class StreamReport
{
    private static readonly int[] StreamCounts = [1, 2, 4, 8, 16];

    /// <summary>Measures 1 to 16 streams with the embedded models, small detector, and prints a row for each.</summary>
    /// <param name="output">Takes the table.</param>
    /// <param name="duration">How long each row is measured.</param>
    public static void Print(TextWriter output, TimeSpan duration)
    {
        using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer(detectorSize: DetectorSize.Small);
        FrameView scene = Scenes.Faces(640, 480, 1);
        Scenes.Find(analyzer.Detector, scene, 1);
        output.WriteLine(FormattableString.Invariant($"640x480, 1 face, detector {DetectorSize.Small}, {Environment.ProcessorCount} processors, {duration.TotalSeconds:0.#} s a row; one frame of each stream may wait"));
        output.WriteLine("latency: from a frame's arrival to its result, of all streams, and the 99th percentile of the slowest; fair: frames of the slowest stream / of the fastest");
        output.WriteLine($"{"streams",7}{"frames/s",10}{"p50 ms",9}{"p95 ms",9}{"p99 ms",9}{"worst p99",11}{"fair",7}");
        foreach (int streams in StreamCounts)
        {
            Measure(analyzer, scene, streams, duration / 5);
            StreamLoad load = Measure(analyzer, scene, streams, duration);
            output.WriteLine(FormattableString.Invariant(
                $"{streams,7}{load.FramesPerSecond,10:0.0}{load.Latency(50),9:0.0}{load.Latency(95),9:0.0}{load.Latency(99),9:0.0}{load.WorstLatency(99),11:0.0}{load.Fairness,7:0.00}"));
        }
    }

    /// <summary>Runs streams side by side for a while.</summary>
    /// <param name="analyzer">What they share.</param>
    /// <param name="scene">The picture of all their frames.</param>
    /// <param name="streams">How many.</param>
    /// <param name="duration">For how long; frames that come later do not count.</param>
    public static StreamLoad Measure(EmotionAnalyzer analyzer, FrameView scene, int streams, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        Task<double[]>[] runs = [.. Enumerable.Range(0, streams).Select(_ => Task.Run(() => FollowAsync(analyzer, scene, start, duration)))];
        return new StreamLoad(duration, Task.WhenAll(runs).GetAwaiter().GetResult());
    }

    private static async Task<double[]> FollowAsync(EmotionAnalyzer analyzer, FrameView scene, long start, TimeSpan duration)
    {
        var latencies = new List<double>();
        await foreach (StreamResult result in analyzer.AnalyzeAsync(new RepeatedSource(scene), new StreamOptions { Capacity = 1 }).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(start) >= duration)
            {
                break;
            }

            latencies.Add(result.Age.TotalMilliseconds);
        }

        return [.. latencies.Order()];
    }
}

/// <summary>What streams got in a while.</summary>
/// <param name="Duration">How long they ran.</param>
/// <param name="Latencies">For each stream the milliseconds of each of its frames, rising.</param>
internal sealed record StreamLoad(TimeSpan Duration, IReadOnlyList<double[]> Latencies)
{
    /// <summary>Frames per second of all streams together.</summary>
    public double FramesPerSecond => Latencies.Sum(stream => stream.Length) / Duration.TotalSeconds;

    /// <summary>Frames of the slowest stream divided by those of the fastest: 1 is fair, 0 means that one got nothing.</summary>
    public double Fairness => (double)Latencies.Min(stream => stream.Length) / Math.Max(1, Latencies.Max(stream => stream.Length));

    /// <summary>A percentile over the frames of all streams, in milliseconds; NaN where there are none.</summary>
    public double Latency(int percent) => Percentile([.. Latencies.SelectMany(stream => stream).Order()], percent);

    /// <summary>The percentile of the stream for which it is highest.</summary>
    public double WorstLatency(int percent) => Latencies.Max(stream => Percentile(stream, percent));

    // Nearest rank.
    private static double Percentile(double[] sorted, int percent) => sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
}
