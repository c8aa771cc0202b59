using BenchmarkDotNet.Attributes;

namespace FerSharp.Benchmarks.Tracking;

/// <summary>Following faces from frame to frame and steadying their readings: what does it cost beyond the plainest way, matching by overlap?</summary>
public class TrackingBenchmarks
{
    private const int Frames = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1 / 30.0);

    private readonly FaceTracker _tracker = new(), _smoothedTracker = new();
    private readonly EmotionSmoother _smoother = new();
    private readonly EmotionScores _scores = new([0.1f, 0.6f, 0.1f, 0.05f, 0.05f, 0.05f, 0.03f, 0.02f]);
    private FaceDetection[][] _frames = [];
    private FaceDetection[] _before = [];
    private int[] _ids = [];
    private int _overlapFrame, _trackFrame, _smoothFrame;

    /// <summary>Faces in each frame.</summary>
    [Params(1, 4, 16)]
    public int Faces { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        // Faces that swing a little around their places, so that a benchmark may go round for ever.
        _frames = [.. Enumerable.Range(0, Frames).Select(frame => Enumerable.Range(0, Faces).Select(face =>
        {
            float angle = (MathF.Tau * frame / Frames) + face;
            return new FaceDetection(new RectF((200 * face) + (10 * MathF.Cos(angle)), 100 + (10 * MathF.Sin(angle)), 120, 150), 0.9f);
        }).ToArray())];
        _before = _frames[^1];
        _ids = new int[Faces];
    }

    /// <summary>Each face takes the place of the earlier one that it overlaps most.</summary>
    [Benchmark(Baseline = true)]
    public int MatchByOverlap()
    {
        FaceDetection[] now = _frames[_overlapFrame++ % Frames];
        for (int i = 0; i < now.Length; i++)
        {
            float most = 0;
            for (int k = 0; k < _before.Length; k++)
            {
                float overlap = now[i].Box.IntersectionOverUnion(_before[k].Box);
                (_ids[i], most) = overlap > most ? (k, overlap) : (_ids[i], most);
            }
        }

        _before = now;
        return _ids[0];
    }

    [Benchmark]
    public int Track()
    {
        int frame = _trackFrame++;
        _tracker.Update(frame * Interval, _frames[frame % Frames], _ids);
        return _ids[0];
    }

    [Benchmark]
    public int TrackAndSmooth()
    {
        int frame = _smoothFrame++;
        _smoothedTracker.Update(frame * Interval, _frames[frame % Frames], _ids);
        foreach (int id in _ids)
        {
            if (id > 0)
            {
                _smoother.Update(id, frame * Interval, _scores);
            }
        }

        return _ids[0];
    }
}
