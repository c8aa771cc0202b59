using FerSharp.Testing;

namespace FerSharp.Core.Tests.Streaming;

/// <summary>An analyzer of fakes whose detector does as a test says; the first pixel of a frame is its number (modulo 256).</summary>
internal sealed class StreamFixture : IDisposable
{
    /// <summary>When a stream is taken to hang; long, for a machine may be busy.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public StreamFixture(Action<int>? onFrame = null)
    {
        Detector = new FakeFaceDetector((in FrameView frame, Span<FaceDetection> destination) =>
        {
            int number = frame.Pixels.Span[0];
            onFrame?.Invoke(number);
            for (int i = 0; i < 3; i++)
            {
                destination[i] = new FaceDetection(new RectF(i * 4, 0, 4, 4), 0.5f + (i * 0.1f), default);
            }

            return 3;
        });
        Analyzer = new EmotionAnalyzer(Detector, new FakeEmotionClassifier());
    }

    public FakeFaceDetector Detector { get; }

    public EmotionAnalyzer Analyzer { get; }

    public static FakeFrameSource Source(int count, bool live = false, Func<int, CancellationToken, ValueTask>? beforeFrame = null) =>
        new(count, Picture) { Info = new FrameSourceInfo("test", live, FramesPerSecond: 60), BeforeFrame = beforeFrame };

    public static FrameView Picture(int number) => SyntheticFrames.Blank(16, 8, (byte)number, PixelFormat.Gray8);

    /// <summary>Reads a stream to its end, or to where a callback says stop.</summary>
    public static async Task<List<StreamResult>> ReadAsync(IAsyncEnumerable<StreamResult> stream, Func<StreamResult, bool>? go = null)
    {
        var results = new List<StreamResult>();
        await Task.Run(async () =>
        {
            await foreach (StreamResult result in stream)
            {
                results.Add(result);
                if (go is not null && !go(result))
                {
                    break;
                }
            }
        }).WaitAsync(Limit);
        return results;
    }

    public void Dispose() => Analyzer.Dispose();
}
