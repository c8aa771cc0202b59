using System.Buffers;
using System.Runtime.CompilerServices;

namespace FerSharp.Testing.Tests;

/// <summary>A frame source that keeps all laws but for what the test replaces.</summary>
internal sealed class BrokenSource(FakeFrameSource inner) : IFrameSource
{
    public FakeFrameSource Inner => inner;

    public Func<FrameSourceInfo>? InfoOverride { get; init; }

    public Func<CancellationToken, IAsyncEnumerable<Frame>>? Read { get; init; }

    public Func<ValueTask>? DisposeOverride { get; init; }

    public Func<long>? OutstandingOverride { get; init; }

    public FrameSourceInfo Info => InfoOverride is null ? inner.Info : InfoOverride();

    public long Outstanding => OutstandingOverride is null ? inner.Outstanding : OutstandingOverride();

    public IAsyncEnumerable<Frame> ReadFramesAsync(CancellationToken cancellationToken = default) => Read is null ? inner.ReadFramesAsync(cancellationToken) : Read(cancellationToken);

    public ValueTask DisposeAsync() => DisposeOverride is null ? inner.DisposeAsync() : DisposeOverride();
}

/// <summary>For each law of frame sources at least one subject that breaks it. <c>Also</c> names laws that cannot but break with it.</summary>
internal static class BrokenSourceCases
{
    public sealed record Case(string Law, string How, Func<BrokenSource> Create, params string[] Also);

    public static IReadOnlyList<Case> All { get; } =
    [
        new("sequence-rises", "always 0", () => Each((frame, _) => Restamp(frame, 0, frame.Timestamp))),
        new("timestamps-rise", "backwards", () => Each((frame, _) => Restamp(frame, frame.Sequence, TimeSpan.FromSeconds(9 - frame.Sequence)))),
        new("info-is-stable-and-true", "the wrong size", () => new BrokenSource(new FakeFrameSource(9) { Info = new FrameSourceInfo("fake", false, 640, 480) })),
        new("info-is-stable-and-true", "learns its size", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner) { InfoOverride = () => inner.Delivered == 0 ? inner.Info : inner.Info with { Width = 128 } };
        }),
        new("frames-are-independent", "one buffer for all", () =>
        {
            byte[] shared = new byte[128 * 128 * 3];
            return Each((frame, _) =>
            {
                frame.View.Pixels.CopyTo(shared);
                shared[0] = (byte)frame.Sequence;
                return Rewrap(frame, new Owner(shared, frame.Dispose));
            });
        }),
        new("frames-outlive-the-source", "takes its memory along", () =>
        {
            var inner = new FakeFrameSource(9);
            var lent = new List<byte[]>();
            return new BrokenSource(inner)
            {
                Read = token => Map(inner, frame =>
                {
                    byte[] own = frame.View.Pixels.ToArray();
                    lent.Add(own);
                    return Rewrap(frame, new Owner(own, frame.Dispose));
                }, token),
                DisposeOverride = () =>
                {
                    lent.ForEach(Array.Clear);
                    return inner.DisposeAsync();
                },
            };
        }),
        new("cancellation-stops", "ends as if the stream had ended", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner) { Read = token => Quiet(inner, token) };
        }),
        new("cancellation-stops", "ignores the token", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner) { Read = _ => Deaf(inner) };
        }),
        new("early-break-leaks-nothing", "reads ahead and forgets", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner) { Read = token => Ahead(inner, token) };
        }),
        new("early-break-leaks-nothing", "does not count", () => new BrokenSource(new FakeFrameSource(9)) { OutstandingOverride = () => 0 }),
        new("second-enumeration-is-refused", "starts again", () =>
        {
            var current = new FakeFrameSource(9);
            bool disposed = false;
            return new BrokenSource(current)
            {
                Read = token =>
                {
                    ObjectDisposedException.ThrowIf(disposed, current);
                    current = current.Delivered == 0 ? current : new FakeFrameSource(9);
                    return current.ReadFramesAsync(token);
                },
                DisposeOverride = () =>
                {
                    disposed = true;
                    return current.DisposeAsync();
                },
            };
        }),
        new("disposed-source-is-refused", "an empty stream", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner) { Read = token => inner.IsDisposed ? new FakeFrameSource(0).ReadFramesAsync(token) : inner.ReadFramesAsync(token) };
        }),
        new("dispose-ends-the-reading", "waits for ever", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner) { Read = token => Stuck(inner, token) };
        }),
        new("dispose-ends-the-reading", "falls over", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner)
            {
                Read = token => Map(inner, frame => frame, token, exception => exception is ObjectDisposedException && inner.Delivered > 0 ? new NotSupportedException("The camera is gone.") : exception),
            };
        }),
        new("dispose-twice-is-harmless", "throws the second time", () =>
        {
            var inner = new FakeFrameSource(9);
            return new BrokenSource(inner) { DisposeOverride = () => inner.IsDisposed && inner.Delivered == 0 ? throw new ObjectDisposedException("source") : inner.DisposeAsync() };
        }),
    ];

    private static BrokenSource Each(Func<Frame, int, Frame> change)
    {
        var inner = new FakeFrameSource(9);
        int count = 0;
        return new BrokenSource(inner) { Read = token => Map(inner, frame => change(frame, count++), token) };
    }

    private static IAsyncEnumerable<Frame> Map(FakeFrameSource inner, Func<Frame, Frame> map, CancellationToken token, Func<Exception, Exception>? failure = null) =>
        MapEach(inner.ReadFramesAsync(token), map, failure ?? (exception => exception));

    private static async IAsyncEnumerable<Frame> MapEach(IAsyncEnumerable<Frame> source, Func<Frame, Frame> map, Func<Exception, Exception> failure)
    {
        await using IAsyncEnumerator<Frame> frames = source.GetAsyncEnumerator();
        while (true)
        {
            bool any;
            try
            {
                any = await frames.MoveNextAsync();
            }
            catch (Exception exception)
            {
                throw failure(exception);
            }

            if (!any)
            {
                yield break;
            }

            yield return map(frames.Current);
        }
    }

    // No EnumeratorCancellation: whatever token the reader passes is lost.
    private static async IAsyncEnumerable<Frame> Deaf(FakeFrameSource inner)
    {
        await foreach (Frame frame in inner.ReadFramesAsync(CancellationToken.None))
        {
            yield return frame;
        }
    }

    private static async IAsyncEnumerable<Frame> Quiet(FakeFrameSource inner, [EnumeratorCancellation] CancellationToken token)
    {
        await foreach (Frame frame in inner.ReadFramesAsync(CancellationToken.None))
        {
            if (token.IsCancellationRequested)
            {
                frame.Dispose();
                yield break;
            }

            yield return frame;
        }
    }

    private static async IAsyncEnumerable<Frame> Ahead(FakeFrameSource inner, [EnumeratorCancellation] CancellationToken token)
    {
        Frame? ahead = null;
        await foreach (Frame frame in inner.ReadFramesAsync(token))
        {
            if (ahead is not null)
            {
                yield return ahead;
            }

            ahead = frame;
        }
    }

    private static async IAsyncEnumerable<Frame> Stuck(FakeFrameSource inner, [EnumeratorCancellation] CancellationToken token)
    {
        await using IAsyncEnumerator<Frame> frames = inner.ReadFramesAsync(token).GetAsyncEnumerator(token);
        while (true)
        {
            bool any;
            try
            {
                any = await frames.MoveNextAsync();
            }
            catch (ObjectDisposedException) when (inner.Delivered > 0)
            {
                await Task.Delay(Timeout.Infinite, token);
                throw;
            }

            if (!any)
            {
                yield break;
            }

            yield return frames.Current;
        }
    }

    private static Frame Restamp(Frame frame, long sequence, TimeSpan timestamp) =>
        Frame.Create(new Owner(frame.View.Pixels.ToArray(), frame.Dispose), frame.View.Width, frame.View.Height, frame.View.Format, 0, sequence, timestamp);

    private static Frame Rewrap(Frame frame, Owner owner) =>
        Frame.Create(owner, frame.View.Width, frame.View.Height, frame.View.Format, 0, frame.Sequence, frame.Timestamp);

    private sealed class Owner(byte[] bytes, Action release) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose() => release();
    }
}
