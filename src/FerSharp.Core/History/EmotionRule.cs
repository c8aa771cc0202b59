using FerSharp.History;
using FerSharp.Tracking;

namespace FerSharp;

/// <summary>Something that an <see cref="EmotionMonitor"/> looks for in a timeline, for each track by itself. Immutable.</summary>
public abstract record EmotionRule
{
    private protected EmotionRule(string name, TimeSpan holdOff) => (Name, HoldOff) = (name, holdOff);

    /// <summary>The rule's name, different from those of the other rules. Rules that are exchanged keep their hold-off by it.</summary>
    public string Name { get; init; }

    /// <summary>For how long the rule keeps silent about a track after an alert. 0 to 7 days.</summary>
    public TimeSpan HoldOff { get; init; }

    internal virtual void Check(OptionFaults faults, EmotionTimelineOptions timeline)
    {
        faults.Check(!string.IsNullOrWhiteSpace(Name), "Name", Name, "a name");
        faults.Check(HoldOff >= TimeSpan.Zero && HoldOff <= TimeSpan.FromDays(7), $"{Name}.HoldOff", HoldOff, "from 0 to 7 days");
    }

    /// <summary>What there is to say of a track now, hold-off left aside; null for nothing.</summary>
    /// <param name="track">The track.</param>
    /// <param name="bins">The place of its fine bins in time.</param>
    /// <param name="lastAlert">When the last alert was raised: the time of that evaluation; null where there was none.</param>
    internal abstract EmotionAlert? Evaluate(TrackHistory track, BinClock bins, TimeSpan? lastAlert);

    /// <summary>Where fine bins lie in time: the first begins at the origin; those before <paramref name="End"/> are complete.</summary>
    internal readonly record struct BinClock(TimeSpan Origin, TimeSpan Width, long End);
}

/// <summary>A condition that holds for a share of a window of time. The base of such rules.</summary>
/// <remarks>Judged on the timeline's fine bins, each a mean over its length: what flickers faster averages out, and the frame rate does not matter.</remarks>
public abstract record WindowRule : EmotionRule
{
    private protected WindowRule(string name, TimeSpan window)
        : base(name, TimeSpan.FromMinutes(5)) => Window = window;

    /// <summary>How far the rule looks back. At least two of the timeline's fine bins, at most <see cref="EmotionTimelineOptions.DetailDuration"/>.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>In which share of the window the condition must hold, above 0, at most 1. Time in which the face was not readable counts as time in which it did not.</summary>
    /// <value>Default 0.6.</value>
    public double MinShare { get; init; } = 0.6;

    /// <summary>For which share of the window the face must have been seen and readable, above 0, at most 1: nothing is said about a face that was hardly there.</summary>
    /// <value>Default 0.8.</value>
    public double MinCoverage { get; init; } = 0.8;

    internal override void Check(OptionFaults faults, EmotionTimelineOptions timeline)
    {
        base.Check(faults, timeline);
        faults.Check(Window >= 2 * timeline.Resolution && Window <= timeline.DetailDuration, $"{Name}.Window", Window, "from two fine bins of the timeline to its DetailDuration");
        faults.Check(MinShare is > 0 and <= 1, $"{Name}.MinShare", MinShare, "above 0 and at most 1");
        faults.Check(MinCoverage is > 0 and <= 1, $"{Name}.MinCoverage", MinCoverage, "above 0 and at most 1");
    }

    internal sealed override EmotionAlert? Evaluate(TrackHistory track, BinClock bins, TimeSpan? lastAlert)
    {
        // Sums of many parts of seconds may lack a thousandth of what they stand for.
        const double Rounding = 1e-3;
        long length = Window.Ticks / bins.Width.Ticks;
        double covered = 0, held = 0;
        for (long index = bins.End - length; index < bins.End; index++)
        {
            ScoreSum bin = track.DetailAt(index);
            if (bin.Seconds > 0)
            {
                covered += bin.Seconds;
                held += Holds(bin) ? bin.Seconds : 0;
            }
        }

        TimeSpan window = bins.Width * length, to = bins.Origin + (bins.Width * bins.End);
        double coverage = Math.Min(1, covered / window.TotalSeconds), share = Math.Min(1, held / window.TotalSeconds);
        return coverage >= MinCoverage - Rounding && share >= MinShare - Rounding
            ? new EmotionAlert(Name, track.Id, to - window < bins.Origin ? bins.Origin : to - window, to, share, coverage, FormattableString.Invariant(
                $"Possible {Describe()} on track {track.Id}: in {100 * share:0} % of the last {window.TotalSeconds:0.#} s (face readable in {100 * coverage:0} %). This is a model's reading of a face; it needs a person's review."))
            : null;
    }

    private protected abstract bool Holds(in ScoreSum bin);

    private protected abstract string Describe();
}

/// <summary>An expression that lasts: its score is at or above a value for a share of a window.</summary>
public sealed record ProlongedExpressionRule : WindowRule
{
    /// <summary>Makes a rule with the defaults: a sad expression for 60 % of a minute, at most one alert in five minutes.</summary>
    public ProlongedExpressionRule()
        : base("prolonged-expression", TimeSpan.FromMinutes(1))
    {
    }

    /// <summary>The expression.</summary>
    /// <value>Default <see cref="Emotion.Sadness"/>.</value>
    public Emotion Expression { get; init; } = Emotion.Sadness;

    /// <summary>From which mean score of a fine bin on it counts. Above 0, at most 1.</summary>
    /// <value>Default 0.5.</value>
    public double MinScore { get; init; } = 0.5;

    internal override void Check(OptionFaults faults, EmotionTimelineOptions timeline)
    {
        base.Check(faults, timeline);
        faults.Check(Expression <= Emotion.Contempt, $"{Name}.Expression", Expression, "a defined expression");
        faults.Check(MinScore is > 0 and <= 1, $"{Name}.MinScore", MinScore, "above 0 and at most 1");
    }

    private protected override bool Holds(in ScoreSum bin) => bin.Mean(Expression) >= MinScore;

    private protected override string Describe() => $"prolonged expression of {Expression.ToString().ToLowerInvariant()}";
}

/// <summary>Expressions that read as negative for a share of a window (<see cref="Sentiment.FromScores"/>).</summary>
public sealed record NegativeSentimentRule : WindowRule
{
    /// <summary>Makes a rule with the defaults: clearly negative for 60 % of half a minute, at most one alert in five minutes.</summary>
    public NegativeSentimentRule()
        : base("negative-sentiment", TimeSpan.FromSeconds(30))
    {
    }

    /// <summary>Down from which sentiment score of a fine bin it counts. -1 to below 0.</summary>
    /// <value>Default -0.5.</value>
    public double MaxScore { get; init; } = -0.5;

    internal override void Check(OptionFaults faults, EmotionTimelineOptions timeline)
    {
        base.Check(faults, timeline);
        faults.Check(MaxScore is >= -1 and < 0, $"{Name}.MaxScore", MaxScore, "from -1 to below 0");
    }

    private protected override bool Holds(in ScoreSum bin) => Sentiment.FromScores(bin.MeanScores()).Score <= MaxScore;

    private protected override string Describe() => "negative expressions";
}

/// <summary>A track's expression became another one and stayed so for a while. One alert for each change.</summary>
public sealed record ExpressionChangedRule : EmotionRule
{
    /// <summary>Makes a rule with the defaults: any change that lasts three seconds, no hold-off.</summary>
    public ExpressionChangedRule()
        : base("expression-changed", TimeSpan.Zero)
    {
    }

    /// <summary>The expression before; null for any.</summary>
    /// <value>Default null.</value>
    public Emotion? From { get; init; }

    /// <summary>The expression after; null for any.</summary>
    /// <value>Default null.</value>
    public Emotion? To { get; init; }

    /// <summary>How long the new expression must last. 0 to 1 hour.</summary>
    /// <value>Default 3 s.</value>
    public TimeSpan MinimumDuration { get; init; } = TimeSpan.FromSeconds(3);

    internal override void Check(OptionFaults faults, EmotionTimelineOptions timeline)
    {
        base.Check(faults, timeline);
        faults.Check(From is null or <= Emotion.Contempt, $"{Name}.From", From, "a defined expression or null");
        faults.Check(To is null or <= Emotion.Contempt, $"{Name}.To", To, "a defined expression or null");
        faults.Check(MinimumDuration >= TimeSpan.Zero && MinimumDuration <= TimeSpan.FromHours(1), $"{Name}.MinimumDuration", MinimumDuration, "from 0 to 1 hour");
    }

    internal override EmotionAlert? Evaluate(TrackHistory track, BinClock bins, TimeSpan? lastAlert) =>
        track.Current is (var now, var since) && track.LastSegment is { } before && before.Expression != now
        && (From is null || before.Expression == From) && (To is null || now == To)
        && track.LastReading - since >= MinimumDuration && !(lastAlert >= since)
            ? new EmotionAlert(Name, track.Id, before.From, track.LastReading, null, null, FormattableString.Invariant(
                $"Possible change of expression on track {track.Id} from {before.Expression.ToString().ToLowerInvariant()} to {now.ToString().ToLowerInvariant()}. This is a model's reading of a face; it needs a person's review."))
            : null;
}
