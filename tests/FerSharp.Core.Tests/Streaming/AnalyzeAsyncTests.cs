using FerSharp.Testing;

namespace FerSharp.Core.Tests.Streaming;

public sealed class AnalyzeAsyncTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task File_LosesNoFrame_AndResultsAreInOrder(int parallelism)
    {
        // Frames take different times, so that workers overtake each other.
        using var fixture = new StreamFixture(number => Thread.SpinWait(number % 7 * 2000));
        await using FakeFrameSource source = StreamFixture.Source(500);
        List<StreamResult> results = await StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source, new StreamOptions { Parallelism = parallelism }));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), results.Select(result => result.Sequence));
        Assert.Equal(results.Select(result => TimeSpan.FromSeconds(result.Sequence / 60.0)), results.Select(result => result.Timestamp), (a, b) => Math.Abs((a - b).Ticks) < 1000);
        Assert.All(results, result => Assert.Equal((16, 8, 3, 0L), (result.Analysis.Width, result.Analysis.Height, result.Analysis.Faces.Count, result.Counters.Dropped)));
        Assert.Equal(new StreamCounters(500, 0, 500), results[^1].Counters);
        Assert.Equal(0, source.Outstanding);
    }

    [Fact]
    public async Task Live_AtSixtyOnAnAnalyzerOfTen_DropsAndStaysNear()
    {
        // In steps instead of seconds: while one frame is analysed, six arrive; no clock, so that a slow machine gives the same.
        const int Count = 30_000;
        FakeFrameSource? source = null;
        using var advance = new SemaphoreSlim(6);
        var lags = new List<long>();
        int most = 0;
        using var fixture = new StreamFixture(_ =>
        {
            int target = Math.Min(Count, source!.Delivered + 6);
            advance.Release(6);
            SpinWait.SpinUntil(() => source.Delivered >= target, StreamFixture.Limit);
            most = Math.Max(most, source.Outstanding);
        });
        source = StreamFixture.Source(Count, live: true, async (_, token) => await advance.WaitAsync(token));
        await using FakeFrameSource owned = source;
        List<StreamResult> results = await StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source), result =>
        {
            lags.Add(result.Counters.Read - result.Sequence);
            return true;
        });
        StreamCounters last = results[^1].Counters;
        Assert.InRange(results.Count, Count / 14, Count / 3);
        Assert.Equal(Count, last.Read);
        Assert.Equal(last.Analyzed, results.Count);
        Assert.Equal(Count, last.Dropped + last.Analyzed);
        Assert.Equal(results.Select(result => result.Sequence).Order(), results.Select(result => result.Sequence));

        // A frame was read at most while two before it were analysed and one waited to be delivered: some 6 each.
        Assert.InRange(lags.Max(), 1, 40);
        Assert.InRange(most, 1, 4);
        Assert.Equal(0, source.Outstanding);
    }

    [Fact]
    public async Task Live_SlowConsumer_GetsTheNewestFrames()
    {
        using var fixture = new StreamFixture();
        using var advance = new SemaphoreSlim(0);
        await using FakeFrameSource source = StreamFixture.Source(1000, live: true, async (_, token) => await advance.WaitAsync(token));
        advance.Release(1);
        var sequences = new List<long>();
        await foreach (StreamResult result in fixture.Analyzer.AnalyzeAsync(source))
        {
            sequences.Add(result.Sequence);
            if (source.Delivered < 1000)
            {
                int target = source.Delivered + 111;
                advance.Release(111);
                SpinWait.SpinUntil(() => source.Delivered >= target, StreamFixture.Limit);
            }
        }

        // While the consumer held one result, at most one more was analysed and one waited: all others of the 111 were dropped.
        Assert.InRange(sequences.Count, 5, 30);
        Assert.Equal(999, sequences[^1]);
        Assert.Equal(0, source.Outstanding);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Source_ThatFails_GivesItsFramesThenItsException(int parallelism)
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource source = StreamFixture.Source(50, beforeFrame: (i, _) => i == 20 ? throw new IOException("unplugged") : default);
        int count = 0;
        IOException error = await Assert.ThrowsAsync<IOException>(() => StreamFixture.ReadAsync(
            fixture.Analyzer.AnalyzeAsync(source, new StreamOptions { Parallelism = parallelism, WhenBehind = WhenBehind.Wait }), _ => ++count > 0));
        Assert.Equal((20, "unplugged"), (count, error.Message));
        Assert.Equal(0, source.Outstanding);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Model_ThatFails_EndsTheStreamInItsPlace(int parallelism, bool keepFrames)
    {
        using var fixture = new StreamFixture(number => _ = number == 20 ? throw new FerInferenceException("fake", "broken") : 0);
        await using FakeFrameSource source = StreamFixture.Source(200);
        int count = 0;
        await Assert.ThrowsAsync<FerInferenceException>(() => StreamFixture.ReadAsync(
            fixture.Analyzer.AnalyzeAsync(source, new StreamOptions { Parallelism = parallelism, KeepFrames = keepFrames }), result =>
            {
                result.Dispose();
                return ++count > 0;
            }));
        Assert.Equal(20, count);
        Assert.Equal(0, source.Outstanding);
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(4, false, false)]
    [InlineData(4, true, false)]
    [InlineData(1, false, true)]
    [InlineData(4, true, true)]
    public async Task Stream_BrokenOffOrCancelled_FreesEveryFrame(int parallelism, bool keepFrames, bool cancel)
    {
        using var fixture = new StreamFixture();
        using var stop = new CancellationTokenSource();
        await using FakeFrameSource source = StreamFixture.Source(100_000);
        var options = new StreamOptions { Parallelism = parallelism, KeepFrames = keepFrames, Capacity = 8 };
        int count = 0;
        Exception? exception = await Record.ExceptionAsync(() => StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source, options, stop.Token), result =>
        {
            result.Dispose();
            if (++count == 10 && cancel)
            {
                stop.Cancel();
            }

            return count < 10 || cancel;
        }));
        Assert.Equal(cancel, exception is OperationCanceledException);
        Assert.Equal(10, count);
        Assert.Equal(0, source.Outstanding);
        Assert.False(source.IsDisposed);
    }

    [Fact]
    public async Task Cancel_WhileTheSourceIsSilent_EndsTheStream()
    {
        using var fixture = new StreamFixture();
        using var stop = new CancellationTokenSource();
        await using FakeFrameSource source = StreamFixture.Source(10, live: true, async (i, token) => await Task.Delay(i < 2 ? 0 : Timeout.Infinite, token));
        Task reading = StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source, new StreamOptions { WhenBehind = WhenBehind.Wait }, stop.Token), result =>
        {
            if (result.Sequence == 1)
            {
                stop.CancelAfter(TimeSpan.FromMilliseconds(1));
            }

            return true;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(0, source.Outstanding);
    }

    [Fact]
    public async Task TwoStreams_OnOneAnalyzer_GiveEachItsOwn()
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource first = StreamFixture.Source(300);
        await using FakeFrameSource second = StreamFixture.Source(200);
        Task<List<StreamResult>> one = StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(first, new StreamOptions { Parallelism = 2 }));
        Task<List<StreamResult>> other = StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(second, new StreamOptions { MaxFaces = 1 }));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (long)i), (await one).Select(result => result.Sequence));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), (await other).Select(result => result.Sequence));
        Assert.All(await one, result => Assert.Equal(3, result.Analysis.Faces.Count));
        Assert.All(await other, result => Assert.Single(result.Analysis.Faces));
        Assert.Equal(500, fixture.Detector.Calls);
        Assert.Equal((0, 0), (first.Outstanding, second.Outstanding));
    }

    [Fact]
    public async Task KeepFrames_GivesEachResultItsFrame_ElseNone()
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource kept = StreamFixture.Source(20);
        List<StreamResult> results = await StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(kept, new StreamOptions { KeepFrames = true, Parallelism = 3 }));
        Assert.Equal(20, kept.Outstanding);
        Assert.All(results, result => Assert.Equal((byte)result.Sequence, result.Frame!.View.Pixels.Span[0]));
        results.ForEach(result => result.Dispose());
        Assert.Equal(0, kept.Outstanding);
        await using FakeFrameSource plain = StreamFixture.Source(3);
        Assert.All(await StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(plain)), result => Assert.Null(result.Frame));
    }

    [Fact]
    public async Task Age_CountsFromTheArrival()
    {
        using var fixture = new StreamFixture(_ => Thread.Sleep(5));
        await using FakeFrameSource source = StreamFixture.Source(5);
        Assert.All(await StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source)), result => Assert.True(result.Age >= TimeSpan.FromMilliseconds(4), $"{result.Age}"));
    }

    [Fact]
    public async Task EmptySource_GivesNothing()
    {
        using var fixture = new StreamFixture();
        await using FakeFrameSource source = StreamFixture.Source(0);
        Assert.Empty(await StreamFixture.ReadAsync(fixture.Analyzer.AnalyzeAsync(source)));
    }
}
