namespace FerSharp.MLNet;

/// <summary>What detectors and classifiers on ML.NET have in common. Read once, when the model is loaded.</summary>
public abstract class MLNetBackendOptions
{
    private protected MLNetBackendOptions()
    {
    }

    /// <summary>A folder with <c>model.json</c> (for a classifier also <c>head.json</c>), or a manifest's path. Either this or <see cref="Model"/> is needed.</summary>
    /// <value>Default null.</value>
    public string? ModelPath { get; set; }

    /// <summary>An ONNX model in memory, such as an embedded one. Either this or <see cref="ModelPath"/> is needed.</summary>
    /// <value>Default null.</value>
    public ModelPackage? Model { get; set; }

    /// <summary>Calls that may run at once; more wait. Each takes memory for one set of buffers, made when first needed.</summary>
    /// <value>Default: the number of processors.</value>
    public int MaxConcurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Threads that one run of an ONNX network uses. 1 is best where several calls run at once.</summary>
    /// <value>Default 1.</value>
    public int IntraOpThreads { get; set; } = 1;

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

    /// <summary>Throws where something is out of range.</summary>
    internal void ThrowIfInvalid()
    {
        List<string> faults = Validate();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}

/// <summary>How an <see cref="MLNetFaceDetector"/> is loaded.</summary>
public sealed class MLNetFaceDetectorOptions : MLNetBackendOptions
{
    /// <summary>Faces with a lower score are dropped, above 0 to 1.</summary>
    /// <value>Default null: the manifest's.</value>
    public float? ScoreThreshold { get; set; }

    /// <summary>Of two boxes that overlap by more than this intersection over union, the lower-scored is dropped. 0 to 1.</summary>
    /// <value>Default null: the manifest's.</value>
    public float? NmsThreshold { get; set; }

    internal override List<string> Validate()
    {
        List<string> faults = base.Validate();
        if (ScoreThreshold is { } score && !(score is > 0 and <= 1))
        {
            faults.Add(FormattableString.Invariant($"{nameof(MLNetFaceDetectorOptions)}.{nameof(ScoreThreshold)} is {score}; it must be above 0, at most 1."));
        }

        if (NmsThreshold is { } nms && !(nms is >= 0 and <= 1))
        {
            faults.Add(FormattableString.Invariant($"{nameof(MLNetFaceDetectorOptions)}.{nameof(NmsThreshold)} is {nms}; it must be from 0 to 1."));
        }

        return faults;
    }
}

/// <summary>How an <see cref="MLNetEmotionClassifier"/> is loaded.</summary>
public sealed class MLNetEmotionClassifierOptions : MLNetBackendOptions
{
    /// <summary>
    /// Makes the features that a trained head needs, given their id, where the head's folder does not hold them: they are neither the embedding
    /// of an <see cref="MLNetFaceEmbedder"/> nor features of FerSharp.Core. The classifier disposes what it gets. It may be called again when the
    /// head is loaded anew.
    /// </summary>
    /// <value>Default null: heads over such features cannot be loaded.</value>
    public Func<string, IFaceFeatureExtractor>? CreateFeatures { get; set; }

    /// <summary>
    /// Whether the files behind <see cref="MLNetBackendOptions.ModelPath"/> are watched, and loaded anew when they have changed. Calls under way
    /// end with the old model. Files that cannot be loaded leave the old model in place (<see cref="MLNetEmotionClassifier.Reloaded"/> says why).
    /// </summary>
    /// <value>Default false.</value>
    public bool ReloadOnChange { get; set; }

    /// <summary>How often the files' sizes and times are looked at. They must be the same twice before a load, so that half-written files are not read. 10 ms to a day.</summary>
    /// <value>Default 2 seconds.</value>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock that <see cref="ReloadInterval"/> runs by.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal MLNetEmotionClassifierOptions Copy() => (MLNetEmotionClassifierOptions)MemberwiseClone();

    internal override List<string> Validate()
    {
        List<string> faults = base.Validate();
        if (ReloadOnChange && Model is not null)
        {
            faults.Add($"{nameof(MLNetEmotionClassifierOptions)}.{nameof(ReloadOnChange)} needs {nameof(ModelPath)}: a model in memory has no file to watch.");
        }

        if (ReloadInterval < TimeSpan.FromMilliseconds(10) || ReloadInterval > TimeSpan.FromDays(1))
        {
            faults.Add($"{nameof(MLNetEmotionClassifierOptions)}.{nameof(ReloadInterval)} is {ReloadInterval}; it must be from 10 ms to a day.");
        }

        if (TimeProvider is null)
        {
            faults.Add($"{nameof(MLNetEmotionClassifierOptions)}.{nameof(TimeProvider)} is null; use TimeProvider.System.");
        }

        return faults;
    }
}
