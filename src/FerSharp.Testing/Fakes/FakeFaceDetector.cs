using System.Buffers;

namespace FerSharp.Testing;

/// <summary>Finds the faces of a picture, in any order; what a <see cref="FakeFaceDetector"/> is made of.</summary>
/// <param name="frame">The picture, borrowed.</param>
/// <param name="destination">Room for <see cref="FakeFaceDetector.MaxFaces"/> faces.</param>
/// <returns>How many were written.</returns>
public delegate int FaceFinder(in FrameView frame, Span<FaceDetection> destination);

/// <summary>A detector without a model that keeps every promise of <see cref="IFaceDetector"/>, as far as its callback does.</summary>
/// <remarks>
/// It checks arguments, token and disposal, sorts the faces by score and cuts them to the destination. Thread-safe if the callback is.
/// By itself it finds the drawn faces of <see cref="SyntheticFrames"/> in the pixels.
/// </remarks>
public sealed class FakeFaceDetector : IFaceDetector
{
    /// <summary>Most faces that a callback may return: 64.</summary>
    public const int MaxFaces = 64;

    private readonly FaceFinder _find;
    private int _calls;
    private volatile bool _disposed;

    /// <summary>Makes a detector that finds the drawn faces of <see cref="SyntheticFrames"/>.</summary>
    public FakeFaceDetector()
        : this(SyntheticVision.Find)
    {
    }

    /// <summary>Makes a detector that finds the same faces in every picture, except those that do not touch it.</summary>
    /// <param name="faces">The faces, at most <see cref="MaxFaces"/>; copied.</param>
    /// <exception cref="ArgumentException">More than <see cref="MaxFaces"/> faces.</exception>
    public FakeFaceDetector(params ReadOnlySpan<FaceDetection> faces)
        : this(Always(faces))
    {
    }

    /// <summary>Makes a detector from a callback.</summary>
    /// <param name="find">Finds the faces.</param>
    /// <exception cref="ArgumentNullException"><paramref name="find"/> is null.</exception>
    public FakeFaceDetector(FaceFinder find)
    {
        ArgumentNullException.ThrowIfNull(find);
        _find = find;
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; init; } = FakeModels.Detector;

    /// <summary>How many calls reached the callback.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether the detector is disposed.</summary>
    public bool IsDisposed => _disposed;

    /// <inheritdoc/>
    public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to look at.", nameof(frame));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (destination.IsEmpty)
        {
            return 0;
        }

        Interlocked.Increment(ref _calls);
        FaceDetection[] found = ArrayPool<FaceDetection>.Shared.Rent(MaxFaces);
        try
        {
            Span<FaceDetection> faces = found.AsSpan(0, _find(frame, found.AsSpan(0, MaxFaces)));
            SortBestFirst(faces);
            faces = faces[..Math.Min(faces.Length, destination.Length)];
            faces.CopyTo(destination);
            return faces.Length;
        }
        finally
        {
            ArrayPool<FaceDetection>.Shared.Return(found);
        }
    }

    /// <summary>Ends the detector's life; harmless when repeated.</summary>
    public void Dispose() => _disposed = true;

    /// <summary>Insertion sort: stable, so that equal scores keep the callback's order, and free of allocation.</summary>
    private static void SortBestFirst(Span<FaceDetection> faces)
    {
        for (int i = 1; i < faces.Length; i++)
        {
            FaceDetection face = faces[i];
            int j = i;
            for (; j > 0 && faces[j - 1].Score < face.Score; j--)
            {
                faces[j] = faces[j - 1];
            }

            faces[j] = face;
        }
    }

    private static FaceFinder Always(ReadOnlySpan<FaceDetection> faces)
    {
        if (faces.Length > MaxFaces)
        {
            throw new ArgumentException($"A fake detector finds at most {MaxFaces} faces; {faces.Length} were given.", nameof(faces));
        }

        FaceDetection[] copy = faces.ToArray();
        return (in FrameView frame, Span<FaceDetection> destination) =>
        {
            int count = 0;
            foreach (FaceDetection face in copy)
            {
                if (face.Box.IntersectionArea(new RectF(0, 0, frame.Width, frame.Height)) > 0)
                {
                    destination[count++] = face;
                }
            }

            return count;
        };
    }
}
