namespace FerSharp.Tracking;

/// <summary>What a face at rest reads as, learnt over the first seconds of a track, and the correction that follows from it.</summary>
internal sealed class NeutralBaseline
{
    /// <summary>What a face at rest reads as after the correction where the model sees expressions in it: 80 % neutral, the rest in equal shares.</summary>
    private const double NeutralShare = 0.8;

    /// <summary>Scores below this count as this, so that one certain reading does not outweigh seconds.</summary>
    private const double LeastScore = 1e-4;

    private readonly double[] _sums = new double[EmotionScores.Count];
    private readonly double[] _factors = new double[EmotionScores.Count];
    private double _seconds, _needed;
    private int _known;

    public bool IsReady => _seconds >= _needed;

    public void Start(double needed)
    {
        (_seconds, _needed, _known) = (0, needed, 0);
        Array.Clear(_sums);
        Array.Fill(_factors, 1);
    }

    /// <param name="scores">A usable reading.</param>
    /// <param name="seconds">The time it stands for.</param>
    /// <returns>Whether the baseline became ready with it.</returns>
    public bool Learn(in EmotionScores scores, double seconds)
    {
        for (int e = 0; e < _sums.Length; e++)
        {
            double score = scores[(Emotion)e];
            _sums[e] += seconds * Math.Log(Math.Max(score, LeastScore));
            _known |= score > 0 ? 1 << e : 0;
        }

        _seconds += seconds;
        if (!IsReady)
        {
            return false;
        }

        int others = Math.Max(1, int.PopCount(_known) - 1);
        double rest = Math.Log((1 - NeutralShare) / (NeutralShare * others));
        for (int e = 1; e < _factors.Length; e++)
        {
            _factors[e] = Math.Exp(-Math.Max(0, ((_sums[e] - _sums[0]) / _seconds) - rest));
        }

        return true;
    }

    public double FactorOf(int emotion) => IsReady ? _factors[emotion] : 1;
}
