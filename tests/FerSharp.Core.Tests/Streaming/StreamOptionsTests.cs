using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FerSharp.Diagnostics;
using FerSharp.Testing;

namespace FerSharp.Core.Tests.Streaming;

public sealed class StreamOptionsTests
{
    [Fact]
    public async Task AnalyzeAsync_BadArguments_AreRefusedAtOnceWithAllFaults()
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource source = StreamFixture.Source(1);
        Assert.Throws<ArgumentNullException>(() => fixture.Analyzer.AnalyzeAsync(null!));
        var options = new StreamOptions { WhenBehind = (WhenBehind)9, Capacity = 0, Parallelism = 65, MaxFaces = 0, DetectEvery = 1001 };
        string message = Assert.Throws<ArgumentException>(() => fixture.Analyzer.AnalyzeAsync(source, options)).Message;
        foreach (string name in new[] { "WhenBehind", "Capacity", "Parallelism", "MaxFaces", "DetectEvery" })
        {
            Assert.Contains($"StreamOptions.{name}", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnalyzeAsync_SourceReadBeforeOrDisposed_IsItsException()
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource read = StreamFixture.Source(3);
        IAsyncEnumerable<StreamResult> stream = fixture.Analyzer.AnalyzeAsync(read);
        await StreamFixture.ReadAsync(stream);
        await Assert.ThrowsAsync<InvalidOperationException>(() => StreamFixture.ReadAsync(stream));
        FakeFrameSource disposed = StreamFixture.Source(3);
        await disposed.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(disposed)));
    }

    [Fact]
    public async Task AnalyzeAsync_OptionsChangedLater_HaveNoEffect()
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource source = StreamFixture.Source(3);
        var options = new StreamOptions { MaxFaces = 2 };
        IAsyncEnumerable<StreamResult> stream = fixture.Analyzer.AnalyzeAsync(source, options);
        options.MaxFaces = 1;
        Assert.All(await StreamFixture.ReadAsync(stream), result => Assert.Equal(2, result.Analysis.Faces.Count));
    }

    [Fact]
    public async Task AnalyzeAsync_CancelledBefore_ReadsNothing()
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource source = StreamFixture.Source(3);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source, null, new CancellationToken(true))));
        Assert.Equal(0, source.Delivered);
    }

    [Fact]
    public async Task AnalyzeAsync_Listener_GetsCountsAndStages()
    {
        // Other tests' streams may run at the same time and are counted too: hence "at least".
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == FerSharpDiagnostics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => counts.AddOrUpdate((string)tags[0].Value!, 1, (_, sum) => sum + 1));
        listener.Start();
        using var fixture = new StreamFixture();
        await using FakeFrameSource source = StreamFixture.Source(40);
        await StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source));
        foreach (string name in new[] { FerSharpDiagnostics.FramesReadName, FerSharpDiagnostics.FramesAnalyzedName, FerSharpDiagnostics.StreamRead, FerSharpDiagnostics.StreamWait, FerSharpDiagnostics.StreamAnalyze })
        {
            Assert.True(counts.GetValueOrDefault(name) >= 40, $"{name}: {counts.GetValueOrDefault(name)}");
        }
    }
}
