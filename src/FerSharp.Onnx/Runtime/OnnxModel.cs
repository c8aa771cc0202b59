using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FerSharp.Onnx;

/// <summary>Says what is wrong with the number of values that each output has for one picture; null where it is not known before a run.</summary>
internal delegate IEnumerable<string> OutputCheck(IReadOnlyList<long?> lengths);

/// <summary>Says what is wrong with the graph's input width and height; a number that is not above 0 is free.</summary>
internal delegate IEnumerable<string> SizeCheck(int width, int height);

/// <summary>A session, checked against its manifest. The session is shared by all contexts; ONNX Runtime's Run is thread-safe.</summary>
internal sealed class OnnxModel : IDisposable
{
    private OnnxModel(InferenceSession session, ModelManifest manifest, IReadOnlyList<string> outputNames, string provider)
    {
        Session = session;
        Manifest = manifest;
        OutputNames = outputNames;
        ExecutionProvider = provider;
        int[] shape = session.InputMetadata[manifest.Input.Name].Dimensions;
        HasFreeBatch = shape[0] <= 0;
        int first = FirstOfSize(manifest.Input);
        HasFreeSize = shape[first] <= 0 && shape[first + 1] <= 0;
    }

    public InferenceSession Session { get; }

    public ModelManifest Manifest { get; }

    /// <summary>The outputs that are read, in the manifest's order.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    public string ExecutionProvider { get; }

    /// <summary>Whether the graph declares that it takes any number of pictures at once.</summary>
    public bool HasFreeBatch { get; }

    /// <summary>Whether the graph declares that it takes pictures of any width and height.</summary>
    public bool HasFreeSize { get; }

    public static string Backend => $"OnnxRuntime {OnnxRuntimeInfo.Current.NativeVersion}";

    /// <summary>Whether runs read their input from memory at bind time rather than at run time, as other devices than the CPU do.</summary>
    public bool IsOnDevice => ExecutionProvider != "CPUExecutionProvider";

    /// <summary>Loads a model and checks it against its manifest.</summary>
    /// <param name="package">The model.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="outputNames">The outputs that are read.</param>
    /// <param name="check">Says what is wrong with the outputs' lengths.</param>
    /// <param name="checkSize">Says what is wrong with the graph's width and height; they are not above 0 where they are free.</param>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static OnnxModel Load(ModelPackage package, OnnxBackendOptions options, IReadOnlyList<string> outputNames, OutputCheck check, SizeCheck? checkSize = null)
    {
        ModelManifest manifest = package.Manifest;
        if (OnnxRuntimeInfo.Current.Fault is { } fault)
        {
            throw new FerModelException(manifest.Id, fault);
        }

        if (options.RequiredProvider is { } required && !OnnxRuntimeInfo.Current.Providers.Contains(required))
        {
            throw new FerModelException(manifest.Id, $"The execution provider {required} is required, but this ONNX Runtime has only {string.Join(", ", OnnxRuntimeInfo.Current.Providers)}. Reference the package that brings it, or drop {nameof(OnnxBackendOptions.RequiredProvider)}.");
        }

        InferenceSession session = CreateSession(package, options);
        try
        {
            List<string> faults = CheckGraph(session, manifest, outputNames, check, checkSize);
            string provider = ProviderOf(session);
            if (options.RequiredProvider is { } wanted && wanted != provider)
            {
                faults.Add($"The execution provider {wanted} is required, but the session runs on {provider}. Append it in {nameof(OnnxBackendOptions.ConfigureSession)}.");
            }

            return faults.Count > 0 ? throw new FerModelException(manifest.Id, faults) : new OnnxModel(session, manifest, outputNames, provider);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose() => Session.Dispose();

    private static InferenceSession CreateSession(ModelPackage package, OnnxBackendOptions options)
    {
        using var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = options.IntraOpThreads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            options.ConfigureSession?.Invoke(session);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new FerModelException(package.Manifest.Id, $"{nameof(OnnxBackendOptions.ConfigureSession)} failed; this ONNX Runtime has the providers {string.Join(", ", OnnxRuntimeInfo.Current.Providers)}: {e.Message}", e);
        }

        byte[] content = MemoryMarshal.TryGetArray(package.Content, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : package.Content.ToArray();
        try
        {
            return new InferenceSession(content, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new FerModelException(package.Manifest.Id, $"The file '{package.Manifest.File}' ({content.Length} bytes) is no ONNX model that ONNX Runtime {OnnxRuntimeInfo.Current.NativeVersion} can load: {e.Message}", e);
        }
    }

    private static string ProviderOf(InferenceSession session)
    {
        if (session.GetEpDeviceForInputs() is [{ EpName: { Length: > 0 } name }, ..])
        {
            return name;
        }

        // Providers from before the device interface say only where their memory is.
        using IDisposableReadOnlyCollection<OrtMemoryInfo> infos = session.GetMemoryInfosForInputs();
        return infos is [{ Name: { } memory }, ..] && memory != "Cpu" ? ProviderOfMemory(memory, OnnxRuntimeInfo.Current.Providers) : "CPUExecutionProvider";
    }

    /// <summary>The provider that owns a kind of memory, spelled as ONNX Runtime lists it: memory is called Cuda and DML, the providers CUDA and Dml.</summary>
    internal static string ProviderOfMemory(string memory, IReadOnlyList<string> providers)
    {
        string provider = $"{memory}ExecutionProvider";
        return providers.FirstOrDefault(name => name.Equals(provider, StringComparison.OrdinalIgnoreCase)) ?? provider;
    }

    private static List<string> CheckGraph(InferenceSession session, ModelManifest manifest, IReadOnlyList<string> outputNames, OutputCheck check, SizeCheck? checkSize)
    {
        var faults = new List<string>();
        PreprocessingSpec input = manifest.Input;
        IReadOnlyDictionary<string, NodeMetadata> inputs = session.InputMetadata, outputs = session.OutputMetadata;
        foreach ((string name, NodeMetadata value) in inputs.Concat(outputs.Where(output => outputNames.Contains(output.Key))))
        {
            if (!value.IsTensor)
            {
                faults.Add($"'{name}' of the graph is no tensor but {value.OnnxValueType}; only tensors are supported.");
            }
        }

        if (faults.Count > 0)
        {
            return faults;
        }

        if (!inputs.TryGetValue(input.Name, out NodeMetadata? node))
        {
            faults.Add($"input.name: the graph has no input '{input.Name}'; it has {string.Join(", ", inputs.Keys)}.");
        }
        else
        {
            int[] shape = node.Dimensions;
            int[] wanted = input.Layout == TensorLayout.Nchw ? [-1, input.Channels, input.Height, input.Width] : [-1, input.Height, input.Width, input.Channels];
            if (node.ElementDataType != TensorElementType.Float)
            {
                faults.Add($"input: the graph's input '{input.Name}' holds {node.ElementDataType}; only 32-bit floats are supported.");
            }

            if (shape.Length != 4 || Enumerable.Range(1, 3).Any(axis => shape[axis] > 0 && shape[axis] != wanted[axis]))
            {
                faults.Add($"input: the manifest says {Shape(wanted)} ({input.Layout}), the graph says {Shape(shape)}.");
            }
            else if (shape[0] > 1)
            {
                faults.Add($"input: the graph's batch size is fixed at {shape[0]}; export it with a dynamic batch size, or with 1.");
                return faults;
            }

            if (shape.Length == 4 && checkSize is not null)
            {
                int first = FirstOfSize(input);
                faults.AddRange(checkSize(shape[first + 1], shape[first]));
            }
        }

        if (inputs.Count > 1)
        {
            faults.Add($"input: the graph has {inputs.Count} inputs ({string.Join(", ", inputs.Keys)}); only one is supported.");
        }

        foreach (string name in outputNames)
        {
            if (!outputs.TryGetValue(name, out NodeMetadata? output))
            {
                faults.Add($"output: the graph has no output '{name}'; it has {string.Join(", ", outputs.Keys)}.");
            }
            else if (output.ElementDataType != TensorElementType.Float)
            {
                faults.Add($"output: the graph's output '{name}' holds {output.ElementDataType}; only 32-bit floats are supported.");
            }
        }

        string batch = inputs.Values.Select(value => value.SymbolicDimensions.FirstOrDefault("")).FirstOrDefault("");
        faults.AddRange(check([.. outputNames.Select(name => LengthOf(outputs.GetValueOrDefault(name), batch))]));
        return faults;
    }

    /// <summary>The axis of the height; that of the width follows.</summary>
    private static int FirstOfSize(PreprocessingSpec input) => input.Layout == TensorLayout.Nchw ? 2 : 1;

    /// <summary>Number of values for one picture; null where the graph does not say it.</summary>
    private static long? LengthOf(NodeMetadata? output, string batch)
    {
        long? length = output is null ? null : 1;
        for (int axis = 0; axis < output?.Dimensions.Length; axis++)
        {
            bool isBatch = axis == 0 && batch.Length > 0 && output.SymbolicDimensions[0] == batch;
            length = isBatch ? length : output.Dimensions[axis] > 0 ? length * output.Dimensions[axis] : null;
        }

        return length;
    }

    private static string Shape(IEnumerable<int> shape) => $"[{string.Join(", ", shape.Select(n => n > 0 ? n.ToString(System.Globalization.CultureInfo.InvariantCulture) : "N"))}]";
}
