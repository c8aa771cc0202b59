namespace FerSharp;

/// <summary>The models that are part of this package, for any backend that reads ONNX. Loaded from the assembly: no file, no download.</summary>
/// <remarks>Each property reads its model once and keeps it. Thread-safe. What a model is, and where it fails, is in its card, in the package's folder <c>cards</c>.</remarks>
public static class EmbeddedModels
{
    private static readonly Lazy<ModelPackage> Detector = new(() => Read("face-detector-320"));
    private static readonly Lazy<ModelPackage> LargeDetector = new(() => Read("face-detector-640"));
    private static readonly Lazy<ModelPackage> Classifier = new(() => Read("expression-48"));

    /// <summary>The face detector with an input of 320 x 320: fast; finds faces from about a thirtieth of the picture's longer side on.</summary>
    public static ModelPackage FaceDetector => Detector.Value;

    /// <summary>The same detector with an input of 640 x 640: four times the work, faces half as large.</summary>
    public static ModelPackage LargeFaceDetector => LargeDetector.Value;

    /// <summary>The expression classifier: eight expressions, input 48 x 48 gray.</summary>
    public static ModelPackage EmotionClassifier => Classifier.Value;

    /// <summary>All embedded models.</summary>
    public static IReadOnlyList<ModelPackage> All => [FaceDetector, LargeFaceDetector, EmotionClassifier];

    private static ModelPackage Read(string name) => ModelPackage.FromBytes(Resource(name + ".json"), Resource(name + ".onnx"));

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(EmbeddedModels).Assembly.GetManifestResourceStream(name)
            ?? throw new FerModelException(name, "The embedded resource is missing from this build of FerSharp.Models; rebuild or reinstall the package.");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
