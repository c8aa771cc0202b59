using System.Security.Cryptography;
using FerSharp.Imaging;

namespace FerSharp.MLNet;

/// <summary>
/// A network's embedding as features of a face, for heads that are trained on pictures of your own. The network is an ONNX model whose manifest
/// names an embedding; it runs in ML.NET's OnnxTransformer, and pixels are prepared as the manifest says.
/// </summary>
/// <remarks>Thread-safe: one transformer, a bounded pool of engines. The features tell how faces look to this network, and were not made to tell people apart.</remarks>
public sealed class MLNetFaceEmbedder : IFaceFeatureExtractor
{
    private readonly RowModel _network;
    private readonly BoundedPool<RowEngine> _pool;
    private readonly PreprocessingKernel _kernel;
    private readonly PreprocessingSpec _input;
    private bool _disposed;

    private MLNetFaceEmbedder(ModelPackage package, MLNetFaceEmbedderOptions options)
    {
        ModelManifest manifest = package.Manifest;
        if (manifest.Classifier?.Embedding is not { } output)
        {
            throw new FerModelException(manifest.Id, "The manifest names no embedding ($.output.embedding): the network gives nothing that a head can be trained on.");
        }

        Package = package;
        Id = IdOf(package, output);
        _input = manifest.Input;
        _kernel = new PreprocessingKernel(_input);
        _network = OnnxGraph.Load(package, options.IntraOpThreads, [output]);
        _pool = new BoundedPool<RowEngine>(_network.CreateEngine, options.MaxConcurrency);
        Length = _network.OutputLengths[0];
    }

    /// <inheritdoc/>
    /// <remarks>The network's id, and a hash over its weights, its preparation of pixels and its output's name.</remarks>
    public string Id { get; }

    /// <inheritdoc/>
    public int Length { get; }

    /// <summary>The network and its manifest.</summary>
    public ModelPackage Package { get; }

    /// <summary>Loads an embedder from a folder with <c>model.json</c>, or from a manifest's path.</summary>
    /// <param name="modelPath">The folder or the manifest.</param>
    /// <exception cref="ArgumentException"><paramref name="modelPath"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model file or runtime is at fault, or the manifest names no embedding.</exception>
    public static MLNetFaceEmbedder Load(string modelPath) => Load(new MLNetFaceEmbedderOptions { ModelPath = modelPath });

    /// <summary>Loads an embedder from memory, such as over an embedded model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault, or the manifest names no embedding.</exception>
    public static MLNetFaceEmbedder Load(ModelPackage model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(new MLNetFaceEmbedderOptions { Model = model });
    }

    /// <summary>Loads an embedder.</summary>
    /// <param name="options">Which model, and how to run it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault, or the manifest names no embedding.</exception>
    public static MLNetFaceEmbedder Load(MLNetFaceEmbedderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        return new MLNetFaceEmbedder(options.Model ?? ModelPackage.Load(options.ModelPath!), options);
    }

    /// <inheritdoc/>
    public void Extract(ReadOnlySpan<FaceRegion> faces, Span<float> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (destination.Length / Length < faces.Length)
        {
            throw new ArgumentException($"There are {faces.Length} faces of {Length} values each and room for {destination.Length} values.", nameof(destination));
        }

        ClassifyArguments.Check(faces);
        cancellationToken.ThrowIfCancellationRequested();
        if (faces.IsEmpty)
        {
            return;
        }

        using BoundedPool<RowEngine>.Lease lease = _pool.Rent(cancellationToken);
        for (int i = 0; i < faces.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _kernel.Write(faces[i].Frame, TensorMap.ForFace(faces[i], _input), lease.Item.Input);
            _network.Run(lease.Item);
            ReadOnlySpan<float> values = lease.Item.Outputs[0].Span;
            foreach (float value in values)
            {
                if (!float.IsFinite(value))
                {
                    throw new FerInferenceException(Package.Manifest.Id, "The network's embedding holds values that are not finite. Check the model file and the manifest's input: scale, mean and std.");
                }
            }

            values.CopyTo(destination.Slice(i * Length, Length));
        }
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

    /// <summary>Two networks have the same id only if they give the same values: the hash covers weights, preparation and the output's name, and nothing else of the manifest.</summary>
    private static string IdOf(ModelPackage package, string output)
    {
        ModelManifest manifest = package.Manifest;
        byte[] preparation = ModelManifestWriter.Write(new ModelManifest
        {
            Id = "embedding",
            Version = "1",
            Task = ModelTask.EmotionClassification,
            File = "embedding.onnx",
            License = new ModelLicense("none", CommercialUse.Unclear),
            Input = manifest.Input,
            Classifier = new ClassifierOutputSpec { Name = output, Activation = OutputActivation.Logits, Labels = [Emotion.Neutral, Emotion.Happiness] },
        });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(package.Content.Span);
        hash.AppendData(preparation);
        return $"embedding:{manifest.Id}:{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}";
    }
}

/// <summary>How an <see cref="MLNetFaceEmbedder"/> is loaded.</summary>
public sealed class MLNetFaceEmbedderOptions : MLNetBackendOptions
{
}
