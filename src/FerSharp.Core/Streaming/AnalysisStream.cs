using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FerSharp.Diagnostics;

namespace FerSharp;

/// <summary>One run of an analyzer over a source: a reader fills a bounded channel, workers empty it, results leave in the order of the frames.</summary>
/// <remarks>
/// <para>Every frame has one owner at any time: the channel, a worker, or a result. Where the run ends, whatever the reason, reader and workers
/// are awaited and what is left in the channels is disposed, so that no frame is out once the enumeration has ended.</para>
/// <para>A worker takes a permit before it takes a frame, and the consumer gives it back when it has the result: a slow consumer holds the workers up,
/// and live frames are dropped at the channel, where they are cheapest.</para>
/// </remarks>
internal sealed class AnalysisStream
{
    private readonly EmotionAnalyzer _analyzer;
    private readonly IFrameSource _source;
    private readonly StreamOptions _options;
    private readonly int _maxFaces;
    private readonly bool _drop;
    private readonly Channel<Arrival> _arrivals;
    private readonly Channel<Task<Analyzed>> _results = Channel.CreateUnbounded<Task<Analyzed>>();
    private readonly Lock _order = new();
    private long _read;
    private long _dropped;
    private long _analyzed;

    private AnalysisStream(EmotionAnalyzer analyzer, IFrameSource source, StreamOptions options, int maxFaces)
    {
        (_analyzer, _source, _options, _maxFaces) = (analyzer, source, options, maxFaces);
        _drop = (options.WhenBehind ?? (source.Info.IsLive ? WhenBehind.DropOldest : WhenBehind.Wait)) == WhenBehind.DropOldest;
        var bounds = new BoundedChannelOptions(options.Capacity ?? (_drop ? 1 : 4)) { FullMode = _drop ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait };
        _arrivals = Channel.CreateBounded<Arrival>(bounds, Drop);
    }

    /// <summary>Each enumeration is a run of its own; the source refuses to be read a second time.</summary>
    public static async IAsyncEnumerable<StreamResult> RunAsync(
        EmotionAnalyzer analyzer, IFrameSource source, StreamOptions options, int maxFaces, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StreamResult result in new AnalysisStream(analyzer, source, options, maxFaces).RunAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    private async IAsyncEnumerable<StreamResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var permits = new SemaphoreSlim(_options.Parallelism);

        // The reader gets a thread of the pool to begin on: sources may decode before their first await, and the consumer's thread is not theirs.
        Task reader = Task.Factory.StartNew(() => ReadAsync(stop.Token), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default).Unwrap();

        // Workers compute for as long as the stream lasts: threads of their own, so that the pool stays free for those who wait.
        Task[] workers = new Task[_options.Parallelism];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = Task.Factory.StartNew(() => Work(permits, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Task working = CompleteAsync(Task.WhenAll(workers));
        try
        {
            while (await _results.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_results.Reader.TryRead(out Task<Analyzed>? next))
                {
                    Analyzed analyzed = await next.ConfigureAwait(false);
                    permits.Release();
                    yield return Deliver(analyzed);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            // All that was read is delivered: now the source's own exception, where it had one.
            await reader.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reader, working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Free();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            long waiting = Stopwatch.GetTimestamp();
            await foreach (Frame frame in _source.ReadFramesAsync(cancellationToken).ConfigureAwait(false))
            {
                var arrival = new Arrival(frame, Stopwatch.GetTimestamp());
                FerSharpDiagnostics.RecordStage(FerSharpDiagnostics.StreamRead, waiting, arrival.Time);
                Interlocked.Increment(ref _read);
                FerSharpDiagnostics.FramesRead.Add(1);
                if (!_arrivals.Writer.TryWrite(arrival))
                {
                    await PassAsync(arrival, cancellationToken).ConfigureAwait(false);
                }

                waiting = Stopwatch.GetTimestamp();
            }
        }
        finally
        {
            _arrivals.Writer.TryComplete();
        }
    }

    private async ValueTask PassAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        try
        {
            await _arrivals.Writer.WriteAsync(arrival, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            arrival.Frame.Dispose();
            throw;
        }
    }

    private void Work(SemaphoreSlim permits, CancellationToken stop)
    {
        var faces = new FaceEmotion[_maxFaces];
        try
        {
            while (true)
            {
                permits.Wait(stop);
                if (!TryTake(stop, out Arrival arrival, out TaskCompletionSource<Analyzed>? result))
                {
                    return;
                }

                try
                {
                    result.SetResult(Analyze(arrival, faces, stop));
                }
                catch (Exception e)
                {
                    // It belongs to the consumer, in its turn.
                    arrival.Frame.Dispose();
                    result.SetException(e);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    /// <summary>Takes the next frame and its place among the results: one worker at a time, so that both have the same order.</summary>
    private bool TryTake(CancellationToken stop, out Arrival arrival, out TaskCompletionSource<Analyzed> result)
    {
        result = new TaskCompletionSource<Analyzed>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_order)
        {
            while (!_arrivals.Reader.TryRead(out arrival))
            {
                // This thread is the stream's own and has nothing else to do than wait.
                if (!_arrivals.Reader.WaitToReadAsync(stop).AsTask().GetAwaiter().GetResult())
                {
                    return false;
                }
            }

            return _results.Writer.TryWrite(result.Task);
        }
    }

    private Analyzed Analyze(in Arrival arrival, FaceEmotion[] faces, CancellationToken stop)
    {
        long begun = Stopwatch.GetTimestamp();
        FerSharpDiagnostics.RecordStage(FerSharpDiagnostics.StreamWait, arrival.Time, begun);
        FrameView view = arrival.Frame.View;
        int count = _analyzer.Analyze(view, faces, stop);
        var analysis = new FrameAnalysis(view.Width, view.Height, faces[..count]);
        FerSharpDiagnostics.RecordStage(FerSharpDiagnostics.StreamAnalyze, begun, Stopwatch.GetTimestamp());
        Interlocked.Increment(ref _analyzed);
        FerSharpDiagnostics.FramesAnalyzed.Add(1);
        if (!_options.KeepFrames)
        {
            arrival.Frame.Dispose();
        }

        return new Analyzed(arrival, analysis);
    }

    /// <summary>The one place that every result passes, in order and one at a time.</summary>
    private StreamResult Deliver(in Analyzed analyzed)
    {
        // Read backwards along a frame's way, so that the counts never show more behind than in front.
        long done = Interlocked.Read(ref _analyzed);
        long dropped = Interlocked.Read(ref _dropped);
        var counters = new StreamCounters(Interlocked.Read(ref _read), dropped, done);
        return new StreamResult(analyzed.Analysis, analyzed.Arrival.Frame, _options.KeepFrames, Stopwatch.GetElapsedTime(analyzed.Arrival.Time), counters);
    }

    private async Task CompleteAsync(Task workers)
    {
        await workers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _results.Writer.TryComplete(workers.Exception?.InnerException);
    }

    private void Drop(Arrival arrival)
    {
        arrival.Frame.Dispose();
        Interlocked.Increment(ref _dropped);
        FerSharpDiagnostics.FramesDropped.Add(1);
    }

    /// <summary>Disposes what nobody got. Reader and workers have ended.</summary>
    private void Free()
    {
        while (_arrivals.Reader.TryRead(out Arrival arrival))
        {
            arrival.Frame.Dispose();
        }

        while (_results.Reader.TryRead(out Task<Analyzed>? result))
        {
            if (result.IsCompletedSuccessfully)
            {
                result.Result.Arrival.Frame.Dispose();
            }
            else
            {
                _ = result.Exception; // Seen: nobody else will.
            }
        }
    }

    private readonly record struct Arrival(Frame Frame, long Time);

    private readonly record struct Analyzed(Arrival Arrival, FrameAnalysis Analysis);
}
