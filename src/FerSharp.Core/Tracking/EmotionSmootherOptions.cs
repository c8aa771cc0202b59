using FerSharp.Tracking;

namespace FerSharp;

/// <summary>How an <see cref="EmotionSmoother"/> steadies readings. Immutable; give the smoother another one to change it while it runs.</summary>
public sealed record EmotionSmootherOptions
{
    /// <summary>Time constant of the exponential mean: after it a change has come through to 63 %, sooner at a track's start. 0 (no smoothing) to 60 s.</summary>
    /// <value>Default 0.5 s.</value>
    public TimeSpan TimeConstant { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>From this smoothed score on an expression becomes the track's expression. Above 0, at most 1.</summary>
    /// <value>Default 0.5.</value>
    public double EnterScore { get; init; } = 0.5;

    /// <summary>Below this smoothed score it ends. 0 to <see cref="EnterScore"/>.</summary>
    /// <value>Default 0.35.</value>
    public double LeaveScore { get; init; } = 0.35;

    /// <summary>How long an expression must stay at or above <see cref="EnterScore"/> before it counts. 0 to 60 s.</summary>
    /// <value>Default 0.3 s.</value>
    public TimeSpan MinimumDuration { get; init; } = TimeSpan.FromSeconds(0.3);

    /// <summary>After so long without a usable reading the expression ends, and the next reading starts anew. Above 0, at most 60 s.</summary>
    /// <value>Default 2 s.</value>
    public TimeSpan MaxGap { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// By how much an expression's odds against the others are multiplied, 0.1 to 10; 1, also for those not named, leaves them. Scores are multiplied and
    /// scaled to sum 1 again, which is what other prior probabilities of the expressions would do (Saerens et al., Neural Computation 14, 2002).
    /// </summary>
    /// <value>Default empty. Copied when the smoother gets the options.</value>
    public IReadOnlyDictionary<Emotion, double> Sensitivity { get; init; } = new Dictionary<Emotion, double>();

    /// <summary>
    /// How many seconds of usable readings at a track's start are taken as this face at rest; zero switches it off. 0 to 60 s. See <see cref="EmotionSmoother"/>.
    /// Read when a track starts.
    /// </summary>
    /// <value>Default zero.</value>
    public TimeSpan NeutralBaseline { get; init; }

    internal void ThrowIfInvalid(string parameter)
    {
        TimeSpan minute = TimeSpan.FromMinutes(1);
        var faults = new OptionFaults(nameof(EmotionSmootherOptions));
        faults.Check(TimeConstant >= TimeSpan.Zero && TimeConstant <= minute, nameof(TimeConstant), TimeConstant, "from 0 to 60 s");
        faults.Check(EnterScore is > 0 and <= 1, nameof(EnterScore), EnterScore, "above 0 and at most 1");
        faults.Check(LeaveScore >= 0 && LeaveScore <= EnterScore, nameof(LeaveScore), LeaveScore, "from 0 to EnterScore");
        faults.Check(MinimumDuration >= TimeSpan.Zero && MinimumDuration <= minute, nameof(MinimumDuration), MinimumDuration, "from 0 to 60 s");
        faults.Check(MaxGap > TimeSpan.Zero && MaxGap <= minute, nameof(MaxGap), MaxGap, "above 0 and at most 60 s");
        faults.Check(NeutralBaseline >= TimeSpan.Zero && NeutralBaseline <= minute, nameof(NeutralBaseline), NeutralBaseline, "from 0 to 60 s");
        faults.Check(Sensitivity is not null, nameof(Sensitivity), Sensitivity, "given; empty leaves every expression as it is");
        foreach ((Emotion emotion, double factor) in Sensitivity ?? new Dictionary<Emotion, double>())
        {
            faults.Check(emotion <= Emotion.Contempt, nameof(Sensitivity), emotion, "for a defined expression");
            faults.Check(factor is >= 0.1 and <= 10, $"{nameof(Sensitivity)}[{emotion}]", factor, "from 0.1 to 10");
        }

        faults.ThrowIfAny(parameter);
    }
}
