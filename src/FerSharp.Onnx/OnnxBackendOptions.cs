using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx;

/// <summary>What detectors and classifiers on ONNX Runtime have in common. Read once, when the model is loaded.</summary>
public abstract class OnnxBackendOptions
{
    private protected OnnxBackendOptions()
    {
    }

    /// <summary>A folder with <c>model.json</c>, or a manifest's path. Either this or <see cref="Model"/> is needed.</summary>
    /// <value>Default null.</value>
    public string? ModelPath { get; set; }

    /// <summary>A model in memory, such as an embedded one. Either this or <see cref="ModelPath"/> is needed.</summary>
    /// <value>Default null.</value>
    public ModelPackage? Model { get; set; }

    /// <summary>Calls that may run at once; more wait. Each takes memory for one set of tensors, made when first needed.</summary>
    /// <value>Default: the number of processors.</value>
    public int MaxConcurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Threads that one run of the network uses. 1 is best where several calls run at once.</summary>
    /// <value>Default 1.</value>
    public int IntraOpThreads { get; set; } = 1;

    /// <summary>
    /// The hook for execution providers and any other session setting; called once, after FerSharp has set its own. For example
    /// <c>session => session.AppendExecutionProvider_CUDA()</c> with the package Microsoft.ML.OnnxRuntime.Gpu.
    /// </summary>
    /// <value>Default null: the CPU provider.</value>
    public Action<SessionOptions>? ConfigureSession { get; set; }

    /// <summary>
    /// The execution provider that must run the network, such as <c>CUDAExecutionProvider</c>. Where it is absent or not used, loading fails; there
    /// is no silent fallback of the network as a whole. What is looked at is the device of the network's input: a provider that works in the
    /// processor's memory may show as the CPU's and is then refused, and single operators that a provider cannot run may still run on the CPU
    /// (the session entry <c>session.disable_cpu_ep_fallback</c> forbids it).
    /// </summary>
    /// <value>Default null: whatever the session uses; <c>ExecutionProvider</c> of the loaded object says which.</value>
    public string? RequiredProvider { get; set; }

    /// <summary>What is out of range, one sentence each; empty where all is well.</summary>
    internal virtual List<string> Validate()
    {
        var faults = new List<string>();
        string type = GetType().Name;
        if ((Model is null) == string.IsNullOrWhiteSpace(ModelPath))
        {
            faults.Add($"{type}: set either {nameof(ModelPath)} (a folder with model.json, or a manifest) or {nameof(Model)}.");
        }

        if (MaxConcurrency is < 1 or > 1024)
        {
            faults.Add($"{type}.{nameof(MaxConcurrency)} is {MaxConcurrency}; it must be from 1 to 1024.");
        }

        if (IntraOpThreads is < 1 or > 1024)
        {
            faults.Add($"{type}.{nameof(IntraOpThreads)} is {IntraOpThreads}; it must be from 1 to 1024.");
        }

        return faults;
    }

    /// <summary>Throws where something is out of range; returns the model otherwise.</summary>
    internal ModelPackage Resolve()
    {
        List<string> faults = Validate();
        return faults.Count > 0
            ? throw new ArgumentException(string.Join(" ", faults))
            : Model ?? ModelPackage.Load(ModelPath!);
    }
}

/// <summary>How an <see cref="OnnxEmotionClassifier"/> is loaded.</summary>
public sealed class OnnxEmotionClassifierOptions : OnnxBackendOptions
{
    /// <summary>Most faces in one run of the network, from 1 to 256; a graph with a fixed batch size lowers it. Calls with more faces take several runs.</summary>
    /// <value>Default 8.</value>
    public int MaxBatchSize { get; set; } = 8;

    internal override List<string> Validate()
    {
        List<string> faults = base.Validate();
        if (MaxBatchSize is < 1 or > 256)
        {
            faults.Add($"{nameof(OnnxEmotionClassifierOptions)}.{nameof(MaxBatchSize)} is {MaxBatchSize}; it must be from 1 to 256.");
        }

        return faults;
    }
}
