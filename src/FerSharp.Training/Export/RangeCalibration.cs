namespace FerSharp.Training;

/// <summary>Measures the ranges that an 8-bit graph must cover.</summary>
internal static class RangeCalibration
{
    private const int BatchSize = 16;

    // The rarest values are cut off: one in a hundred thousand stretches the range for all others.
    private const double Outliers = 1e-5;

    public static ValueRange[] Measure(ExpressionNetwork network, TrainingSet set, int pictures, int side, CancellationToken cancellationToken)
    {
        var graph = new ExportGraph("calibration");
        network.Write(graph, graph.Input("input", side));
        IReadOnlyList<string> points = graph.ExposePoints();
        var lows = new List<float>[points.Count];
        var highs = new List<float>[points.Count];
        for (int i = 0; i < points.Count; i++)
        {
            (lows[i], highs[i]) = ([], []);
        }

        using var session = new OnnxGraph("calibration", graph.ToArray());

        // Evenly over the set, so that its order does not matter.
        int count = Math.Min(pictures, set.Count);
        for (int i = 0; i + BatchSize <= Math.Max(count, BatchSize) && i < set.Count; i += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = (int)((long)i * Math.Max(set.Count - BatchSize, 0) / Math.Max(count, 1)), size = Math.Min(BatchSize, set.Count - start);
            float[][] values = session.Run(Predictions.Pixels(set, start, size, side), [size, 1, side, side], points);
            for (int point = 0; point < values.Length; point++)
            {
                Array.Sort(values[point]);
                int cut = (int)(values[point].Length * Outliers);
                lows[point].Add(values[point][cut]);
                highs[point].Add(values[point][^(cut + 1)]);
            }
        }

        return [.. lows.Zip(highs, (low, high) => new ValueRange(low.Min(), high.Max()))];
    }
}
