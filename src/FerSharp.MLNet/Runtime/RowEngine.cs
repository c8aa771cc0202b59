using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerSharp.MLNet;

/// <summary>Runs a model on one row at a time: a vector of numbers in, vectors of numbers out, with all buffers reused.</summary>
/// <remarks>Not thread-safe: one for each call at a time.</remarks>
internal abstract class RowEngine : IDisposable
{
    /// <summary>The input, to be filled before a run.</summary>
    public abstract Span<float> Input { get; }

    /// <summary>The outputs of the last run, in the order of their names; valid until the next.</summary>
    public abstract ReadOnlySpan<ReadOnlyMemory<float>> Outputs { get; }

    /// <summary>A schema of one column of numbers.</summary>
    public static DataViewSchema Schema(string name, params int[] dimensions)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(name, new VectorDataViewType(NumberDataViewType.Single, dimensions));
        return builder.ToSchema();
    }

    /// <summary>Runs the model on <see cref="Input"/>. Throws what the model throws.</summary>
    public abstract void Run();

    public abstract void Dispose();
}
