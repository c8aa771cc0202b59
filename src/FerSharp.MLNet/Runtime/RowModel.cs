using Microsoft.ML;

namespace FerSharp.MLNet;

/// <summary>A transformer from one vector column to others, and what its engines need. Thread-safe; engines are not.</summary>
internal sealed class RowModel : IDisposable
{
    private readonly ITransformer _transformer;
    private readonly DataViewSchema _schema;
    private readonly IReadOnlyList<string> _outputNames;
    private readonly string _modelId;

    /// <summary>Runs the transformer once on zeros to learn the outputs' true sizes.</summary>
    /// <param name="transformer">The transformer; owned from here on, also when this constructor throws.</param>
    /// <param name="schema">One column: the input.</param>
    /// <param name="outputNames">The output columns that are read.</param>
    /// <param name="modelId">The model's id, for messages.</param>
    /// <param name="file">The model's file, for messages.</param>
    /// <exception cref="FerModelException">The transformer does not run on such an input, or has no such output.</exception>
    public RowModel(ITransformer transformer, DataViewSchema schema, IReadOnlyList<string> outputNames, string modelId, string file)
    {
        _transformer = transformer;
        _schema = schema;
        _outputNames = outputNames;
        _modelId = modelId;
        try
        {
            using RowEngine engine = CreateEngine();
            engine.Run();
            OutputLengths = [.. engine.Outputs.ToArray().Select(output => output.Length)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Dispose();
            throw new FerModelException(modelId, $"The model in '{file}' does not run on an input '{schema[0].Name}' of {schema[0].Type}: {e.GetBaseException().Message}", e);
        }
    }

    /// <summary>The version of ML.NET, for <see cref="ModelInfo.Backend"/>.</summary>
    public static string Backend { get; } = $"ML.NET {typeof(MLContext).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Number of values of each output for one row.</summary>
    public IReadOnlyList<int> OutputLengths { get; }

    public RowEngine CreateEngine() => new(_transformer, _schema, _outputNames);

    /// <summary>Runs an engine; what fails in there is an inference that failed.</summary>
    public void Run(RowEngine engine)
    {
        try
        {
            engine.Run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new FerInferenceException(_modelId, $"The run of the model failed: {e.GetBaseException().Message}", e);
        }
    }

    public void Dispose() => (_transformer as IDisposable)?.Dispose();
}
