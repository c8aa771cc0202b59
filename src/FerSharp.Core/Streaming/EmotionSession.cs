using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FerSharp;

/// <summary>One source, followed from its first frame to its last: a stream whose readings go into a timeline that rules look through.</summary>
/// <remarks>
/// <para>It is what most live programs put together: <see cref="EmotionAnalyzer.AnalyzeAsync"/> with a <see cref="FaceTracker"/> and an <see cref="EmotionSmoother"/>,
/// an <see cref="EmotionTimeline"/> and an <see cref="EmotionMonitor"/>. The analyzer, and with it the models, may be shared by any number of sessions at the same time.</para>
/// <para>A session is for one source, since times begin anew with the next. It keeps numbers, no pixels; <see cref="EmotionTimeline.Clear"/> deletes them.</para>
/// <para><see cref="AnalyzeAsync"/> has one caller; while it runs, timeline and monitor may be used as they say, and the options of smoother and monitor may be set, from any thread.</para>
/// </remarks>
public sealed partial class EmotionSession : IDisposable
{
    private readonly EmotionAnalyzer _analyzer;
    private readonly StreamOptions _stream;
    private readonly IDisposable? _reloads;
    private int _started;

    /// <summary>Makes a session.</summary>
    /// <param name="analyzer">Finds and reads the faces; it stays the caller's.</param>
    /// <param name="options">How the parts work; read now. Null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="analyzer"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all faults of a part are listed.</exception>
    public EmotionSession(EmotionAnalyzer analyzer, EmotionSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(analyzer);
        options ??= new EmotionSessionOptions();
        options.ThrowIfInvalid(nameof(options));
        _analyzer = analyzer;
        Tracker = new FaceTracker(options.Tracker);
        Smoother = new EmotionSmoother(options.Smoother, options.Tracker.MaxTracks);
        Timeline = new EmotionTimeline(options.Timeline);
        Monitor = new EmotionMonitor(Timeline, options.Monitor);
        _stream = options.Stream.Clone();
        (_stream.Tracker, _stream.Smoother) = (Tracker, Smoother);
    }

    /// <summary>Makes a session whose smoother and monitor follow options that change, until it is disposed.</summary>
    /// <param name="analyzer">Finds and reads the faces; it stays the caller's.</param>
    /// <param name="options">How the parts work, now and later. A change that does not fit the running session is logged and left out.</param>
    /// <param name="logger">Hears of such changes; may be null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="analyzer"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all faults of a part are listed.</exception>
    /// <exception cref="OptionsValidationException">Options out of range, where a validator is registered.</exception>
    public EmotionSession(EmotionAnalyzer analyzer, IOptionsMonitor<EmotionSessionOptions> options, ILogger<EmotionSession>? logger = null)
        : this(analyzer, (options ?? throw new ArgumentNullException(nameof(options))).CurrentValue)
    {
        _reloads = options.OnChange((changed, name) =>
        {
            if (string.IsNullOrEmpty(name))
            {
                TakeOver(changed, logger);
            }
        });
    }

    /// <summary>Gives faces their numbers. For its events; calls are the stream's.</summary>
    public FaceTracker Tracker { get; }

    /// <summary>Steadies the readings. For its events and options; calls are the stream's.</summary>
    public EmotionSmoother Smoother { get; }

    /// <summary>The history.</summary>
    public EmotionTimeline Timeline { get; }

    /// <summary>Raises the alerts; completed when the stream ends.</summary>
    public EmotionMonitor Monitor { get; }

    /// <summary>Analyses the source's frames as they come, as <see cref="EmotionAnalyzer.AnalyzeAsync"/> does, and keeps the history. An alert is raised before the result of its frame is given.</summary>
    /// <param name="source">The frames; it stays the caller's.</param>
    /// <param name="cancellationToken">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One result for each frame that is not dropped; to be enumerated once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The session has had its source, or the source was read before.</exception>
    /// <exception cref="ObjectDisposedException">The source, detector or classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">A model's run failed.</exception>
    public IAsyncEnumerable<StreamResult> AnalyzeAsync(IFrameSource source, CancellationToken cancellationToken = default)
    {
        IAsyncEnumerable<StreamResult> results = _analyzer.AnalyzeAsync(source, _stream, cancellationToken);
        return Interlocked.Exchange(ref _started, 1) == 0
            ? KeepAsync(results, cancellationToken)
            : throw new InvalidOperationException("The session has had its source. Make a new session for the next.");
    }

    /// <summary>Ends deliveries of alerts and no longer follows options. The timeline stays readable. Harmless when repeated.</summary>
    public void Dispose()
    {
        _reloads?.Dispose();
        Monitor.Complete();
    }

    private async IAsyncEnumerable<StreamResult> KeepAsync(IAsyncEnumerable<StreamResult> results, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (StreamResult result in results.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    Keep(result);
                }
                catch
                {
                    result.Dispose();
                    throw;
                }

                yield return result;
            }
        }
        finally
        {
            Monitor.Complete();
        }
    }

    private void Keep(StreamResult result)
    {
        IReadOnlyList<FaceEmotion> faces = result.Analysis.Faces;
        for (int i = 0; i < faces.Count; i++)
        {
            if (faces[i].TrackId > 0)
            {
                Timeline.Add(faces[i].TrackId, faces[i].Smoothed);
            }
        }

        Monitor.Evaluate(result.Timestamp);
    }

    private void TakeOver(EmotionSessionOptions options, ILogger? logger)
    {
        try
        {
            // The monitor's rules must fit the timeline that runs, which may differ from the new options'.
            options.ThrowIfInvalid(nameof(options));
            Monitor.Options = options.Monitor;
            Smoother.Options = options.Smoother;
        }
        catch (ArgumentException e)
        {
            // The last good options go on.
            if (logger is not null)
            {
                LogLeftOut(logger, e.Message);
            }
        }
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Changed options do not fit the running session and are left out: {Reason}")]
    private static partial void LogLeftOut(ILogger logger, string reason);
}
