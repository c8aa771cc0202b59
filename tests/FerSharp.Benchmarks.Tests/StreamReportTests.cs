using FerSharp.Benchmarks.Reports;
using FerSharp.Testing;

namespace FerSharp.Benchmarks.Tests;

public sealed class StreamReportTests
{
    [Fact]
    public void Measure_ThreeStreams_CountsFramesOfEach()
    {
        using var analyzer = new EmotionAnalyzer(new FakeFaceDetector(), new FakeEmotionClassifier(), ownsModels: true);

        StreamLoad load = StreamReport.Measure(analyzer, SyntheticFrames.FaceScene(), streams: 3, TimeSpan.FromMilliseconds(500));

        Assert.Equal(3, load.Latencies.Count);
        Assert.All(load.Latencies, stream => Assert.NotEmpty(stream));
    }

    [Fact]
    public void Figures_OfKnownLatencies_AreTheirs()
    {
        var load = new StreamLoad(TimeSpan.FromSeconds(2), [[1, 2, 3, 4], [10, 20]]);

        Assert.Equal(3, load.FramesPerSecond);
        Assert.Equal(0.5, load.Fairness);
        Assert.Equal(3, load.Latency(50));
        Assert.Equal(20, load.Latency(99));
        Assert.Equal(10, load.WorstLatency(50));
    }

    [Fact]
    public void Figures_OfAStreamThatGotNothing_SayUnfair()
    {
        var load = new StreamLoad(TimeSpan.FromSeconds(1), [[1], []]);

        Assert.Equal(0, load.Fairness);
        Assert.Equal(1, load.Latency(50));
    }
}
