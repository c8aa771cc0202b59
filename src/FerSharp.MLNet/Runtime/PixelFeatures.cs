using FerSharp.Imaging;

namespace FerSharp.MLNet;

/// <summary>The input tensor of a network as features: how a classifier's own pixels are prepared.</summary>
internal sealed class PixelFeatures(PreprocessingSpec spec) : IFaceFeatureExtractor
{
    private readonly PreprocessingKernel _kernel = new(spec);

    public string Id => "pixels";

    public int Length => _kernel.TensorLength;

    public void Extract(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < faces.Length; i++)
        {
            _kernel.Write(faces[i].Frame, TensorMap.ForFace(faces[i], spec), destination.Slice(i * Length, Length));
        }
    }

    public void Dispose()
    {
    }
}
