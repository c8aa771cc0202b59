using Microsoft.Extensions.Logging;

namespace FerSharp.MLNet;

/// <summary>
/// An expression classifier in ML.NET: a head that <see cref="EmotionHeadTrainer"/> trained, or any ONNX model with a manifest, run by
/// OnnxTransformer.
/// </summary>
/// <remarks>
/// <para>Thread-safe: one transformer, a bounded pool of engines. Faces are read one after the other. OnnxTransformer allocates its tensors anew
/// for each face, some tens of kilobytes; for a camera's every frame FerSharp.Onnx, which allocates nothing, is the better choice.</para>
/// <para>With <see cref="MLNetEmotionClassifierOptions.ReloadOnChange"/> the files are watched. A call uses one model from its beginning to its
/// end; <see cref="Model"/> is that of the next call.</para>
/// </remarks>
public sealed class MLNetEmotionClassifier : IEmotionClassifier
{
    private readonly MLNetEmotionClassifierOptions _options;
    private readonly FileWatch? _watch;
    private readonly ILogger? _logger;
    private readonly Lock _gate = new();
    private Served _served;
    private bool _disposed;
    private bool _waitsForFiles;

    private MLNetEmotionClassifier(MLNetEmotionClassifierOptions options, ILogger? logger)
    {
        _options = options;
        _logger = logger;

        // The watch remembers the files before they are read, so that a change while they are being read is not missed.
        _watch = options.ReloadOnChange ? new FileWatch(() => HeadFolder.Files(options.ModelPath!), options.ReloadInterval, options.TimeProvider, Reload) : null;
        try
        {
            _served = new Served(HeadFolder.Load(options));
        }
        catch
        {
            _watch?.Dispose();
            throw;
        }

        _watch?.Start();
    }

    /// <summary>
    /// The files have changed and were loaded anew, or could not be: then <see cref="ModelReloadedEventArgs.Error"/> says why, and the old model
    /// goes on. Raised on a thread of the pool. What a handler throws goes to the log.
    /// </summary>
    /// <remarks>Files that cannot be read for the moment, such as locked ones, are tried again at every interval; that is told once.</remarks>
    public event EventHandler<ModelReloadedEventArgs>? Reloaded;

    /// <inheritdoc/>
    public ModelInfo Model => _served.Scorer.Info;

    /// <summary>Loads a classifier from a folder with <c>head.json</c> or <c>model.json</c>, or from a manifest's path.</summary>
    /// <param name="modelPath">The folder or the manifest.</param>
    /// <exception cref="ArgumentException"><paramref name="modelPath"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model file, features or runtime are at fault; all faults are listed.</exception>
    public static MLNetEmotionClassifier Load(string modelPath) => Load(new MLNetEmotionClassifierOptions { ModelPath = modelPath });

    /// <summary>Loads a classifier over an ONNX model in memory, such as an embedded one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault; all faults are listed.</exception>
    public static MLNetEmotionClassifier Load(ModelPackage model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(new MLNetEmotionClassifierOptions { Model = model });
    }

    /// <summary>Loads a classifier.</summary>
    /// <param name="options">Which model, and how to run it.</param>
    /// <param name="logger">Hears of reloads; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FerModelException">Manifest, model file, features or runtime are at fault; all faults are listed.</exception>
    public static MLNetEmotionClassifier Load(MLNetEmotionClassifierOptions options, ILogger<MLNetEmotionClassifier>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);

        // A copy: a reload long after must not read what the caller has made of the options since.
        options = options.Copy();
        options.ThrowIfInvalid();
        return new MLNetEmotionClassifier(options, logger);
    }

    /// <inheritdoc/>
    public void Classify(ReadOnlySpan<FaceRegion> faces, Span<EmotionScores> destination, CancellationToken cancellationToken = default)
    {
        Served served;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            served = _served;
            served.Users++;
        }

        try
        {
            ClassifyArguments.Check(faces, destination);
            served.Scorer.Classify(faces, destination, cancellationToken);
        }
        finally
        {
            Release(served);
        }
    }

    /// <summary>Frees the model and its buffers, and ends the watch. Harmless when repeated; not while a call is under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _watch?.Dispose();
        Release(_served);
    }

    /// <summary>Loads the changed files and tells what came of it. False where they cannot be read just now.</summary>
    private bool Reload()
    {
        Exception? error = null;
        try
        {
            var fresh = new Served(HeadFolder.Load(_options));
            Served old;
            lock (_gate)
            {
                old = _disposed ? fresh : _served;
                _served = _disposed ? _served : fresh;
            }

            Release(old);
            if (old == fresh)
            {
                return true;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            error = e;
        }

        bool waited = _waitsForFiles;
        _waitsForFiles = error is IOException or UnauthorizedAccessException;
        if (!(waited && _waitsForFiles))
        {
            Tell(error);
        }

        return !_waitsForFiles;
    }

    /// <summary>Log and handlers are other people's code on the watch's thread: what they throw must end neither the watch nor the process.</summary>
    private void Tell(Exception? error)
    {
        Guard(() =>
        {
            if (_logger is not null && error is null)
            {
                ReloadLog.Reloaded(_logger, Model.Id, Model.Version);
            }
            else if (_logger is not null)
            {
                ReloadLog.Kept(_logger, Model.Id, Model.Version, error!);
            }
        });
        if (Guard(() => Reloaded?.Invoke(this, new ModelReloadedEventArgs(Model, error))) is { } fault && _logger is not null)
        {
            Guard(() => ReloadLog.HandlerFailed(_logger, fault));
        }

        static Exception? Guard(Action call)
        {
            try
            {
                call();
                return null;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return e;
            }
        }
    }

    /// <summary>The last one who lets go frees the model: the running calls, and the place as the current one.</summary>
    private void Release(Served served)
    {
        bool last;
        lock (_gate)
        {
            last = --served.Users == 0;
        }

        if (last)
        {
            served.Scorer.Dispose();
        }
    }

    /// <summary>A model and how many hold it; the first is the classifier itself.</summary>
    private sealed class Served(EmotionScorer scorer)
    {
        public EmotionScorer Scorer { get; } = scorer;

        public int Users { get; set; } = 1;
    }
}
