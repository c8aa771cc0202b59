using FerSharp.Decoding;

namespace FerSharp.MLNet;

/// <summary>Rows to scores: a model reads a row, the decoder makes probabilities. Thread-safe.</summary>
internal sealed class RowScorer : IDisposable
{
    private readonly RowModel _model;
    private readonly EmotionDecoder _decoder;
    private readonly BoundedPool<RowEngine> _pool;

    /// <summary>Puts the parts together.</summary>
    /// <param name="info">What is served; its manifest says how the model's output is read.</param>
    /// <param name="model">Reads the rows; owned from here on, also when this constructor throws.</param>
    /// <param name="maxConcurrency">Calls at once.</param>
    /// <exception cref="FerModelException">The model gives another number of values than there are labels.</exception>
    public RowScorer(ModelInfo info, RowModel model, int maxConcurrency)
    {
        Info = info;
        _model = model;
        _pool = new BoundedPool<RowEngine>(model.CreateEngine, maxConcurrency);
        ClassifierOutputSpec output = info.Manifest.Classifier!;
        _decoder = new EmotionDecoder(output);
        if (model.OutputLengths[0] != _decoder.RowLength)
        {
            Dispose();
            throw new FerModelException(info.Id, $"output.labels: there are {output.Labels.Count} labels{(_decoder.RowLength > output.Labels.Count ? $" and affect up to index {_decoder.RowLength - 1}" : "")}; the model's output '{output.Name}' has {model.OutputLengths[0]} values for one face. List one label for each, 'ignore' for those that are not wanted.");
        }
    }

    /// <summary>What is served.</summary>
    public ModelInfo Info { get; }

    /// <summary>Takes an engine; its input is to be filled, then run, then decoded.</summary>
    public BoundedPool<RowEngine>.Lease Rent(CancellationToken cancellationToken) => _pool.Rent(cancellationToken);

    /// <summary>Runs the model on an engine's input.</summary>
    public void Run(RowEngine engine) => _model.Run(engine);

    /// <summary>Reads an engine's output.</summary>
    /// <exception cref="FerInferenceException">The output is no numbers.</exception>
    public EmotionScores Decode(RowEngine engine) => _decoder.TryDecode(engine.Outputs[0].Span, out EmotionScores scores)
        ? scores
        : throw new FerInferenceException(Info.Id, "The model's output holds no usable numbers (NaN or infinite). Check the model file and the manifest's input: scale, mean and std.");

    public void Dispose()
    {
        _pool.Dispose();
        _model.Dispose();
    }
}
