using System.Buffers;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace FerSharp.Evaluation;

/// <summary>How a detector is run over a data set.</summary>
public sealed class DetectionOptions
{
    /// <summary>Pictures at once, from 1 to 1024.</summary>
    /// <value>Default: the number of processors.</value>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Most faces that are asked for in a picture, from 1 to 65,536. Pictures that reach it are counted in <see cref="DetectionReport.Full"/>.</summary>
    /// <value>Default 1000.</value>
    public int MaxFaces { get; set; } = 1000;

    internal void ThrowIfInvalid()
    {
        if (Threads is < 1 or > 1024 || MaxFaces is < 1 or > 65536)
        {
            throw new ArgumentException($"{nameof(Threads)} is {Threads} and {nameof(MaxFaces)} is {MaxFaces}; they must be from 1 to 1024 and from 1 to 65536.");
        }
    }
}

/// <summary>Runs a detector over a data set.</summary>
/// <remarks>
/// <para>Each picture is loaded, searched and freed, on all cores; only the boxes stay, so memory does not grow with the pictures. The result does
/// not depend on the number of threads.</para>
/// <para>A curve needs the detections below the threshold that the detector is used with. So load it with a low one, and give its own to the report:</para>
/// <code>
/// ModelPackage model = ModelPackage.Load("models/my-detector");
/// using var detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = model, ScoreThreshold = 0.02f });
/// DetectionSet found = DetectionRunner.Run(detector, dataset);
/// DetectionReport report = DetectionReport.Of(found, new DetectionReportOptions { ScoreThreshold = model.Manifest.Detector!.ScoreThreshold });
/// </code>
/// <para>Non-maximum suppression goes from the best score down, so what it leaves above a threshold is the same whether or not boxes below it were
/// there; the report's figures at the detector's own threshold are those of the detector as it is used.</para>
/// </remarks>
public static class DetectionRunner
{
    /// <summary>Searches every picture of a data set.</summary>
    /// <param name="detector">The detector; borrowed. Its own concurrency should be at least <see cref="DetectionOptions.Threads"/>.</param>
    /// <param name="dataset">The data set; borrowed.</param>
    /// <param name="options">How to run; null means the defaults.</param>
    /// <param name="progress">Told how many pictures are done, from any thread.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>What was found in each picture, in the data set's order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="detector"/> or <paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range, or a data set without samples.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static DetectionSet Run(IFaceDetector detector, DetectionDataset dataset, DetectionOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new DetectionOptions();
        options.ThrowIfInvalid();
        MetricInput.NotEmpty(dataset.Samples.Count, nameof(dataset));
        var pictures = new DetectedPicture[dataset.Samples.Count];
        var faults = new DatasetFault?[pictures.Length];
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        try
        {
            Parallel.For(0, pictures.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken }, i =>
            {
                pictures[i] = new DetectedPicture(dataset.Samples[i], Search(detector, dataset, i, options.MaxFaces, out faults[i], cancellationToken));
                progress?.Report(Interlocked.Increment(ref done));
            });
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions is [var single, ..])
        {
            // One failure ends the run; the first tells what happened, as it would without threads.
            ExceptionDispatchInfo.Throw(single);
        }

        return new DetectionSet(detector.Model, dataset.Info, pictures, [.. dataset.Faults, .. faults.OfType<DatasetFault>()], options.MaxFaces, Stopwatch.GetElapsedTime(start));
    }

    private static FaceDetection[]? Search(IFaceDetector detector, DetectionDataset dataset, int index, int maxFaces, out DatasetFault? fault, CancellationToken cancellationToken)
    {
        fault = null;
        Frame frame;
        try
        {
            frame = dataset.Load(index);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            fault = new DatasetFault(dataset.Samples[index].Id, e.Message);
            return null;
        }

        FaceDetection[] room = ArrayPool<FaceDetection>.Shared.Rent(maxFaces);
        try
        {
            int count = detector.Detect(frame.View, room.AsSpan(0, maxFaces), cancellationToken);
            return room[..count];
        }
        finally
        {
            frame.Dispose();
            ArrayPool<FaceDetection>.Shared.Return(room);
        }
    }
}
