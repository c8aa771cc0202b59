namespace FerSharp.Evaluation;

/// <summary>How a classifier is run over a data set.</summary>
public sealed class EvaluationOptions
{
    /// <summary>Samples that are loaded and read together, from 1 to 1024.</summary>
    /// <value>Default 32.</value>
    public int BatchSize { get; set; } = 32;

    /// <summary>Batches at once, from 1 to 1024.</summary>
    /// <value>Default: the number of processors.</value>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Finds the face in each picture; the largest is read, and a picture without one counts as an error of the whole pipeline. Borrowed.
    /// </summary>
    /// <value>Default null: each picture is a face crop and is read whole.</value>
    public IFaceDetector? Detector { get; set; }

    internal void ThrowIfInvalid()
    {
        if (BatchSize is < 1 or > 1024 || Threads is < 1 or > 1024)
        {
            throw new ArgumentException($"{nameof(BatchSize)} is {BatchSize} and {nameof(Threads)} is {Threads}; both must be from 1 to 1024.");
        }
    }
}
