using System.Runtime.InteropServices;

namespace FerSharp.Testing.Tests;

/// <summary>For each law of detectors at least one subject that breaks it. <c>Also</c> names laws that cannot but break with it.</summary>
internal static class BrokenDetectorCases
{
    public sealed record Case(string Law, string How, Func<IFaceDetector> Create, params string[] Also);

    public static IReadOnlyList<Case> All { get; } =
    [
        new("model-info-is-complete", "no version", () => new BrokenDetector(model: inner => inner.Model with { Version = "" })),
        new("model-info-is-complete", "a classifier's task", () => new BrokenDetector(model: inner => inner.Model with { Manifest = inner.Model.Manifest with { Task = ModelTask.EmotionClassification } })),
        new("finds-the-faces-of-the-scene", "scores too low", () => new BrokenDetector(Breaking.Each((face, _) => face with { Score = face.Score / 2 })),
            "shift-moves-faces", "enlargement-enlarges-faces", "mirror-swaps-left-and-right"),
        new("blank-picture-has-no-face", "a face where all is one colour", () => new BrokenDetector(Breaking.All((faces, frame) =>
            faces.Length == 0 && frame.Width == 128 ? [new FaceDetection(new RectF(1, 1, 5, 5), 0.9f)] : faces))),
        new("faces-are-well-formed", "scores above 1", () => new BrokenDetector(Breaking.Each((face, _) => face with { Score = 2 * face.Score }))),
        new("faces-are-well-formed", "NaN", () => new BrokenDetector(Breaking.All((faces, _) => [.. faces, .. faces.Length > 0 ? [new FaceDetection(new RectF(1, 1, float.NaN, 5), 0.1f)] : (FaceDetection[])[]]))),
        new("best-face-comes-first", "worst first", () => new BrokenDetector(Breaking.All((faces, _) => [.. faces.Reverse()]))),
        new("nothing-is-written-past-the-count", "clears the rest", () => new BrokenDetector((inner, in frame, destination, token) =>
        {
            int count = inner.Detect(frame, destination, token);
            destination[count..].Clear();
            return count;
        })),
        new("smaller-capacity-gives-the-prefix", "the worst faces for little room", () => new BrokenDetector((inner, in frame, destination, token) =>
        {
            var room = new FaceDetection[FakeFaceDetector.MaxFaces];
            int found = inner.Detect(frame, room, token);
            int count = Math.Min(found, destination.Length);
            room.AsSpan(found - count, count).CopyTo(destination);
            return count;
        })),
        new("zero-capacity-gives-zero", "counts all", () => new BrokenDetector((inner, in frame, destination, token) =>
            destination.IsEmpty ? inner.Detect(frame, new FaceDetection[FakeFaceDetector.MaxFaces], token) : inner.Detect(frame, destination, token))),
        new("empty-frame-is-refused", "no face in an empty picture", () => new BrokenDetector((inner, in frame, destination, token) =>
            frame.IsEmpty ? 0 : inner.Detect(frame, destination, token))),
        new("extreme-shapes-survive", "too small to look at", () => new BrokenDetector(Breaking.Picture(frame =>
            frame.Width < 4 || frame.Height < 4 ? throw new NotSupportedException("Too small.") : frame))),
        new("shift-moves-faces", "magnifies about the picture's middle", () => new BrokenDetector(Breaking.Each((face, frame) =>
            face with { Box = face.Box with { X = face.Box.X + (0.5f * (face.Box.Center.X - (frame.Width / 2f))) } }))),
        new("enlargement-enlarges-faces", "boxes of one size", () => new BrokenDetector(Breaking.Each((face, _) =>
            face with { Box = new RectF(face.Box.Center.X - 10, face.Box.Center.Y - 10, 20, 20) }))),
        new("mirror-swaps-left-and-right", "boxes too far right", () => new BrokenDetector(Breaking.Each((face, _) =>
            face with { Box = face.Box with { X = face.Box.X + (0.3f * face.Box.Width) } }))),
        new("mirror-swaps-left-and-right", "the person's left", () => new BrokenDetector(Breaking.Each((face, _) =>
            face with { Landmarks = new FaceLandmarks(face.Landmarks.RightEye, face.Landmarks.LeftEye, face.Landmarks.Nose, face.Landmarks.RightMouth, face.Landmarks.LeftMouth) }))),
        new("same-picture-same-answer", "a grain of chance", () =>
        {
            int calls = 0;
            return new BrokenDetector(Breaking.Each((face, _) => face with { Score = face.Score + (1e-5f * (Interlocked.Increment(ref calls) % 2)) }));
        }, "smaller-capacity-gives-the-prefix"),
        new("concurrent-calls-agree", "one call at a time", () =>
        {
            int inside = 0;
            return new BrokenDetector((inner, in frame, destination, token) =>
            {
                bool alone = Interlocked.Increment(ref inside) == 1;
                Thread.Sleep(1);
                int count = inner.Detect(frame, destination, token);
                Interlocked.Decrement(ref inside);
                return alone ? count : 0;
            });
        }),
        new("input-is-unchanged", "marks the first pixel", () => new BrokenDetector(Breaking.Picture(frame =>
        {
            MemoryMarshal.AsMemory(frame.Pixels).Span[0] ^= 1;
            return frame;
        }))),
        new("input-is-unchanged", "clears the padding", () => new BrokenDetector(Breaking.Picture(frame =>
        {
            int row = frame.Width * frame.Format.BytesPerPixel();
            MemoryMarshal.AsMemory(frame.Pixels).Span[row..Math.Max(row, Math.Min(frame.Stride, frame.Pixels.Length))].Clear();
            return frame;
        }))),
        new("nothing-is-retained", "reads the picture before", () =>
        {
            FrameView last = default;
            return new BrokenDetector(Breaking.Picture(frame =>
            {
                _ = last.IsEmpty || last.GetRow(0).Length == 0;
                return last = frame;
            }));
        }),
        new("nothing-is-retained", "keeps a pin", () => new BrokenDetector(Breaking.Picture(frame =>
        {
            _ = frame.Pixels.Pin();
            return frame;
        }))),
        new("reused-buffer-is-read-anew", "remembers by memory", () =>
        {
            var memory = new System.Collections.Concurrent.ConcurrentDictionary<FrameView, FaceDetection[]>();
            return new BrokenDetector(Breaking.All((faces, frame) => memory.GetOrAdd(frame, faces)));
        }),
        new("padded-rows-do-not-matter", "believes in multiples of four", () => new BrokenDetector(Breaking.Picture(frame =>
            frame.Stride == frame.Width * frame.Format.BytesPerPixel() ? frame : new FrameView(frame.Pixels, frame.Width, frame.Height, frame.Format))), "sub-views-do-not-matter"),
        new("sub-views-do-not-matter", "starts at the array's start", () => new BrokenDetector(Breaking.Picture(frame =>
            MemoryMarshal.TryGetArray(frame.Pixels, out ArraySegment<byte> segment) ? new FrameView(segment.Array, frame.Width, frame.Height, frame.Format, frame.Stride) : frame))),
        new("pixel-formats-do-not-matter", "swaps red and blue", () => new BrokenDetector(Breaking.Picture(frame =>
            frame.Format == PixelFormat.Bgr24 ? new FrameView(frame.Pixels, frame.Width, frame.Height, PixelFormat.Rgb24, frame.Stride) : frame))),
        new("pixel-formats-do-not-matter", "no gray", () => new BrokenDetector(Breaking.All((faces, frame) => frame.Format == PixelFormat.Gray8 ? [] : faces))),
        new("cancelled-token-throws", "ignores the token", () => new BrokenDetector((inner, in frame, destination, _) => inner.Detect(frame, destination, CancellationToken.None))),
        new("disposed-throws", "lives on", () => new BrokenDetector(dispose: _ => { })),
        new("dispose-twice-is-harmless", "throws the second time", () => new BrokenDetector(dispose: inner =>
        {
            ObjectDisposedException.ThrowIf(inner.IsDisposed, inner);
            inner.Dispose();
        })),
        new("model-is-readable-after-dispose", "Model throws", () => new BrokenDetector(model: inner => inner.IsDisposed ? throw new ObjectDisposedException("model") : inner.Model)),
        new("steady-state-stays-in-budget", "an array for each call", () => new BrokenDetector((inner, in frame, destination, token) =>
        {
            BrokenClassifierCases.Garbage = new byte[100];
            return inner.Detect(frame, destination, token);
        })),
    ];
}
