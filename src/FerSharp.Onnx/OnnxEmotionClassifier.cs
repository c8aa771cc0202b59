using FerSharp.Decoding;
using FerSharp.Diagnostics;
using FerSharp.Imaging;

namespace FerSharp.Onnx;

/// <summary>An expression classifier on ONNX Runtime. Which network, and how pixels go in and scores come out, is in its manifest.</summary>
/// <remarks>Thread-safe: one session, a bounded pool of pre-bound tensors for batches of 1, 2, 4 and so on. A call allocates nothing in the steady state.</remarks>
public sealed class OnnxEmotionClassifier : IEmotionClassifier
{
    private readonly ContextPool _pool;
    private readonly EmotionDecoder _decoder;
    private readonly PreprocessingKernel _kernel;
    private readonly PreprocessingSpec _input;
    private readonly RunShape _shape;
    private readonly int _maxBatch;
    private bool _disposed;

    private OnnxEmotionClassifier(ModelPackage package, OnnxEmotionClassifierOptions options)
    {
        ModelManifest manifest = package.Manifest;
        if (manifest.Classifier is not { } output)
        {
            throw new FerModelException(manifest.Id, $"The manifest's task is {manifest.Task}; an expression classifier is needed.");
        }

        _decoder = new EmotionDecoder(output);
        _input = manifest.Input;
        _kernel = new PreprocessingKernel(_input);
        Model = new ModelInfo(manifest.Id, manifest.Version, OnnxModel.Backend, output.Emotions, manifest);
        OnnxModel model = OnnxModel.Load(package, options, output.Embedding is { } embedding ? [output.Name, embedding] : [output.Name], CheckOutputs);
        ExecutionProvider = model.ExecutionProvider;
        _pool = new ContextPool(model, options.MaxConcurrency);
        try
        {
            _shape = RunShape.Measure(model, _input, CheckOutputs);
            if (model.HasFreeBatch && options.MaxBatchSize > 1 && !_shape.HasBatchAxis)
            {
                throw new FerModelException(manifest.Id, $"output: the batch must be the first axis of each output; for one picture the graph gives {_shape.Outputs}.");
            }

            _maxBatch = options.MaxBatchSize > 1 && _shape.CanBatch(model) ? options.MaxBatchSize : 1;
            EmbeddingLength = output.Embedding is null ? 0 : _shape.OutputLengths[1];
            using ContextPool.Lease lease = _pool.Rent(default);
            lease.Context.Use(_shape, _maxBatch);
            lease.Context.Run(1);
        }
        catch
        {
            _pool.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <summary>The execution provider that runs the network, such as <c>CPUExecutionProvider</c>.</summary>
    public string ExecutionProvider { get; }

    /// <summary>Number of values of a face's embedding; 0 where the manifest names none (<see cref="ClassifierOutputSpec.Embedding"/>).</summary>
    public int EmbeddingLength { get; }

    /// <summary>Loads a classifier from a folder with <c>model.json</c>, or from a manifest's path.</summary>
    /// <param name="modelPath">The folder or the manifest.</param>
    /// <exception cref="ArgumentException"><paramref name="modelPath"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model file or runtime is at fault; all faults are listed.</exception>
    public static OnnxEmotionClassifier Load(string modelPath) => Load(new OnnxEmotionClassifierOptions { ModelPath = modelPath });

    /// <summary>Loads a classifier from memory, such as an embedded one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static OnnxEmotionClassifier Load(ModelPackage model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(new OnnxEmotionClassifierOptions { Model = model });
    }

    /// <summary>Loads a classifier.</summary>
    /// <param name="options">Which model, and how to run it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static OnnxEmotionClassifier Load(OnnxEmotionClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OnnxEmotionClassifier(options.Resolve(), options);
    }

    /// <inheritdoc/>
    public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ClassifyArguments.Check(faces, destination);
        Read(faces, destination, [], cancellationToken);
    }

    /// <summary>
    /// Reads the embeddings of faces: the features that the network's answer is made of, for training a head on pictures of your own. They tell
    /// how faces look to this network, and were not made to tell people apart. Allocates nothing in the steady state.
    /// </summary>
    /// <param name="faces">The faces; borrowed for the call.</param>
    /// <param name="destination">Receives <see cref="EmbeddingLength"/> values for each face, face after face; what is beyond is left as it was.</param>
    /// <param name="cancellationToken">Checked before each batch.</param>
    /// <exception cref="InvalidOperationException">The manifest names no embedding.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short, or a region is empty (default).</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The run failed.</exception>
    public void Embed(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (EmbeddingLength == 0)
        {
            throw new InvalidOperationException($"The manifest of '{Model.Id}' names no embedding ($.output.embedding).");
        }

        if (destination.Length / EmbeddingLength < faces.Length)
        {
            throw new ArgumentException($"There are {faces.Length} faces of {EmbeddingLength} values each and room for {destination.Length} values.", nameof(destination));
        }

        ClassifyArguments.Check(faces);
        Read(faces, [], destination, cancellationToken);
    }

    /// <summary>Frees the session and its tensors. Harmless when repeated; not while a call is under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        _pool.Dispose();
    }

    // Scores, embeddings or both: an empty span is not written.
    private void Read(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> scores, Span<float> embeddings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (faces.IsEmpty)
        {
            return;
        }

        using ContextPool.Lease lease = _pool.Rent(cancellationToken);
        InferenceContext context = lease.Context;
        context.Use(_shape, _maxBatch);
        while (!faces.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = InferenceContext.LargestBatch(faces.Length, _maxBatch);
            RunBatch(context, faces[..batch]);
            if (!scores.IsEmpty)
            {
                Decode(context.Output(0, batch), scores[..batch]);
                scores = scores[batch..];
            }

            if (!embeddings.IsEmpty)
            {
                context.Output(1, batch).CopyTo(embeddings);
                embeddings = embeddings[(batch * EmbeddingLength)..];
            }

            faces = faces[batch..];
        }
    }

    private void RunBatch(InferenceContext context, ReadOnlySpan<FaceRegion> faces)
    {
        FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
        for (int i = 0; i < faces.Length; i++)
        {
            _kernel.Write(faces[i].Frame, TensorMap.ForFace(faces[i], _input), context.Input(i));
        }

        stages.End(FerSharpDiagnostics.ClassifyPreprocess);
        context.Run(faces.Length);
        stages.End(FerSharpDiagnostics.ClassifyRun);
    }

    private void Decode(ReadOnlySpan<float> rows, Span<EmotionScores> scores)
    {
        FerSharpDiagnostics.StageTimer stages = FerSharpDiagnostics.StartStages();
        for (int i = 0; i < scores.Length; i++)
        {
            if (!_decoder.TryDecode(rows.Slice(i * _decoder.RowLength, _decoder.RowLength), out scores[i]))
            {
                throw new FerInferenceException(Model.Id, "The network's output holds no usable numbers (NaN or infinite). Check the model file and the manifest's input: scale, mean and std.");
            }
        }

        stages.End(FerSharpDiagnostics.ClassifyDecode);
    }

    private IEnumerable<string> CheckOutputs(IReadOnlyList<long?> lengths)
    {
        ClassifierOutputSpec output = Model.Manifest.Classifier!;
        if (lengths[0] is { } length && length != _decoder.RowLength)
        {
            string affect = _decoder.RowLength > output.Labels.Count ? $" and affect up to index {_decoder.RowLength - 1}" : "";
            yield return $"output.labels: there are {output.Labels.Count} labels{affect}; the graph's output '{output.Name}' has {length} values for one face. List one label for each, 'ignore' for those that are not wanted.";
        }
    }
}
