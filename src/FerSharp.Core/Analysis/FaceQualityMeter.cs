using FerSharp.Imaging;

namespace FerSharp;

/// <summary>
/// Measures size, brightness and sharpness of a face on its box, reduced to 32 x 32 gray values: what a classifier can see of it, whatever the
/// picture's resolution.
/// </summary>
/// <remarks>
/// Sharpness is the mean square of the Laplacian (the focus measure of Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy,
/// 2000) divided by the variance of the values, so that contrast and light do not count. Flat faces have sharpness 0.
/// </remarks>
internal sealed class FaceQualityMeter
{
    public const int Side = 32;

    /// <summary>Added to the variance, so that the noise of a nearly flat patch is not taken for detail. One pixel level squared would pass noise; 16 is a deviation of 4.</summary>
    private const float VarianceFloor = 16;

    private static readonly PreprocessingSpec Spec = new()
    {
        Name = "quality",
        Width = Side,
        Height = Side,
        Channels = 1,
        Order = ChannelOrder.Gray,
        Sampling = SamplingMode.Area,
    };

    private readonly PreprocessingKernel _kernel = new(Spec);

    public FaceQuality Measure(in FrameView frame, in RectF box)
    {
        Span<float> gray = stackalloc float[Side * Side];
        _kernel.Write(frame, AffineTransform.Stretch(box, Side, Side), gray);
        return new FaceQuality(MathF.Min(box.Width, box.Height), Mean(gray), Sharpness(gray));
    }

    private static float Mean(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private static float Sharpness(ReadOnlySpan<float> gray)
    {
        float mean = Mean(gray), variance = 0, energy = 0;
        foreach (float value in gray)
        {
            variance += (value - mean) * (value - mean);
        }

        for (int y = 1; y < Side - 1; y++)
        {
            ReadOnlySpan<float> above = gray.Slice((y - 1) * Side, Side), row = gray.Slice(y * Side, Side), below = gray.Slice((y + 1) * Side, Side);
            for (int x = 1; x < Side - 1; x++)
            {
                float laplacian = above[x] + below[x] + row[x - 1] + row[x + 1] - (4 * row[x]);
                energy += laplacian * laplacian;
            }
        }

        return energy / ((Side - 2) * (Side - 2)) / ((variance / gray.Length) + VarianceFloor);
    }
}
