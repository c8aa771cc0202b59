namespace FerSharp;

/// <summary>A manifest and the bytes of the model it describes: what a backend loads. Immutable.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Content">The model file's bytes; not copied.</param>
public sealed record ModelPackage(ModelManifest Manifest, ReadOnlyMemory<byte> Content);
