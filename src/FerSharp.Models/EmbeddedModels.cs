using System.Collections.Concurrent;

namespace FerSharp;

/// <summary>The models that are part of this package, for any backend that reads ONNX. Loaded from the assembly: no file, no download.</summary>
/// <remarks>A model is read when first asked for, and kept. Thread-safe. What a model is, and where it fails, is in its card, in the package's folder <c>cards</c>.</remarks>
public static class EmbeddedModels
{
    private static readonly ConcurrentDictionary<string, byte[]> Weights = new(StringComparer.Ordinal);
    private static readonly Lazy<ModelPackage> SmallDetector = new(() => Read("face-detector-320"));
    private static readonly Lazy<ModelPackage> LargeDetector = new(() => Read("face-detector-640"));
    private static readonly Lazy<ModelPackage> Classifier = new(() => Read("expression-48"));

    /// <summary>The face detector.</summary>
    /// <param name="size">Its input size.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not defined.</exception>
    public static ModelPackage FaceDetector(DetectorSize size) => size switch
    {
        DetectorSize.Small => SmallDetector.Value,
        DetectorSize.Large => LargeDetector.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use Small or Large."),
    };

    /// <summary>The expression classifier: eight expressions, input 48 x 48 gray.</summary>
    public static ModelPackage EmotionClassifier => Classifier.Value;

    /// <summary>All embedded models.</summary>
    public static IReadOnlyList<ModelPackage> All => [SmallDetector.Value, LargeDetector.Value, EmotionClassifier];

    // Manifests may name the same weights, for one network at several input sizes: these are held once.
    private static ModelPackage Read(string name)
    {
        byte[] manifest = Resource(name + ".json");
        return ModelPackage.FromBytes(manifest, Weights.GetOrAdd(ModelManifestReader.Read(manifest, name).File, Resource));
    }

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(EmbeddedModels).Assembly.GetManifestResourceStream(name)
            ?? throw new FerModelException(name, "The embedded resource is missing from this build of FerSharp.Models; rebuild or reinstall the package.");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}

/// <summary>Input size of the embedded face detector.</summary>
public enum DetectorSize
{
    /// <summary>640 x 640: for pictures, and for groups of people.</summary>
    Large = 0,

    /// <summary>320 x 320: a quarter of the work, for live pictures of people near the camera.</summary>
    Small = 1,
}
