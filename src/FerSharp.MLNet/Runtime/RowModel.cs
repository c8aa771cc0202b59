using System.Reflection;
using FerSharp.Features;
using Microsoft.ML;

namespace FerSharp.MLNet;

/// <summary>What reads a row: a transformer from one vector column to others, or a k-NN head; and what its engines need. Thread-safe; engines are not.</summary>
internal sealed class RowModel : IDisposable
{
    private readonly IDisposable? _owned;
    private readonly Func<RowEngine> _createEngine;
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
        _owned = transformer as IDisposable;
        _createEngine = () => new TransformerEngine(transformer, schema, outputNames);
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

    /// <summary>A k-NN head.</summary>
    /// <param name="classifier">The head.</param>
    /// <param name="modelId">The model's id, for messages.</param>
    public RowModel(NearestNeighborClassifier classifier, string modelId)
    {
        _createEngine = () => new NeighborEngine(classifier);
        _modelId = modelId;
        OutputLengths = [classifier.Classes];
    }

    /// <summary>The version of ML.NET, for <see cref="ModelInfo.Backend"/>.</summary>
    public static string Backend { get; } = $"ML.NET {typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', '-')[0]}";

    /// <summary>Number of values of each output for one row.</summary>
    public IReadOnlyList<int> OutputLengths { get; }

    public RowEngine CreateEngine() => _createEngine();

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

    public void Dispose() => _owned?.Dispose();
}
