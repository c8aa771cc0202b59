using System.Buffers;
using FerSharp.Imaging;

namespace FerSharp.Features;

/// <summary>Cuts a gray crop out for each face and has it described. Holds no buffers: a call borrows them from the shared pool.</summary>
internal abstract class TextureExtractor : IFaceFeatureExtractor
{
    private readonly PreprocessingSpec _input;
    private readonly PreprocessingKernel _kernel;
    private readonly int _scratch;
    private bool _disposed;

    /// <param name="spec">Valid parameters.</param>
    /// <param name="scratch">Floats that <see cref="Describe"/> needs.</param>
    protected TextureExtractor(TextureSpec spec, int scratch)
    {
        Spec = spec;
        Id = spec.Id;
        Length = spec.Length;
        Size = spec.Size;
        _scratch = scratch;
        _input = new PreprocessingSpec
        {
            Name = "crop",
            Width = spec.Size,
            Height = spec.Size,
            Channels = 1,
            Order = ChannelOrder.Gray,
            Sampling = SamplingMode.Area,
            Crop = spec.Crop,
            AlignTo = spec.AlignTo,
        };
        _kernel = new PreprocessingKernel(_input);
    }

    public string Id { get; }

    /// <summary>What it was made of.</summary>
    public TextureSpec Spec { get; }

    public int Length { get; }

    /// <summary>Side of the crop.</summary>
    protected int Size { get; }

    public void Extract(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        FeatureArguments.Check(faces, Length, destination);
        cancellationToken.ThrowIfCancellationRequested();
        int pixels = Size * Size;
        float[] buffer = ArrayPool<float>.Shared.Rent(pixels + _scratch);
        try
        {
            Span<float> gray = buffer.AsSpan(0, pixels), scratch = buffer.AsSpan(pixels, _scratch);
            for (int i = 0; i < faces.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _kernel.Write(faces[i].Frame, TensorMap.ForFace(faces[i], _input), gray);
                Describe(gray, scratch, destination.Slice(i * Length, Length));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _disposed = true;

    /// <summary>Writes the values of one crop.</summary>
    /// <param name="gray">The crop, 0 to 255, row by row.</param>
    /// <param name="scratch">Anything.</param>
    /// <param name="row">Receives all values; holds anything before.</param>
    protected abstract void Describe(ReadOnlySpan<float> gray, Span<float> scratch, Span<float> row);
}
