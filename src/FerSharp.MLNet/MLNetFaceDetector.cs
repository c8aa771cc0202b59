using FerSharp.Decoding;
using FerSharp.Diagnostics;
using FerSharp.Imaging;
using FerSharp.Numerics;

namespace FerSharp.MLNet;

/// <summary>A face detector in ML.NET: any ONNX model with a manifest, run by OnnxTransformer.</summary>
/// <remarks>
/// Thread-safe: one transformer, a bounded pool of engines. OnnxTransformer allocates its tensors anew for each run, a few times the size of the
/// network's input and outputs; for a camera's every frame FerSharp.Onnx, which allocates nothing, is the better choice.
/// </remarks>
public sealed class MLNetFaceDetector : IFaceDetector
{
    private readonly RowModel _network;
    private readonly BoundedPool<Context> _pool;
    private readonly DetectionDecoder _decoder;
    private readonly PreprocessingKernel _kernel;
    private readonly PreprocessingSpec _input;
    private readonly float _nmsThreshold;
    private bool _disposed;

    private MLNetFaceDetector(ModelPackage package, MLNetFaceDetectorOptions options)
    {
        ModelManifest manifest = package.Manifest;
        if (manifest.Detector is { } output)
        {
            manifest = manifest with
            {
                Detector = output with
                {
                    ScoreThreshold = options.ScoreThreshold ?? output.ScoreThreshold,
                    NmsThreshold = options.NmsThreshold ?? output.NmsThreshold,
                },
            };
        }

        _decoder = DetectionDecoder.Create(manifest);
        _input = manifest.Input;
        _kernel = new PreprocessingKernel(_input);
        _nmsThreshold = manifest.Detector!.NmsThreshold;
        Model = new ModelInfo(manifest.Id, manifest.Version, RowModel.Backend, default, manifest);
        _network = OnnxGraph.Load(package, options.IntraOpThreads, manifest.Detector.Names);
        string[] faults = [.. CheckOutputs(_network.OutputLengths)];
        if (faults.Length > 0)
        {
            _network.Dispose();
            throw new FerModelException(manifest.Id, faults);
        }

        _pool = new BoundedPool<Context>(() => new Context(_network.CreateEngine(), _decoder.MaxCandidates), options.MaxConcurrency);
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <summary>Loads a detector from a folder with <c>model.json</c>, or from a manifest's path.</summary>
    /// <param name="modelPath">The folder or the manifest.</param>
    /// <exception cref="ArgumentException"><paramref name="modelPath"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model file or runtime is at fault; all faults are listed.</exception>
    public static MLNetFaceDetector Load(string modelPath) => Load(new MLNetFaceDetectorOptions { ModelPath = modelPath });

    /// <summary>Loads a detector from memory, such as an embedded one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static MLNetFaceDetector Load(ModelPackage model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(new MLNetFaceDetectorOptions { Model = model });
    }

    /// <summary>Loads a detector.</summary>
    /// <param name="options">Which model, and how to run it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static MLNetFaceDetector Load(MLNetFaceDetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        return new MLNetFaceDetector(options.Model ?? ModelPackage.Load(options.ModelPath!), options);
    }

    /// <inheritdoc/>
    public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to search.", nameof(frame));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (destination.IsEmpty)
        {
            return 0;
        }

        using BoundedPool<Context>.Lease lease = _pool.Rent(cancellationToken);
        Context context = lease.Item;
        FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
        AffineTransform map = TensorMap.ForFrame(frame.Width, frame.Height, _input);
        _kernel.Write(frame, map, context.Engine.Input);
        stages.End(FerSharpDiagnostics.DetectPreprocess);
        _network.Run(context.Engine);
        stages.End(FerSharpDiagnostics.DetectRun);
        int count = _decoder.Decode(context.Engine.Outputs, context.Candidates);
        count = DetectionMapping.ToSource(context.Candidates.AsSpan(0, count), map, frame.Width, frame.Height);
        if (count == 0)
        {
            ThrowIfNaN(context.Engine.Outputs);
        }

        count = NonMaxSuppression.Select(context.Candidates.AsSpan(0, count), context.Keys, _nmsThreshold, destination);
        stages.End(FerSharpDiagnostics.DetectDecode);
        return count;
    }

    /// <summary>Frees the network and its buffers. Harmless when repeated; not while a call is under way.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _pool.Dispose();
        _network.Dispose();
    }

    /// <summary>A network that has broken down must not look like a picture without faces.</summary>
    private void ThrowIfNaN(ReadOnlySpan<ReadOnlyMemory<float>> outputs)
    {
        foreach (ref readonly ReadOnlyMemory<float> output in outputs)
        {
            foreach (float value in output.Span)
            {
                if (float.IsNaN(value))
                {
                    throw new FerInferenceException(Model.Id, "The network's output holds NaN. Check the model file and the manifest's input: scale, mean and std.");
                }
            }
        }
    }

    private IEnumerable<string> CheckOutputs(IReadOnlyList<int> lengths)
    {
        for (int i = 0; i < lengths.Count; i++)
        {
            if (lengths[i] != _decoder.OutputLengths[i])
            {
                yield return $"output.names: decoder '{Model.Manifest.Detector!.Decoder}' expects {_decoder.OutputLengths[i]} values in '{Model.Manifest.Detector.Names[i]}'; the graph gives {lengths[i]}. Check decoder, strides, anchorSizes and the input's size.";
            }
        }
    }

    /// <summary>An engine and the decoder's scratch.</summary>
    private sealed class Context(RowEngine engine, int maxCandidates) : IDisposable
    {
        public RowEngine Engine { get; } = engine;

        public FaceDetection[] Candidates { get; } = new FaceDetection[maxCandidates];

        public ulong[] Keys { get; } = new ulong[maxCandidates];

        public void Dispose() => Engine.Dispose();
    }
}
