namespace FerSharp.Training;

/// <summary>How training pictures are varied. Each value is the end of a range around "unchanged" from which a random value is taken evenly.</summary>
/// <remarks>Immutable, thread-safe. <see cref="None"/> changes nothing.</remarks>
public sealed record AugmentationSpec
{
    /// <summary>Nothing is varied.</summary>
    public static AugmentationSpec None { get; } = new();

    /// <summary>Rotation in degrees to either side.</summary>
    public float Rotation { get; init; }

    /// <summary>Change of size: 0.2 means factors from 0.8 to 1.2.</summary>
    public float Zoom { get; init; }

    /// <summary>Shift as a share of the picture's side, in both directions.</summary>
    public float Shift { get; init; }

    /// <summary>Shear in degrees to either side.</summary>
    public float Shear { get; init; }

    /// <summary>Change of the proportion of width to height: 0.1 means factors from 0.9 to 1.1.</summary>
    public float Aspect { get; init; }

    /// <summary>Probability of a mirror image.</summary>
    public float Flip { get; init; }

    /// <summary>Change of brightness in gray levels.</summary>
    public float Brightness { get; init; }

    /// <summary>Change of contrast: 0.3 means factors from 0.7 to 1.3 around the middle gray.</summary>
    public float Contrast { get; init; }

    /// <summary>Probability that a picture is made worse, as a distant or cheap camera does: blurred, then noisy.</summary>
    public float Degrade { get; init; }

    /// <summary>Largest deviation of the Gaussian that blurs, in 48ths of the picture's side; the smallest is 0.</summary>
    public float Blur { get; init; } = 1.2f;

    /// <summary>Largest standard deviation of the noise in gray levels; the smallest is 0.</summary>
    public float Noise { get; init; } = 16;

    /// <summary>Probability that a rectangle is painted over with one gray level (random erasing; Zhong et al., 2020).</summary>
    public float Erase { get; init; }

    /// <summary>Largest share of the picture's area that a rectangle takes; the smallest is a tenth of it.</summary>
    public float EraseArea { get; init; } = 0.15f;

    /// <summary>Probability that a picture is mixed with another one, targets too.</summary>
    public float Mix { get; init; }

    /// <summary>How evenly two pictures are mixed: both parameters of the beta distribution of their shares (mixup; Zhang et al., 2018). Above 0.</summary>
    public float MixStrength { get; init; } = 0.4f;

    /// <summary>Share of the mixed pictures in which a rectangle comes from the other picture (CutMix; Yun et al., 2019); the rest are sums.</summary>
    public float CutShare { get; init; }
}
