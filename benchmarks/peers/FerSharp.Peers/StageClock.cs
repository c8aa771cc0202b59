namespace FerSharp.Peers;

/// <summary>Times of the stages of a pipeline. Switched off it costs one comparison a stage.</summary>
internal sealed class StageClock
{
    private readonly Dictionary<string, List<double>> _stages = [];
    private double _last;

    public bool Enabled { get; set; }

    public void Start()
    {
        if (Enabled)
        {
            _last = PeerClock.Microseconds();
        }
    }

    /// <summary>Counts the time since the last call to a stage.</summary>
    public void End(string stage)
    {
        if (Enabled)
        {
            Add(stage, PeerClock.Microseconds() - _last);
            _last = PeerClock.Microseconds();
        }
    }

    public void Add(string stage, double microseconds)
    {
        if (!_stages.TryGetValue(stage, out List<double>? times))
        {
            _stages[stage] = times = [];
        }

        times.Add(microseconds);
    }

    /// <summary>Medians in microseconds; what was counted is forgotten.</summary>
    public Dictionary<string, double> Take()
    {
        var medians = _stages.ToDictionary(stage => stage.Key, stage => Statistics.Median(stage.Value));
        _stages.Clear();
        return medians;
    }
}

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
