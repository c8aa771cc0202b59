namespace FerSharp.Testing;

/// <summary>What every <see cref="IFrameSource"/> promises, as laws that any test framework can check.</summary>
/// <remarks>
/// In a test: one case for each of <see cref="Names"/>, which awaits <see cref="CheckAsync"/> and reports a waived law as skipped. At most the
/// first four frames of a source are read.
/// </remarks>
public static class FrameSourceLaws
{
    internal const string NoLeak = "early-break-leaks-nothing";

    private const int FrameCount = 4;

    private static readonly LawBook<Func<FrameSourceSubject, Task>> Book = new(
    [
        new("sequence-rises", "Frame.Sequence starts at 0 or above and rises from frame to frame.", SequenceRises),
        new("timestamps-rise", "Frame.Timestamp starts at 0 or above and rises from frame to frame.", TimestampsRise),
        new("info-is-stable-and-true", "Info has a name, stays the same before, during and after the reading, and frames have the size it tells.", InfoIsStable),
        new("frames-are-independent", "A frame stays as it is while later frames arrive and while others are disposed, in any order.", FramesAreIndependent),
        new("frames-outlive-the-source", "A frame that was delivered stays readable after the source is disposed.", FramesOutlive),
        new("cancellation-stops", "Cancelling the token, before or during the reading, ends it with OperationCanceledException.", CancellationStops),
        new(NoLeak, "When the reader stops early and disposes what it has, no frame is left outstanding.", BreakLeaksNothing),
        new("second-enumeration-is-refused", "A source can be enumerated once; a second time throws InvalidOperationException.", SecondEnumeration),
        new("disposed-source-is-refused", "Reading after DisposeAsync throws ObjectDisposedException.", Disposed),
        new("dispose-ends-the-reading", "DisposeAsync during the reading ends it: by the end of the stream, ObjectDisposedException or OperationCanceledException.", DisposeDuring),
        new("dispose-twice-is-harmless", "DisposeAsync may be repeated.", DisposeTwice),
    ]);

    /// <summary>The names of all laws.</summary>
    public static IReadOnlyList<string> Names => Book.Names;

    /// <summary>What a law promises, in a sentence.</summary>
    /// <param name="law">The law's name.</param>
    /// <exception cref="ArgumentException">There is no such law.</exception>
    public static string PromiseOf(string law) => Book[law].Promise;

    /// <summary>Checks one law on fresh sources.</summary>
    /// <param name="law">The law's name.</param>
    /// <param name="subject">The source.</param>
    /// <returns>Whether the law is kept or waived.</returns>
    /// <exception cref="ArgumentException">There is no such law.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="subject"/> is null.</exception>
    /// <exception cref="LawBrokenException">The law is broken.</exception>
    public static Task<LawOutcome> CheckAsync(string law, FrameSourceSubject subject) => Judge.CheckAsync(Book[law], subject);

    private static Task SequenceRises(FrameSourceSubject subject) => Rises(subject, "sequence", frame => frame.Sequence);

    private static Task TimestampsRise(FrameSourceSubject subject) => Rises(subject, "timestamp", frame => frame.Timestamp.Ticks);

    private static async Task Rises(FrameSourceSubject subject, string what, Func<Frame, long> of)
    {
        await using var reading = new FrameReading(subject);
        long last = -1;
        for (int i = 0; i < FrameCount; i++)
        {
            using Frame frame = await reading.NextAsync().ConfigureAwait(false);
            long value = of(frame);
            Expect.That(value > last, i == 0 ? $"The first {what} is {value}." : $"The {what} of frame {i + 1} is {value}, that of the frame before is {last}.");
            last = value;
        }
    }

    private static async Task InfoIsStable(FrameSourceSubject subject)
    {
        var reading = new FrameReading(subject);
        FrameSourceInfo before = reading.Source.Info;
        await using (reading.ConfigureAwait(false))
        {
            Expect.That(before is not null, "Info is null.");
            Expect.That(!string.IsNullOrWhiteSpace(before.Name), "Info.Name is empty.");
            using Frame frame = await reading.NextAsync().ConfigureAwait(false);
            Expect.That(reading.Source.Info == before, $"Info was {before} and is {reading.Source.Info} after the first frame.");
            Expect.That((before.Width ?? frame.View.Width) == frame.View.Width, $"Info.Width is {before.Width}, a frame's is {frame.View.Width}.");
            Expect.That((before.Height ?? frame.View.Height) == frame.View.Height, $"Info.Height is {before.Height}, a frame's is {frame.View.Height}.");
        }

        Expect.That(reading.Source.Info == before, $"Info was {before} and is {reading.Source.Info} after DisposeAsync.");
    }

    private static async Task FramesAreIndependent(FrameSourceSubject subject)
    {
        await using var reading = new FrameReading(subject);
        var frames = new List<Frame>();
        var pixels = new List<byte[]>();
        for (int i = 0; i < FrameCount; i++)
        {
            Frame frame = await reading.NextAsync().ConfigureAwait(false);
            frames.Add(frame);
            pixels.Add(frame.View.Pixels.ToArray());
        }

        // From the middle outwards, so that neither "the last" nor "the first" is a special case.
        foreach (int disposed in (ReadOnlySpan<int>)[1, 2, 0])
        {
            frames[disposed].Dispose();
            frames[disposed] = frames[^1];
            pixels[disposed] = pixels[^1];
            for (int i = 0; i < FrameCount; i++)
            {
                Expect.That(frames[i].View.Pixels.Span.SequenceEqual(pixels[i]), "The pixels of a frame changed while others arrived or were disposed.");
            }
        }

        frames[^1].Dispose();
    }

    private static async Task FramesOutlive(FrameSourceSubject subject)
    {
        var reading = new FrameReading(subject);
        using Frame frame = await reading.NextAsync().ConfigureAwait(false);
        byte[] pixels = frame.View.Pixels.ToArray();
        await reading.DisposeAsync().ConfigureAwait(false);
        Expect.That(frame.View.Pixels.Span.SequenceEqual(pixels), "The pixels of a frame changed when its source was disposed.");
    }

    private static async Task CancellationStops(FrameSourceSubject subject)
    {
        await using (var never = new FrameReading(subject, new CancellationToken(canceled: true)))
        {
            await Cancelled(never, "With a token that was cancelled before").ConfigureAwait(false);
        }

        using var stop = new CancellationTokenSource();
        await using var reading = new FrameReading(subject, stop.Token);
        (await reading.NextAsync().ConfigureAwait(false)).Dispose();
        await stop.CancelAsync().ConfigureAwait(false);
        await Cancelled(reading, "After the token was cancelled").ConfigureAwait(false);
    }

    private static async Task Cancelled(FrameReading reading, string when)
    {
        Exception? exception = await reading.EndAsync(when).ConfigureAwait(false);
        Expect.That(exception is OperationCanceledException, $"{when} the reading ended by {Name(exception)} instead of OperationCanceledException.");
    }

    private static async Task BreakLeaksNothing(FrameSourceSubject subject)
    {
        await using var reading = new FrameReading(subject);
        (await reading.NextAsync().ConfigureAwait(false)).Dispose();
        using (Frame held = await reading.NextAsync().ConfigureAwait(false))
        {
            long count = subject.Outstanding!(reading.Source);
            Expect.That(count >= 1, $"While the reader holds a frame, the count of outstanding frames is {count}: it does not count.");
        }

        await reading.StopAsync().ConfigureAwait(false);
        long left = subject.Outstanding(reading.Source);
        Expect.That(left == 0, $"After the reader had stopped, {left} frame(s) were outstanding.");
    }

    private static async Task SecondEnumeration(FrameSourceSubject subject)
    {
        await using var reading = new FrameReading(subject);
        (await reading.NextAsync().ConfigureAwait(false)).Dispose();
        Exception? exception = await FrameReading.StartAsync(reading.Source).ConfigureAwait(false);
        Expect.That(exception is InvalidOperationException and not ObjectDisposedException, $"The second enumeration ended by {Name(exception)} instead of InvalidOperationException.");
    }

    private static async Task Disposed(FrameSourceSubject subject)
    {
        IFrameSource source = subject.Create();
        await source.DisposeAsync().ConfigureAwait(false);
        Exception? exception = await FrameReading.StartAsync(source).ConfigureAwait(false);
        Expect.That(exception is ObjectDisposedException, $"Reading a disposed source ended by {Name(exception)} instead of ObjectDisposedException.");
    }

    private static async Task DisposeDuring(FrameSourceSubject subject)
    {
        await using var reading = new FrameReading(subject);
        (await reading.NextAsync().ConfigureAwait(false)).Dispose();
        await reading.Source.DisposeAsync().AsTask().WaitAsync(subject.Timeout).ConfigureAwait(false);
        Exception? exception = await reading.EndAsync("After DisposeAsync").ConfigureAwait(false);
        Expect.That(exception is null or ObjectDisposedException or OperationCanceledException, $"After DisposeAsync the reading ended by {Name(exception)}.");
    }

    private static async Task DisposeTwice(FrameSourceSubject subject)
    {
        IFrameSource source = subject.Create();
        await source.DisposeAsync().ConfigureAwait(false);
        await source.DisposeAsync().ConfigureAwait(false);
    }

    private static string Name(Exception? exception) => exception is null ? "a frame or the end of the stream" : $"{exception.GetType().Name} ({exception.Message})";
}
