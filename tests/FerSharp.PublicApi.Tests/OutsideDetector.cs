namespace FerSharp.PublicApi.Tests;

/// <summary>A detector that somebody outside FerSharp might write: bright, compact blobs are faces. Plain C#, no model.</summary>
public sealed class OutsideDetector : IFaceDetector
{
    private volatile bool _disposed;

    public ModelInfo Model { get; } = OutsideModel.Describe("bright-blobs", ModelTask.FaceDetection, default);

    public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (frame.IsEmpty)
        {
            throw new ArgumentException("There is no picture.", nameof(frame));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var open = new HashSet<(int X, int Y)>();
        for (int y = 0; y < frame.Height; y++)
        {
            for (int x = 0; x < frame.Width; x++)
            {
                if (OutsideModel.Brightness(frame, x, y) > 130)
                {
                    open.Add((x, y));
                }
            }
        }

        var faces = new List<FaceDetection>();
        for (var todo = new Stack<(int X, int Y)>(); open.Count > 0;)
        {
            todo.Push(open.First());
            open.Remove(todo.Peek());
            (int left, int top, int right, int bottom, int area) = (int.MaxValue, int.MaxValue, 0, 0, 0);
            while (todo.TryPop(out (int X, int Y) at))
            {
                (left, top, right, bottom, area) = (Math.Min(left, at.X), Math.Min(top, at.Y), Math.Max(right, at.X + 1), Math.Max(bottom, at.Y + 1), area + 1);
                foreach ((int X, int Y) next in (ReadOnlySpan<(int, int)>)[(at.X - 1, at.Y), (at.X + 1, at.Y), (at.X, at.Y - 1), (at.X, at.Y + 1)])
                {
                    if (open.Remove(next))
                    {
                        todo.Push(next);
                    }
                }
            }

            var box = new RectF(left, top, right - left, bottom - top);
            if (area > 60 && area / box.Area is > 0.6f and < 0.9f)
            {
                faces.Add(new FaceDetection(box, area / box.Area));
            }
        }

        int count = Math.Min(faces.Count, destination.Length);
        faces.OrderByDescending(face => face.Score).ThenBy(face => face.Box.X).Take(count).ToArray().CopyTo(destination);
        return count;
    }

    public void Dispose() => _disposed = true;
}
