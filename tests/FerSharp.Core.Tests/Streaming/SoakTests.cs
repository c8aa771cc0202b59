using System.Diagnostics;
using FerSharp.Testing;
using static FerSharp.Core.Tests.Tracking.Readings;

namespace FerSharp.Core.Tests.Streaming;

/// <summary>Long streams, as fast as they go. Alone, because memory is the process's.</summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
[Collection(nameof(SoakTests))]
public sealed class SoakTests
{
    [Fact]
    public async Task Session_HalfAnHourOfFrames_KeepsMemoryFlat()
    {
        // Thirty frames a second. Every minute the face is sad for 45 seconds; every ten it is gone for five.
        const int Count = 54_000, Warm = 12_000;
        EmotionScores sad = Of(Emotion.Sadness), calm = Of(Emotion.Neutral);
        static int Second(in FrameView frame) => BitConverter.ToInt32(frame.Pixels.Span) / 30;
        using var detector = new FakeFaceDetector((in FrameView frame, Span<FaceDetection> destination) =>
        {
            destination[0] = new FaceDetection(new RectF(2, 1, 12, 6), 0.9f);
            return Second(frame) % 600 < 595 ? 1 : 0;
        });
        using var classifier = new FakeEmotionClassifier((in FaceRegion face) => Second(face.Frame) % 60 < 45 ? sad : calm);
        using var analyzer = new EmotionAnalyzer(detector, classifier, new EmotionAnalyzerOptions { MinFaceSize = 0, MinBrightness = 0, MinSharpness = 0 });
        using var session = new EmotionSession(analyzer, new EmotionSessionOptions { Stream = new StreamOptions { DetectEvery = 3, Parallelism = 4, Capacity = 64 } });
        int alerts = 0, tracks = 0, count = 0;
        session.Monitor.Alerted += (_, _) => alerts++;
        await using var source = new FakeFrameSource(Count, Picture) { Info = new FrameSourceInfo("soak", IsLive: false, FramesPerSecond: 30) };
        (long Managed, long Private) early = default, late = default;
        await foreach (StreamResult result in session.AnalyzeAsync(source))
        {
            count++;
            tracks += result.TrackEvents.Count(change => change.Phase == FaceTrackPhase.Started);
            if (count is Warm or Count)
            {
                (early, late) = (late, Measure());
            }
        }

        Assert.Equal((Count, 0), (count, source.Outstanding));
        Assert.True(late.Managed - early.Managed < 500_000, $"{late.Managed - early.Managed} managed bytes more");
        Assert.True(late.Private - early.Private < 32_000_000, $"{late.Private - early.Private} bytes of the process more");
        Assert.Equal(3, tracks);
        Assert.InRange(alerts, 5, 8);
        Assert.InRange(session.Timeline.Summarize().Covered, Seconds(1770), Seconds(1790));
    }

    private static (long Managed, long Private) Measure()
    {
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        using Process process = Process.GetCurrentProcess();
        return (managed, process.PrivateMemorySize64);
    }

    private static FrameView Picture(int number)
    {
        byte[] pixels = new byte[16 * 8];
        BitConverter.TryWriteBytes(pixels, number);
        return new FrameView(pixels, 16, 8, PixelFormat.Gray8);
    }
}
