namespace FerSharp;

/// <summary>A model, its manifest or its runtime is at fault. All faults that were found are listed at once.</summary>
public sealed class FerModelException : Exception
{
    /// <summary>Makes the exception from faults.</summary>
    /// <param name="modelId">The model's id, or its file name where there is no id yet.</param>
    /// <param name="faults">What is wrong, each a sentence that says what to do; at least one.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    /// <exception cref="ArgumentException"><paramref name="faults"/> is empty.</exception>
    public FerModelException(string modelId, IReadOnlyList<string> faults, Exception? innerException = null)
        : base(Describe(modelId, faults), innerException)
    {
        ModelId = modelId;
        Faults = faults;
    }

    /// <summary>Makes the exception from one fault.</summary>
    /// <param name="modelId">The model's id, or its file name where there is no id yet.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public FerModelException(string modelId, string fault, Exception? innerException = null)
        : this(modelId, [fault], innerException)
    {
    }

    /// <summary>The model's id, or its file name where there is no id yet.</summary>
    public string ModelId { get; }

    /// <summary>Everything that is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Describe(string modelId, IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(modelId);
        ArgumentNullException.ThrowIfNull(faults);
        return faults.Count switch
        {
            0 => throw new ArgumentException("At least one fault is needed.", nameof(faults)),
            1 => $"Model '{modelId}': {faults[0]}",
            _ => $"Model '{modelId}' has {faults.Count} faults:{string.Concat(faults.Select(f => Environment.NewLine + "  - " + f))}",
        };
    }
}

/// <summary>A run of a model failed in its runtime. The inner exception is the runtime's.</summary>
public sealed class FerInferenceException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="modelId">The model's id.</param>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The runtime's exception, where there is one.</param>
    public FerInferenceException(string modelId, string message, Exception? innerException = null)
        : base($"Model '{modelId}': {message}", innerException) => ModelId = modelId;

    /// <summary>The model's id.</summary>
    public string ModelId { get; }
}
