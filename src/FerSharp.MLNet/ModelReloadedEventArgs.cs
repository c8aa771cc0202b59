namespace FerSharp.MLNet;

/// <summary>What came of loading changed files.</summary>
/// <param name="model">The model that is served now.</param>
/// <param name="error">Why the files could not be loaded; null where they were.</param>
public sealed class ModelReloadedEventArgs(ModelInfo model, Exception? error) : EventArgs
{
    /// <summary>The model that is served now: the new one, or the old one where there was an error.</summary>
    public ModelInfo Model { get; } = model;

    /// <summary>Why the files could not be loaded; null where they were.</summary>
    public Exception? Error { get; } = error;
}
