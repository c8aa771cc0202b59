namespace FerSharp.PublicApi.Tests;

/// <summary>What the outsider's detector and classifier share.</summary>
internal static class OutsideModel
{
    public static ModelInfo Describe(string id, ModelTask task, EmotionSet emotions) => new(id, "1.0", "plain C#", emotions, new ModelManifest
    {
        Id = id,
        Version = "1.0",
        Task = task,
        File = "none",
        License = new ModelLicense("MIT", CommercialUse.Allowed),
        Input = new PreprocessingSpec { Name = "none", Width = 1, Height = 1, Order = ChannelOrder.Gray, Channels = 1 },
    });

    public static float Brightness(in FrameView frame, int x, int y)
    {
        ReadOnlySpan<byte> pixel = frame.GetRow(y)[(x * frame.Format.BytesPerPixel())..];
        return frame.Format == PixelFormat.Gray8 ? pixel[0] : (pixel[0] + pixel[1] + pixel[2]) / 3f;
    }
}
