namespace FerSharp;

/// <summary>A rule's finding about a track: something that a person should look at. Immutable; holds no pixels and no identity.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="TrackId">The track.</param>
/// <param name="From">Begin of the time that it is about.</param>
/// <param name="To">End of the time that it is about.</param>
/// <param name="Share">In which share of the rule's window its condition held, 0 to 1; null for a rule without a share.</param>
/// <param name="Coverage">For which share of the time the face was seen and readable, 0 to 1; null for a rule without one.</param>
/// <param name="Message">One sentence for people. It says "possible" and asks for a person's review, because a reading is no more than that.</param>
public sealed record EmotionAlert(string Rule, int TrackId, TimeSpan From, TimeSpan To, double? Share, double? Coverage, string Message);

/// <summary>Takes alerts somewhere: to a screen, a log, a message, a voice.</summary>
/// <remarks>
/// An implementation gets one alert at a time, in order. It may take its time: alerts wait meanwhile, up to a bound. It should not repeat itself; hold-off is the
/// rules' business. What it throws ends its own delivery and comes out of <see cref="EmotionMonitor.DeliverAsync"/>; other sinks are not affected.
/// </remarks>
public interface IEmotionAlertSink
{
    /// <summary>Takes an alert.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">The token that was given to <see cref="EmotionMonitor.DeliverAsync"/>.</param>
    ValueTask SendAsync(EmotionAlert alert, CancellationToken cancellationToken);
}
