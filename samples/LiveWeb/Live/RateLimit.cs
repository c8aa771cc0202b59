namespace FerSharp.LiveWeb.Live;

/// <summary>A token bucket: so many a second on the long run, half a second's worth at once. One caller at a time.</summary>
internal sealed class RateLimit(double perSecond, TimeProvider clock)
{
    private readonly double _capacity = Math.Max(2, perSecond / 2);
    private double _tokens = Math.Max(2, perSecond / 2);
    private long _last = clock.GetTimestamp();

    /// <summary>Whether one more is within the limit.</summary>
    public bool TryTake()
    {
        long now = clock.GetTimestamp();
        _tokens = Math.Min(_capacity, _tokens + (clock.GetElapsedTime(_last, now).TotalSeconds * perSecond));
        _last = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
