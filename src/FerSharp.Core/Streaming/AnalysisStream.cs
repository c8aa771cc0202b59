using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FerSharp.Diagnostics;
using FerSharp.Streaming;

namespace FerSharp;

/// <summary>One run of an analyzer over a source: a reader fills a bounded channel, workers empty it, results leave in the order of the frames.</summary>
/// <remarks>
/// <para>Every frame has one owner at any time: the channel, a worker, or a result. Where the run ends, whatever the reason, reader and workers
/// are awaited and what is left in the channels is disposed, so that no frame is out once the enumeration has ended.</para>
/// <para>A worker takes a permit before it takes a frame, and the consumer gives it back when it has the result: a slow consumer holds the workers up,
/// and live frames are dropped at the channel, where they are cheapest.</para>
/// <para>Workers detect and classify side by side, but between the two they pass the tracker one after the other, in the order of the frames: a frame
/// without detection needs to know where the faces of the one before it were.</para>
/// </remarks>
internal sealed class AnalysisStream
{
    private readonly EmotionAnalyzer _analyzer;
    private readonly IFrameSource _source;
    private readonly StreamOptions _options;
    private readonly FaceFollower _follower;
    private readonly int _maxFaces;
    private readonly bool _drop;
    private readonly Channel<Arrival> _arrivals;
    private readonly Channel<Task<Analyzed>> _results = Channel.CreateUnbounded<Task<Analyzed>>();
    private readonly Lock _order = new();
    private readonly object _turnPassed = new();
    private long _taken;
    private long _turn;
    private long _read;
    private long _dropped;
    private long _analyzed;

    private AnalysisStream(EmotionAnalyzer analyzer, IFrameSource source, StreamOptions options, int maxFaces, FaceFollower follower)
    {
        (_analyzer, _source, _options, _maxFaces, _follower) = (analyzer, source, options, maxFaces, follower);
        _drop = (options.WhenBehind ?? (source.Info.IsLive ? WhenBehind.DropOldest : WhenBehind.Wait)) == WhenBehind.DropOldest;
        var bounds = new BoundedChannelOptions(options.Capacity ?? (_drop ? 1 : 4)) { FullMode = _drop ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait };
        _arrivals = Channel.CreateBounded<Arrival>(bounds, Drop);
    }

    /// <summary>Each enumeration is a run of its own; the source refuses to be read a second time.</summary>
    public static async IAsyncEnumerable<StreamResult> RunAsync(
        EmotionAnalyzer analyzer, IFrameSource source, StreamOptions options, int maxFaces, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follower = new FaceFollower(options);
        await foreach (StreamResult result in new AnalysisStream(analyzer, source, options, maxFaces, follower).RunAsync(cancellationToken).ConfigureAwait(false))
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
                RecordRead(arrival, waiting);
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

    /// <summary>Counts a frame, which is disposed where a listener of the measurements throws.</summary>
    private void RecordRead(in Arrival arrival, long waiting)
    {
        try
        {
            FerSharpDiagnostics.RecordStage(FerSharpDiagnostics.StreamRead, waiting, arrival.Time);
            Interlocked.Increment(ref _read);
            FerSharpDiagnostics.FramesRead.Add(1);
        }
        catch
        {
            arrival.Frame.Dispose();
            throw;
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
        var buffers = new Buffers(_maxFaces);
        try
        {
            while (true)
            {
                permits.Wait(stop);
                if (!TryTake(stop, out Job job))
                {
                    return;
                }

                try
                {
                    job.Result.SetResult(Analyze(job, buffers, stop));
                }
                catch (Exception e)
                {
                    // It belongs to the consumer, in its turn.
                    job.Arrival.Frame.Dispose();
                    job.Result.SetException(e);
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
    private bool TryTake(CancellationToken stop, out Job job)
    {
        job = default;
        lock (_order)
        {
            Arrival arrival;
            while (!_arrivals.Reader.TryRead(out arrival))
            {
                // This thread is the stream's own and has nothing else to do than wait.
                if (!_arrivals.Reader.WaitToReadAsync(stop).AsTask().GetAwaiter().GetResult())
                {
                    return false;
                }
            }

            job = new Job(arrival, _taken++, _follower.IsDetectionDue(arrival.Frame.Timestamp), new TaskCompletionSource<Analyzed>(TaskCreationOptions.RunContinuationsAsynchronously));
            return _results.Writer.TryWrite(job.Result.Task);
        }
    }

    private Analyzed Analyze(in Job job, Buffers buffers, CancellationToken stop)
    {
        long begun = Stopwatch.GetTimestamp();
        Arrival arrival = job.Arrival;
        int count = Locate(job, begun, buffers, stop, out FrameView view, out FaceTrackEvent[] trackEvents);
        var faces = new FaceEmotion[count];
        _analyzer.Read(view, buffers.Faces.AsSpan(0, count), buffers.Scores, faces, stop);
        for (int i = 0; i < count; i++)
        {
            faces[i] = faces[i] with { TrackId = buffers.TrackIds[i] };
        }

        var analyzed = new Analyzed(arrival, view.Width, view.Height, !job.IsDetectionDue, trackEvents, faces);
        FerSharpDiagnostics.RecordStage(FerSharpDiagnostics.StreamAnalyze, begun, Stopwatch.GetTimestamp());
        Interlocked.Increment(ref _analyzed);
        FerSharpDiagnostics.FramesAnalyzed.Add(1);
        if (!_options.KeepFrames)
        {
            arrival.Frame.Dispose();
        }

        return analyzed;
    }

    /// <summary>Finds a frame's faces, by the detector or by what the tracker expects, and their tracks.</summary>
    private int Locate(in Job job, long begun, Buffers buffers, CancellationToken stop, out FrameView view, out FaceTrackEvent[] trackEvents)
    {
        TimeSpan timestamp = job.Arrival.Frame.Timestamp;
        int count = -1;
        view = default;
        trackEvents = [];
        try
        {
            FerSharpDiagnostics.RecordStage(FerSharpDiagnostics.StreamWait, job.Arrival.Time, begun);
            view = job.Arrival.Frame.View;
            count = job.IsDetectionDue ? _analyzer.Detector.Detect(view, buffers.Faces, stop) : 0;
        }
        finally
        {
            // Also after a failure: the frames behind wait for this one. Those in front are at work already, so this does not last.
            lock (_turnPassed)
            {
                while (_turn != job.Number)
                {
                    Monitor.Wait(_turnPassed);
                }

                try
                {
                    if (count >= 0 && job.IsDetectionDue)
                    {
                        trackEvents = _follower.Follow(timestamp, buffers.Faces.AsSpan(0, count), buffers.TrackIds);
                    }
                    else if (count >= 0)
                    {
                        count = _follower.Expect(view, timestamp, buffers.Faces, buffers.TrackIds);
                    }
                }
                finally
                {
                    _turn++;
                    Monitor.PulseAll(_turnPassed);
                }
            }
        }

        return count;
    }

    /// <summary>The one place that every result passes, in order and one at a time.</summary>
    private StreamResult Deliver(in Analyzed analyzed)
    {
        ExpressionPhaseEvent[] expressionEvents;
        try
        {
            expressionEvents = _follower.Smooth(analyzed.Arrival.Frame.Timestamp, analyzed.TrackEvents, analyzed.Faces);
        }
        catch
        {
            // A handler of the caller's has thrown; nobody else knows of the frame any more.
            analyzed.Arrival.Frame.Dispose();
            throw;
        }

        // Read backwards along a frame's way, so that the counts never show more behind than in front.
        long done = Interlocked.Read(ref _analyzed);
        long dropped = Interlocked.Read(ref _dropped);
        return new StreamResult(new FrameAnalysis(analyzed.Width, analyzed.Height, analyzed.Faces), analyzed.Arrival.Frame, _options.KeepFrames)
        {
            IsPredicted = analyzed.IsPredicted,
            TrackEvents = analyzed.TrackEvents,
            ExpressionEvents = expressionEvents,
            Age = Stopwatch.GetElapsedTime(analyzed.Arrival.Time),
            Counters = new StreamCounters(Interlocked.Read(ref _read), dropped, done),
        };
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

    /// <summary>A frame that a worker has taken, its place among those taken, and where its result goes.</summary>
    private readonly record struct Job(Arrival Arrival, long Number, bool IsDetectionDue, TaskCompletionSource<Analyzed> Result);

    private readonly record struct Analyzed(Arrival Arrival, int Width, int Height, bool IsPredicted, FaceTrackEvent[] TrackEvents, FaceEmotion[] Faces);

    /// <summary>What a worker writes into, frame after frame.</summary>
    private sealed class Buffers(int maxFaces)
    {
        public FaceDetection[] Faces { get; } = new FaceDetection[maxFaces];

        public EmotionScores[] Scores { get; } = new EmotionScores[maxFaces];

        public int[] TrackIds { get; } = new int[maxFaces];
    }
}
