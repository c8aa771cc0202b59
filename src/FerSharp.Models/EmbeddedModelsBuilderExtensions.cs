using FerSharp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of the embedded models.</summary>
public static class EmbeddedModelsBuilderExtensions
{
    /// <summary>Registers the embedded detector and classifier as the defaults.</summary>
    /// <param name="builder">The builder from <c>AddFerSharp()</c>.</param>
    /// <param name="detectorSize">Large finds faces half as large as small does; small takes a quarter of the time.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static FerSharpBuilder AddEmbeddedModels(this FerSharpBuilder builder, DetectorSize detectorSize = DetectorSize.Large) => builder
        .AddOnnxFaceDetector(options => options.Model = EmbeddedModels.FaceDetector(detectorSize))
        .AddOnnxEmotionClassifier(options => options.Model = EmbeddedModels.EmotionClassifier);
}
