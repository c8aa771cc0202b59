namespace FerSharp.Testing;

/// <summary>How a check of a law ended, where the law is not broken.</summary>
/// <param name="WaivedBecause">Why the law was not checked; null where it was checked and is kept.</param>
/// <remarks>A test should report a waived law as skipped, with its reason, never as passed.</remarks>
public readonly record struct LawOutcome(string? WaivedBecause)
{
    /// <summary>The law was checked and is kept.</summary>
    public static LawOutcome Kept => default;

    /// <summary>Whether the law was not checked.</summary>
    public bool IsWaived => WaivedBecause is not null;

    /// <summary>A law that was not checked.</summary>
    /// <param name="reason">Why.</param>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is null or blank.</exception>
    public static LawOutcome Waived(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(reason);
    }

    /// <summary><c>kept</c>, or <c>waived</c> with the reason.</summary>
    public override string ToString() => IsWaived ? $"waived: {WaivedBecause}" : "kept";
}

/// <summary>A law is broken: the message says what was promised and what happened.</summary>
public sealed class LawBrokenException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="law">The law's name.</param>
    /// <param name="promise">What the law promises.</param>
    /// <param name="finding">What happened instead.</param>
    /// <param name="innerException">What the subject threw, where it threw.</param>
    public LawBrokenException(string law, string promise, string finding, Exception? innerException = null)
        : base($"The law '{law}' is broken.{Environment.NewLine}  Promised: {promise}{Environment.NewLine}  Found:    {finding}", innerException)
    {
        Law = law;
        Promise = promise;
        Finding = finding;
    }

    /// <summary>The law's name.</summary>
    public string Law { get; }

    /// <summary>What the law promises.</summary>
    public string Promise { get; }

    /// <summary>What happened instead.</summary>
    public string Finding { get; }
}
