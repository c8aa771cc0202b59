namespace FerSharp.MLNet;

/// <summary>A trained head: scores rows of features, and becomes a folder that <see cref="MLNetEmotionClassifier"/> serves.</summary>
/// <remarks>Thread-safe, except <see cref="Dispose"/>, which must not run while a call is under way.</remarks>
public sealed class EmotionHead : IDisposable
{
    /// <summary>Name of the manifest in a head's folder.</summary>
    public const string ManifestFileName = HeadManifest.FileName;

    private const string Temporary = ".saving";

    private readonly HeadManifest _manifest;
    private readonly byte[] _zip;
    private readonly ModelPackage? _backbone;
    private readonly RowScorer _scorer;
    private bool _disposed;

    internal EmotionHead(HeadManifest manifest, byte[] zip, ModelPackage? backbone, IReadOnlyList<HeadCandidate> candidates, int chosen)
    {
        _manifest = manifest;
        _zip = zip;
        _backbone = backbone;
        Candidates = candidates;
        Chosen = candidates[chosen];
        Model = manifest.ToModelInfo(RowModel.Backend);

        // From the bytes that are saved, so that what was measured is what will be served.
        _scorer = new RowScorer(Model, HeadFile.Read(zip, manifest.Id!, manifest.File!, manifest.Features!.Length!.Value, manifest.Emotions()), Environment.ProcessorCount);
    }

    /// <summary>The head as a model: its id, version, expressions and figures.</summary>
    public ModelInfo Model { get; }

    /// <summary>What makes its rows: <see cref="IFaceFeatureExtractor.Id"/>.</summary>
    public string FeaturesId => _manifest.Features!.Id!;

    /// <summary>Values of a row.</summary>
    public int FeaturesLength => _manifest.Features!.Length!.Value;

    /// <summary>What calibrates its probabilities; fitted on the folds.</summary>
    public float Temperature => _manifest.Temperature!.Value;

    /// <summary>All that was tried, in the order of trial.</summary>
    public IReadOnlyList<HeadCandidate> Candidates { get; }

    /// <summary>What was taken.</summary>
    public HeadCandidate Chosen { get; }

    /// <summary>Size of the trained model's file in bytes, without the network of its features.</summary>
    public int FileSize => _zip.Length;

    /// <summary>Scores rows of features.</summary>
    /// <param name="rows">Row after row, each of <see cref="FeaturesLength"/> values, as the features of <see cref="FeaturesId"/> make them.</param>
    /// <param name="destination">Receives one reading for each row; what is beyond is left as it was.</param>
    /// <exception cref="ArgumentException">Not whole rows, or <paramref name="destination"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The head is disposed.</exception>
    /// <exception cref="FerInferenceException">The run failed, such as on values that are not finite.</exception>
    public void Score(ReadOnlySpan<float> rows, Span<EmotionScores> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = rows.Length / FeaturesLength;
        if (count * FeaturesLength != rows.Length || destination.Length < count)
        {
            throw new ArgumentException($"{rows.Length} values are given for rows of {FeaturesLength}, and there is room for {destination.Length} readings.", nameof(rows));
        }

        using BoundedPool<RowEngine>.Lease lease = _scorer.Rent(CancellationToken.None);
        for (int i = 0; i < count; i++)
        {
            rows.Slice(i * FeaturesLength, FeaturesLength).CopyTo(lease.Item.Input);
            _scorer.Run(lease.Item);
            destination[i] = _scorer.Decode(lease.Item);
        }
    }

    /// <summary>
    /// Writes the head into a folder: its file, the network of its embedding where it has one, and last <c>head.json</c>, which names them. A head
    /// that is there already is replaced, with its file and its network; one that is being served from there is not disturbed before it is replaced
    /// as a whole.
    /// </summary>
    /// <param name="folder">The folder; made where it is not there.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Directory.CreateDirectory(folder);
        string manifestPath = Path.Combine(folder, HeadManifest.FileName);
        HeadManifest? old = File.Exists(manifestPath) ? TryRead(manifestPath) : null;
        Write(Path.Combine(folder, _manifest.File!), _zip);
        if (_backbone is not null)
        {
            string backbone = Path.Combine(folder, _manifest.Features!.Backbone!);
            string weights = Path.GetFileName(_backbone.Manifest.File);
            Directory.CreateDirectory(backbone);
            Write(Path.Combine(backbone, weights), _backbone.Content.Span);
            Write(Path.Combine(backbone, ModelPackage.ManifestFileName), ModelManifestWriter.Write(_backbone.Manifest with { File = weights }));
        }

        Write(manifestPath, _manifest.ToJson());
        if (old?.File is { } file && file != _manifest.File && file.StartsWith(HeadManifest.FilePrefix, StringComparison.Ordinal))
        {
            File.Delete(Path.Combine(folder, file));
        }

        if (old?.Features?.Backbone is { } network && network != _manifest.Features!.Backbone && network.StartsWith(HeadManifest.BackbonePrefix, StringComparison.Ordinal)
            && Directory.Exists(Path.Combine(folder, network)))
        {
            Directory.Delete(Path.Combine(folder, network), recursive: true);
        }
    }

    /// <summary>Reads what a head's manifest says; the head is not loaded, and its file is not looked at.</summary>
    /// <param name="manifestPath">The path of a <c>head.json</c>.</param>
    /// <returns>The head in the terms of all models. Its input is the features: their id, and as many columns as a row has values.</returns>
    /// <exception cref="ArgumentException"><paramref name="manifestPath"/> is empty.</exception>
    /// <exception cref="IOException">The manifest is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The manifest may not be read.</exception>
    /// <exception cref="FerModelException">The manifest is at fault; all faults are listed.</exception>
    public static ModelManifest ReadManifest(string manifestPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(manifestPath);
        return HeadManifest.Read(manifestPath).ToModelInfo(RowModel.Backend).Manifest;
    }

    /// <summary>Frees the head. Harmless when repeated.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _scorer.Dispose();
        }
    }

    /// <summary>The head that is replaced; null where its manifest cannot be read, and then nothing is deleted.</summary>
    private static HeadManifest? TryRead(string manifestPath)
    {
        try
        {
            return HeadManifest.Read(manifestPath);
        }
        catch (FerModelException)
        {
            return null;
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        using (FileStream stream = File.Create(path + Temporary))
        {
            stream.Write(content);
        }

        File.Move(path + Temporary, path, overwrite: true);
    }
}
