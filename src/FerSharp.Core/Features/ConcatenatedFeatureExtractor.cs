using System.Buffers;

namespace FerSharp;

/// <summary>Several extractors as one: a face's rows, one behind the other.</summary>
/// <remarks>Thread-safe as the parts are. Faces go to the parts in chunks of 16, through rows borrowed from the shared pool; nothing is allocated per call.</remarks>
public sealed class ConcatenatedFeatureExtractor : IFaceFeatureExtractor
{
    private const int ChunkSize = 16;
    private readonly IFaceFeatureExtractor[] _parts;
    private readonly bool _ownsParts;
    private bool _disposed;

    /// <summary>Puts extractors together.</summary>
    /// <param name="parts">The extractors, at least one, in the order of their values.</param>
    /// <param name="ownsParts">Whether disposing this disposes the parts.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> or a part is null.</exception>
    /// <exception cref="ArgumentException">There is no part.</exception>
    public ConcatenatedFeatureExtractor(IReadOnlyList<IFaceFeatureExtractor> parts, bool ownsParts = false)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new ArgumentException("At least one extractor is needed.", nameof(parts));
        }

        _parts = [.. parts];
        foreach (IFaceFeatureExtractor part in _parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
        }

        _ownsParts = ownsParts;
        Id = string.Join('+', _parts.Select(part => part.Id));
        Length = _parts.Sum(part => part.Length);
    }

    /// <summary>The parts' ids, joined by <c>+</c>.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public int Length { get; }

    internal IReadOnlyList<IFaceFeatureExtractor> Parts => _parts;

    /// <inheritdoc/>
    public void Extract(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        FeatureArguments.Check(faces, Length, destination);
        cancellationToken.ThrowIfCancellationRequested();
        while (!faces.IsEmpty)
        {
            int count = Math.Min(faces.Length, ChunkSize);
            Join(faces[..count], destination, cancellationToken);
            faces = faces[count..];
            destination = destination[(count * Length)..];
        }
    }

    /// <summary>Disposes the parts where this owns them.</summary>
    public void Dispose()
    {
        if (!_disposed && _ownsParts)
        {
            foreach (IFaceFeatureExtractor part in _parts)
            {
                part.Dispose();
            }
        }

        _disposed = true;
    }

    // A part is asked for several faces at once: one that runs a network would lose its batches otherwise.
    private void Join(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken)
    {
        int start = 0;
        foreach (IFaceFeatureExtractor part in _parts)
        {
            float[] buffer = ArrayPool<float>.Shared.Rent(faces.Length * part.Length);
            try
            {
                Span<float> rows = buffer.AsSpan(0, faces.Length * part.Length);
                part.Extract(faces, rows, cancellationToken);
                for (int i = 0; i < faces.Length; i++)
                {
                    rows.Slice(i * part.Length, part.Length).CopyTo(destination.Slice((i * Length) + start, part.Length));
                }
            }
            finally
            {
                ArrayPool<float>.Shared.Return(buffer);
            }

            start += part.Length;
        }
    }
}
