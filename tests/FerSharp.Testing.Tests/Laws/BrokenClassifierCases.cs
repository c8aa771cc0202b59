using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FerSharp.Testing.Tests;

internal delegate void Classifying(IEmotionClassifier inner, ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken);

/// <summary>A classifier that keeps all laws but for what the test replaces.</summary>
internal sealed class BrokenClassifier(Classifying? classify = null, Action<FakeEmotionClassifier>? dispose = null, Func<FakeEmotionClassifier, ModelInfo>? model = null) : IEmotionClassifier
{
    private readonly FakeEmotionClassifier _inner = new();

    public ModelInfo Model => model is null ? _inner.Model : model(_inner);

    public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default)
    {
        if (classify is null)
        {
            _inner.Classify(faces, destination, cancellationToken);
        }
        else
        {
            classify(_inner, faces, destination, cancellationToken);
        }
    }

    public void Dispose()
    {
        if (dispose is null)
        {
            _inner.Dispose();
        }
        else
        {
            dispose(_inner);
        }
    }
}

/// <summary>For each law of classifiers at least one subject that breaks it. <c>Also</c> names laws that cannot but break with it.</summary>
internal static class BrokenClassifierCases
{
    public sealed record Case(string Law, string How, Func<IEmotionClassifier> Create, params string[] Also);

    // A field, because the JIT keeps an array that nobody sees off the heap.
    public static byte[]? Garbage { get; set; }

    public static IReadOnlyList<Case> All { get; } =
    [
        new("model-info-is-complete", "no backend", () => new BrokenClassifier(model: inner => inner.Model with { Backend = " " })),
        new("model-info-is-complete", "other expressions than the manifest", () => new BrokenClassifier(model: inner => inner.Model with { Emotions = EmotionSet.All })),
        new("scores-are-probabilities", "a sum of 1.0005", () => new BrokenClassifier(Each((scores, _) => Change(scores, values => values[0] += 0.0005f)))),
        new("scores-are-probabilities", "no scores", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            inner.Classify(faces, destination, token);
            destination[..faces.Length].Clear();
        }), "different-faces-differ", "faces-may-reach-outside", "whole-pictures-are-faces"),
        new("affect-is-in-range-or-absent", "valence as a percentage", () => new BrokenClassifier(Each((scores, _) => Change(scores, _ => { }, valence: 55)))),
        new("affect-is-in-range-or-absent", "infinite arousal", () => new BrokenClassifier(Each((scores, _) => Change(scores, _ => { }, arousal: float.PositiveInfinity)))),
        new("unknown-expressions-are-zero", "a little contempt", () => new BrokenClassifier(Each((scores, _) => Change(scores, values => (values[0], values[7]) = (values[0] - 1e-6f, 1e-6f))))),
        new("different-faces-differ", "the same for all", () => new BrokenClassifier(Each((_, _) => Change(default, values => values[0] = 1)))),
        new("batch-equals-singles", "depends on the batch's size", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            inner.Classify(faces, destination, token);
            for (int i = 16; i < faces.Length; i++)
            {
                destination[i] = destination[0];
            }
        })),
        new("order-follows-the-faces", "sorts the results of three faces", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            inner.Classify(faces, destination, token);
            if (faces.Length == 3)
            {
                destination[..3].Sort((a, b) => b[Emotion.Anger].CompareTo(a[Emotion.Anger]));
            }
        }), "batch-equals-singles"),
        new("batch-may-mix-pictures", "looks at the first picture only", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            FaceRegion[] regions = faces.ToArray();
            if (Array.TrueForAll(regions, region => !region.Frame.IsEmpty))
            {
                FrameView first = regions.Length > 0 ? regions[0].Frame : default;
                regions = [.. regions.Select(region => new FaceRegion(first, new FaceDetection(region.Face.Box with { X = Math.Min(region.Face.Box.X, first.Width - 0.1f), Y = Math.Min(region.Face.Box.Y, first.Height - 0.1f) }, 1)))];
            }

            inner.Classify(regions, destination, token);
        })),
        new("empty-batch-is-no-work", "refuses no faces", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            ArgumentOutOfRangeException.ThrowIfZero(faces.Length);
            inner.Classify(faces, destination, token);
        })),
        new("nothing-is-written-past-the-faces", "clears the rest", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            inner.Classify(faces, destination, token);
            if (!faces.IsEmpty)
            {
                destination[faces.Length..].Clear();
            }
        })),
        new("short-destination-is-refused", "fills what there is", () => new BrokenClassifier((inner, faces, destination, token) =>
            inner.Classify(faces[..Math.Min(faces.Length, destination.Length)], destination, token))),
        new("short-destination-is-refused", "writes, then throws", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            int room = Math.Min(faces.Length, destination.Length);
            inner.Classify(faces[..room], destination, token);
            inner.Classify(faces[room..], destination[room..], token);
        })),
        new("default-region-is-refused", "skips it", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            int next = 0;
            foreach (FaceRegion face in faces)
            {
                next += face.Frame.IsEmpty ? 1 : 0;
            }

            inner.Classify(faces[..(next > 0 ? faces.Length - 1 : faces.Length)], destination, token);
        })),
        new("default-region-is-refused", "writes, then throws", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            if (faces.Length > destination.Length || faces.IsEmpty)
            {
                inner.Classify(faces, destination, token);
            }

            for (int i = 0; i < faces.Length; i++)
            {
                inner.Classify(faces.Slice(i, 1), destination.Slice(i, 1), token);
            }
        })),
        new("faces-may-reach-outside", "indexes outside", () => new BrokenClassifier(Each((scores, face) =>
            face.Face.Box is { X: >= 0, Y: >= 0 } box && box.Right <= face.Frame.Width && box.Bottom <= face.Frame.Height ? scores : throw new InvalidOperationException("Outside.")))),
        new("whole-pictures-are-faces", "too small", () => new BrokenClassifier(Each((scores, face) => face.Frame.Width > 1 ? scores : throw new NotSupportedException("Too small.")))),
        new("same-picture-same-answer", "a grain of chance", () =>
        {
            int calls = 0;
            return new BrokenClassifier(Each((scores, _) => Change(scores, values =>
            {
                float grain = 3e-6f * (Interlocked.Increment(ref calls) % 2);
                (values[0], values[1]) = (values[0] - grain, values[1] + grain);
            })));
        }),
        new("concurrent-calls-agree", "one call at a time", () =>
        {
            int inside = 0;
            return new BrokenClassifier((inner, faces, destination, token) =>
            {
                bool alone = Interlocked.Increment(ref inside) == 1;
                try
                {
                    Thread.Sleep(1);
                    inner.Classify(faces, destination, token);
                    if (!alone)
                    {
                        destination[0] = destination[faces.Length - 1];
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref inside);
                }
            });
        }),
        new("input-is-unchanged", "marks the first pixel", () => new BrokenClassifier(Pictures(frame =>
        {
            MemoryMarshal.AsMemory(frame.Pixels).Span[0] ^= 1;
            return frame;
        }))),
        new("nothing-is-retained", "keeps a pin", () => new BrokenClassifier(Pictures(frame =>
        {
            _ = frame.Pixels.Pin();
            return frame;
        }))),
        new("nothing-is-retained", "reads the picture in Dispose", () =>
        {
            FrameView last = default;
            return new BrokenClassifier(Pictures(frame => last = frame), dispose: inner =>
            {
                _ = last.IsEmpty || last.GetRow(0).Length == 0;
                inner.Dispose();
            });
        }),
        new("reused-buffer-is-read-anew", "remembers by memory", () =>
        {
            var memory = new ConcurrentDictionary<FaceRegion, EmotionScores>();
            return new BrokenClassifier(Each((scores, face) => memory.GetOrAdd(face, scores)));
        }),
        new("padded-rows-do-not-matter", "ignores the stride", () => new BrokenClassifier(Pictures(frame => new FrameView(frame.Pixels, frame.Width, frame.Height, frame.Format))),
            "sub-views-do-not-matter"),
        new("sub-views-do-not-matter", "starts at the array's start", () => new BrokenClassifier(Pictures(frame =>
            MemoryMarshal.TryGetArray(frame.Pixels, out ArraySegment<byte> segment) ? new FrameView(segment.Array, frame.Width, frame.Height, frame.Format, frame.Stride) : frame))),
        new("pixel-formats-do-not-matter", "swaps red and blue", () => new BrokenClassifier(Pictures(frame =>
            frame.Format == PixelFormat.Bgra32 ? new FrameView(frame.Pixels, frame.Width, frame.Height, PixelFormat.Rgba32, frame.Stride) : frame))),
        new("cancelled-token-throws", "ignores the token", () => new BrokenClassifier((inner, faces, destination, _) => inner.Classify(faces, destination, CancellationToken.None))),
        new("disposed-throws", "lives on", () => new BrokenClassifier(dispose: _ => { })),
        new("dispose-twice-is-harmless", "throws the second time", () => new BrokenClassifier(dispose: inner =>
        {
            ObjectDisposedException.ThrowIf(inner.IsDisposed, inner);
            inner.Dispose();
        })),
        new("model-is-readable-after-dispose", "forgets its version", () => new BrokenClassifier(model: inner => inner.IsDisposed ? inner.Model with { Version = "?" } : inner.Model)),
        new("steady-state-stays-in-budget", "an array for each call", () => new BrokenClassifier((inner, faces, destination, token) =>
        {
            Garbage = new byte[100];
            inner.Classify(faces, destination, token);
        })),
    ];

    private static Classifying Each(Func<EmotionScores, FaceRegion, EmotionScores> change) => (inner, faces, destination, token) =>
    {
        inner.Classify(faces, destination, token);
        for (int i = 0; i < faces.Length; i++)
        {
            destination[i] = change(destination[i], faces[i]);
        }
    };

    /// <summary>Looks at other pictures than those given.</summary>
    private static Classifying Pictures(Func<FrameView, FrameView> change) => (inner, faces, destination, token) =>
    {
        var regions = new FaceRegion[faces.Length];
        for (int i = 0; i < faces.Length; i++)
        {
            regions[i] = faces[i].Frame.IsEmpty ? default : new FaceRegion(change(faces[i].Frame), faces[i].Face);
        }

        inner.Classify(regions, destination, token);
    };

    private static EmotionScores Change(in EmotionScores scores, Action<float[]> change, float valence = float.NaN, float arousal = float.NaN)
    {
        float[] values = new float[EmotionScores.Count];
        scores.CopyTo(values);
        change(values);
        return new EmotionScores(values, valence, arousal);
    }
}
