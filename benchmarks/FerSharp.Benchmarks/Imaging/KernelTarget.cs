using FerSharp.Imaging;

namespace FerSharp.Benchmarks.Imaging;

/// <summary>What a 640 x 480 frame's pixels become.</summary>
public enum KernelTarget
{
    /// <summary>A face of 200 x 200 pixels to 48 x 48 gray, as the embedded classifier takes it.</summary>
    Face48,

    /// <summary>A face of 320 x 320 pixels to 224 x 224 colour, normalised by channel: the usual input of larger classifiers.</summary>
    Face224,

    /// <summary>The whole frame, letterboxed to 320 x 320 colour, as the embedded detector takes it.</summary>
    Frame320,
}

/// <summary>A target's tensor, and which part of the frame goes into it.</summary>
internal sealed record KernelCase(PreprocessingSpec Spec, RectF Region)
{
    public const int Width = 640, Height = 480;

    public static KernelCase Of(KernelTarget target) => target switch
    {
        KernelTarget.Face48 => new(EmbeddedModels.EmotionClassifier.Manifest.Input, new RectF(220, 140, 200, 200)),
        KernelTarget.Face224 => new(
            new PreprocessingSpec
            {
                Name = "input", Width = 224, Height = 224, Channels = 3, Order = ChannelOrder.Rgb, Scale = 1 / 255f, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f],
            },
            new RectF(160, 80, 320, 320)),
        _ => new(EmbeddedModels.FaceDetector(DetectorSize.Small).Manifest.Input, new RectF(0, 0, Width, Height)),
    };

    /// <summary>The map from tensor to frame for the region, or for one of its size elsewhere.</summary>
    public AffineTransform Map(float left, float top) => TensorMap.ForBox(Region with { X = left, Y = top }, Spec);
}
