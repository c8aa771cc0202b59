using BenchmarkDotNet.Attributes;
using FerSharp.Testing;

namespace FerSharp.Benchmarks.Streaming;

/// <summary>A frame's way through a stream with models that cost nothing: what do queue, threads, tracking and smoothing cost beyond a plain loop?</summary>
public class StreamBenchmarks
{
    private const int Frames = 256;

    private readonly FaceEmotion[] _results = new FaceEmotion[8];
    private readonly EmotionAnalyzer _analyzer = new(
        new FakeFaceDetector(new FaceDetection(new RectF(8, 8, 48, 48), 0.9f)),
        new FakeEmotionClassifier(new EmotionScores([0.1f, 0.9f, 0, 0, 0, 0, 0, 0])),
        ownsModels: true);

    private FrameView _picture;

    [GlobalSetup]
    public void Setup() => _picture = Scenes.Faces(64, 64, 1);

    [GlobalCleanup]
    public void Cleanup() => _analyzer.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Frames)]
    public async Task<int> Loop()
    {
        int faces = 0;
        await foreach (Frame frame in new RepeatedSource(_picture, Frames).ReadFramesAsync())
        {
            using (frame)
            {
                faces += _analyzer.Analyze(frame.View, _results);
            }
        }

        return faces;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public async Task<int> Stream()
    {
        int faces = 0;
        await foreach (StreamResult result in _analyzer.AnalyzeAsync(new RepeatedSource(_picture, Frames)))
        {
            faces += result.Analysis.Faces.Count;
        }

        return faces;
    }
}
