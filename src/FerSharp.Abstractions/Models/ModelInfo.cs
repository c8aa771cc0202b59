namespace FerSharp;

/// <summary>What runs behind a detector or a classifier.</summary>
/// <param name="Id">The model's id, as in its manifest.</param>
/// <param name="Version">The model's version, as in its manifest.</param>
/// <param name="Backend">What runs it, such as <c>OnnxRuntime 1.31.1</c>.</param>
/// <param name="Emotions">The expressions a classifier knows; empty for a detector.</param>
/// <param name="Manifest">The whole manifest.</param>
public sealed record ModelInfo(string Id, string Version, string Backend, EmotionSet Emotions, ModelManifest Manifest);
