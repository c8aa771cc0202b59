namespace FerSharp.Testing.Tests;

internal delegate int Detecting(IFaceDetector inner, in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken);

/// <summary>A detector that keeps all laws but for what the test replaces.</summary>
internal sealed class BrokenDetector(Detecting? detect = null, Action<FakeFaceDetector>? dispose = null, Func<FakeFaceDetector, ModelInfo>? model = null) : IFaceDetector
{
    private readonly FakeFaceDetector _inner = new();

    public ModelInfo Model => model is null ? _inner.Model : model(_inner);

    public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default) =>
        detect is null ? _inner.Detect(frame, destination, cancellationToken) : detect(_inner, frame, destination, cancellationToken);

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

/// <summary>Ways to break a detector's answer.</summary>
internal static class Breaking
{
    /// <summary>Finds the faces, then changes each.</summary>
    public static Detecting Each(Func<FaceDetection, FrameView, FaceDetection> change) => All((faces, frame) =>
    {
        for (int i = 0; i < faces.Length; i++)
        {
            faces[i] = change(faces[i], frame);
        }

        return faces;
    });

    /// <summary>Finds all faces, changes the list, then cuts it to the destination.</summary>
    public static Detecting All(Func<FaceDetection[], FrameView, FaceDetection[]> change) => (inner, in frame, destination, token) =>
    {
        if (destination.IsEmpty)
        {
            return inner.Detect(frame, destination, token);
        }

        var room = new FaceDetection[FakeFaceDetector.MaxFaces];
        FaceDetection[] faces = change(room[..inner.Detect(frame, room, token)], frame);
        int count = Math.Min(faces.Length, destination.Length);
        faces.AsSpan(0, count).CopyTo(destination);
        return count;
    };

    /// <summary>Looks at another picture than the one given.</summary>
    public static Detecting Picture(Func<FrameView, FrameView> change) => (inner, in frame, destination, token) =>
        inner.Detect(frame.IsEmpty ? frame : change(frame), destination, token);
}
