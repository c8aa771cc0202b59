using System.Threading.Channels;
using FerSharp.History;
using FerSharp.Tracking;

namespace FerSharp;

/// <summary>What an <see cref="EmotionMonitor"/> looks for. Immutable.</summary>
public sealed record EmotionMonitorOptions
{
    /// <summary>The rules, each with a name of its own; empty looks for nothing.</summary>
    /// <value>Default one <see cref="ProlongedExpressionRule"/>: prolonged sadness.</value>
    public IReadOnlyList<EmotionRule> Rules { get; init; } = [new ProlongedExpressionRule()];

    internal void ThrowIfInvalid(EmotionTimelineOptions timeline, string parameter)
    {
        var faults = new OptionFaults(nameof(EmotionMonitorOptions));
        faults.Check(Rules is not null && Rules.All(rule => rule is not null), nameof(Rules), Rules, "a list of rules");
        foreach (EmotionRule rule in Rules?.OfType<EmotionRule>() ?? [])
        {
            rule.Check(faults, timeline);
        }

        string[] twice = [.. (Rules?.OfType<EmotionRule>() ?? []).GroupBy(rule => rule.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)];
        faults.Check(twice.Length == 0, nameof(Rules), string.Join(", ", twice), "given once for each name");
        faults.ThrowIfAny(parameter);
    }
}

/// <summary>Looks through a timeline by rules and raises alerts, for people to judge: as an event, as a stream, and to sinks.</summary>
/// <remarks>
/// An alert is a hint, never a decision: a model's reading of a face can be wrong, and an expression is not a feeling.
/// <see cref="Evaluate"/> and <see cref="Reset"/> have one caller at a time; everything else may be used from any thread. Its memory is bounded by tracks times rules.
/// </remarks>
public sealed class EmotionMonitor
{
    /// <summary>Most alerts that wait for a slow reader or sink; the oldest go first: 256.</summary>
    public const int MaxWaitingAlerts = 256;

    private readonly EmotionTimeline _timeline;
    private readonly Lock _gate = new();
    private readonly List<Channel<EmotionAlert>> _readers = [];
    private readonly Dictionary<(int Track, string Rule), TimeSpan> _lastAlerts = [];
    private volatile EmotionMonitorOptions _options;
    private TimeSpan? _last;
    private bool _completed;

    /// <summary>Makes a monitor.</summary>
    /// <param name="timeline">The timeline to look through; it stays the caller's.</param>
    /// <param name="options">What to look for; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="timeline"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    public EmotionMonitor(EmotionTimeline timeline, EmotionMonitorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        options ??= new EmotionMonitorOptions();
        options.ThrowIfInvalid(timeline.Options, nameof(options));
        (_timeline, _options) = (timeline, options);
    }

    /// <summary>Raised for each alert from within <see cref="Evaluate"/>, on its thread.</summary>
    public event EventHandler<EmotionAlert>? Alerted;

    /// <summary>What it looks for. A new value takes effect with the next evaluation, as a whole; rules of the same name go on with their hold-off.</summary>
    /// <exception cref="ArgumentNullException">Set to null.</exception>
    /// <exception cref="ArgumentException">Set to options out of range; all of them are listed.</exception>
    public EmotionMonitorOptions Options
    {
        get => _options;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.ThrowIfInvalid(_timeline.Options, nameof(value));
            _options = value;
        }
    }

    /// <summary>Looks for alerts. May be called for every frame: it looks when a fine bin of the timeline has passed since it last did, and costs nothing else.</summary>
    /// <param name="timestamp">The frame's time, not before the last call's.</param>
    /// <returns>How many alerts there were.</returns>
    /// <exception cref="ArgumentException"><paramref name="timestamp"/> is before the last call's.</exception>
    public int Evaluate(TimeSpan timestamp)
    {
        if (timestamp < _last)
        {
            throw new ArgumentException($"The time {timestamp} is before that of the last evaluation, {_last}.", nameof(timestamp));
        }

        long width = _timeline.Options.Resolution.Ticks;
        if (_last is { } last && timestamp.Ticks / width == last.Ticks / width)
        {
            return 0;
        }

        _last = timestamp;
        var alerts = new List<EmotionAlert>();
        EmotionRule[] rules = [.. _options.Rules];
        _timeline.Visit((tracks, origin) =>
        {
            Forget(tracks);
            if (origin is { } start && timestamp >= start)
            {
                var bins = new EmotionRule.BinClock(start, _timeline.Options.Resolution, (timestamp - start).Ticks / width);
                Look(rules, tracks, bins, timestamp, alerts);
            }
        });
        // Outside the timeline's lock: a handler may well ask it for the history.
        foreach (EmotionAlert alert in alerts)
        {
            Publish(alert);
        }

        return alerts.Count;
    }

    /// <summary>The alerts from this call on, until <see cref="Complete"/>. Each call gets all of them; a reader that falls behind by more than <see cref="MaxWaitingAlerts"/> loses the oldest. What is returned is read once; for a second reader call again.</summary>
    /// <param name="cancellationToken">Ends the reading with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The alerts; a second enumeration throws <see cref="InvalidOperationException"/>.</returns>
    public IAsyncEnumerable<EmotionAlert> ReadAlertsAsync(CancellationToken cancellationToken = default) => ReadAsync(new Subscription(Subscribe()), cancellationToken);

    /// <summary>Gives a sink the alerts from this call on, one after the other, until <see cref="Complete"/>.</summary>
    /// <param name="sink">The sink; it stays the caller's.</param>
    /// <param name="cancellationToken">Ends the delivery.</param>
    /// <returns>Ends with the delivery; faulted with what the sink threw, cancelled where the token was.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sink"/> is null.</exception>
    public Task DeliverAsync(IEmotionAlertSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Channel<EmotionAlert> alerts = Subscribe();
        return Deliver();

        async Task Deliver()
        {
            await foreach (EmotionAlert alert in ReadAsync(new Subscription(alerts), cancellationToken).ConfigureAwait(false))
            {
                await sink.SendAsync(alert, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends all streams and deliveries once they have given what waits. Later ones end at once.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            foreach (Channel<EmotionAlert> reader in _readers)
            {
                reader.Writer.TryComplete();
            }
        }
    }

    /// <summary>Forgets the time and all hold-offs, as for a source that starts anew.</summary>
    public void Reset()
    {
        _last = null;
        _lastAlerts.Clear();
    }

    private void Look(EmotionRule[] rules, IReadOnlyCollection<TrackHistory> tracks, EmotionRule.BinClock bins, TimeSpan timestamp, List<EmotionAlert> alerts)
    {
        foreach (TrackHistory track in tracks)
        {
            foreach (EmotionRule rule in rules)
            {
                TimeSpan? lastAlert = _lastAlerts.TryGetValue((track.Id, rule.Name), out TimeSpan time) ? time : null;
                if ((lastAlert is null || timestamp - lastAlert >= rule.HoldOff) && rule.Evaluate(track, bins, lastAlert) is { } alert)
                {
                    _lastAlerts[(track.Id, rule.Name)] = timestamp;
                    alerts.Add(alert);
                }
            }
        }
    }

    /// <summary>Drops what is known of tracks that the timeline no longer keeps; numbers of tracks are not used again.</summary>
    private void Forget(IReadOnlyCollection<TrackHistory> tracks)
    {
        if (_lastAlerts.Count > 0)
        {
            HashSet<int> kept = [.. tracks.Select(track => track.Id)];
            foreach ((int Track, string Rule) key in _lastAlerts.Keys.Where(key => !kept.Contains(key.Track)).ToArray())
            {
                _lastAlerts.Remove(key);
            }
        }
    }

    private void Publish(EmotionAlert alert)
    {
        lock (_gate)
        {
            foreach (Channel<EmotionAlert> reader in _readers)
            {
                reader.Writer.TryWrite(alert);
            }
        }

        Alerted?.Invoke(this, alert);
    }

    private Channel<EmotionAlert> Subscribe()
    {
        var alerts = Channel.CreateBounded<EmotionAlert>(new BoundedChannelOptions(MaxWaitingAlerts) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            if (_completed)
            {
                alerts.Writer.Complete();
            }
            else
            {
                _readers.Add(alerts);
            }
        }

        return alerts;
    }

    private async IAsyncEnumerable<EmotionAlert> ReadAsync(Subscription subscription, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<EmotionAlert> alerts = subscription.Take();
        try
        {
            await foreach (EmotionAlert alert in alerts.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return alert;
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers.Remove(alerts);
            }

            alerts.Writer.TryComplete();
        }
    }

    /// <summary>A reader's channel, which one enumeration takes.</summary>
    private sealed class Subscription(Channel<EmotionAlert> alerts)
    {
        private int _taken;

        /// <exception cref="InvalidOperationException">An enumeration has it already.</exception>
        public Channel<EmotionAlert> Take() => Interlocked.Exchange(ref _taken, 1) == 0
            ? alerts
            : throw new InvalidOperationException("These alerts are read already, and can be read once; call ReadAlertsAsync again for a reader of its own.");
    }
}
