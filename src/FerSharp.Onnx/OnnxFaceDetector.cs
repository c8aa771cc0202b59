using System.Numerics.Tensors;
using FerSharp.Decoding;
using FerSharp.Diagnostics;
using FerSharp.Imaging;
using FerSharp.Numerics;

namespace FerSharp.Onnx;

/// <summary>A face detector on ONNX Runtime. Which network, and how its outputs are read, is in its manifest.</summary>
/// <remarks>Thread-safe: one session, a bounded pool of pre-bound tensors. A call allocates nothing in the steady state.</remarks>
public sealed class OnnxFaceDetector : IFaceDetector
{
    private readonly ContextPool _pool;
    private readonly DetectionDecoder _decoder;
    private readonly PreprocessingKernel _kernel;
    private readonly PreprocessingSpec _input;
    private readonly float _nmsThreshold;
    private bool _disposed;

    private OnnxFaceDetector(ModelPackage package, OnnxFaceDetectorOptions options)
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
        Model = new ModelInfo(manifest.Id, manifest.Version, OnnxModel.Backend, default, manifest);
        OnnxModel model = OnnxModel.Load(package with { Manifest = manifest }, options, manifest.Detector.Names, CheckOutputs);
        ExecutionProvider = model.ExecutionProvider;
        _pool = new ContextPool(model, options.MaxConcurrency, maxBatch: 1, prepare: context =>
        {
            context.Candidates = new FaceDetection[_decoder.MaxCandidates];
            context.Keys = new ulong[_decoder.MaxCandidates];
        });
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <summary>The execution provider that runs the network, such as <c>CPUExecutionProvider</c>.</summary>
    public string ExecutionProvider { get; }

    /// <summary>Loads a detector from a folder with <c>model.json</c>, or from a manifest's path.</summary>
    /// <param name="modelPath">The folder or the manifest.</param>
    /// <exception cref="ArgumentException"><paramref name="modelPath"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model file or runtime is at fault; all faults are listed.</exception>
    public static OnnxFaceDetector Load(string modelPath) => Load(new OnnxFaceDetectorOptions { ModelPath = modelPath });

    /// <summary>Loads a detector from memory, such as an embedded one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static OnnxFaceDetector Load(ModelPackage model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(new OnnxFaceDetectorOptions { Model = model });
    }

    /// <summary>Loads a detector.</summary>
    /// <param name="options">Which model, and how to run it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static OnnxFaceDetector Load(OnnxFaceDetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxFaceDetector(options.Resolve(), options);
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

        using ContextPool.Lease lease = _pool.Rent(cancellationToken);
        InferenceContext context = lease.Context;
        FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
        AffineTransform map = TensorMap.ForFrame(frame.Width, frame.Height, _input);
        _kernel.Write(frame, map, context.Input(0));
        stages.End(FerSharpDiagnostics.DetectPreprocess);
        context.Run(1);
        stages.End(FerSharpDiagnostics.DetectRun);
        int count = _decoder.Decode(context.Outputs, context.Candidates);
        count = DetectionMapping.ToSource(context.Candidates.AsSpan(0, count), map, frame.Width, frame.Height);
        if (count == 0)
        {
            ThrowIfNaN(context.Outputs);
        }

        count = NonMaxSuppression.Select(context.Candidates.AsSpan(0, count), context.Keys, _nmsThreshold, destination);
        stages.End(FerSharpDiagnostics.DetectDecode);
        return count;
    }

    /// <summary>Frees the session and its tensors. Harmless when repeated; not while a call is under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        _pool.Dispose();
    }

    /// <summary>A network that has broken down must not look like a picture without faces.</summary>
    private void ThrowIfNaN(ReadOnlySpan<ReadOnlyMemory<float>> outputs)
    {
        foreach (ref readonly ReadOnlyMemory<float> output in outputs)
        {
            if (TensorPrimitives.IsNaNAny(output.Span))
            {
                throw new FerInferenceException(Model.Id, "The network's output holds NaN. Check the model file and the manifest's input: scale, mean and std.");
            }
        }
    }

    private IEnumerable<string> CheckOutputs(IReadOnlyList<long?> lengths)
    {
        for (int i = 0; i < lengths.Count; i++)
        {
            if (lengths[i] is { } length && length != _decoder.OutputLengths[i])
            {
                yield return $"output.names: decoder '{Model.Manifest.Detector!.Decoder}' expects {_decoder.OutputLengths[i]} values in '{Model.Manifest.Detector.Names[i]}'; the graph gives {length}. Check decoder, strides, anchorSizes and the input's size.";
            }
        }
    }
}
