namespace FerSharp.LiveWeb.Consent;

/// <summary>A consent from its giving to its end. It is for one connection; the connection's end, a withdrawal and a timeout end it for good. Thread-safe.</summary>
internal sealed class GivenConsent(string token, Purpose purpose, string? exception, long time)
{
    private readonly TaskCompletionSource _withdrawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EmotionTimeline? _history;
    private int _redeemed;

    public string Token { get; } = token;

    public Purpose Purpose { get; } = purpose;

    public string? Exception { get; } = exception;

    /// <summary>When it was given, as the clock's timestamp.</summary>
    public long Time { get; } = time;

    /// <summary>Completes with the withdrawal.</summary>
    public Task Withdrawn => _withdrawn.Task;

    /// <summary>Whether a connection has used it.</summary>
    public bool IsRedeemed => Volatile.Read(ref _redeemed) != 0;

    /// <summary>The history of its connection; null while there is none.</summary>
    public EmotionTimeline? History
    {
        get => _history;
        set => _history = value;
    }

    /// <summary>Uses it; only the first caller gets it.</summary>
    public bool TryRedeem() => Interlocked.Exchange(ref _redeemed, 1) == 0;

    /// <summary>Deletes the history and ends the connection, if there is one.</summary>
    public void Withdraw()
    {
        _withdrawn.TrySetResult();
        _history?.Clear();
    }
}
