using System.Collections.Concurrent;
using System.Diagnostics;

namespace FerSharp.Evaluation;

/// <summary>Runs a classifier over a data set.</summary>
/// <remarks>
/// Pictures are loaded, read in batches on all cores, and freed; only the readings stay, so memory does not grow with the pictures. The result
/// does not depend on the number of threads.
/// </remarks>
public static class EvaluationRunner
{
    /// <summary>Reads every labelled sample of a data set.</summary>
    /// <param name="classifier">The classifier; borrowed. Its own concurrency should be at least <see cref="EvaluationOptions.Threads"/>.</param>
    /// <param name="dataset">The data set; borrowed.</param>
    /// <param name="options">How to run; null means the defaults.</param>
    /// <param name="progress">Told how many samples are done, from any thread.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>One prediction for each labelled sample, in the data set's order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="classifier"/> or <paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">Options out of range, or no sample has a label.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static PredictionSet Run(IEmotionClassifier classifier, FaceDataset dataset, EvaluationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Run(classifier, dataset, options, null, progress, cancellationToken);

    /// <summary>The same, for those who need the pixels of what was read while they are there.</summary>
    internal static PredictionSet Run(IEmotionClassifier classifier, FaceDataset dataset, EvaluationOptions? options, FaceSeen? seen, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new EvaluationOptions();
        options.ThrowIfInvalid();
        int[] labelled = [.. Enumerable.Range(0, dataset.Samples.Count).Where(i => dataset.Samples[i].Label.HasValue)];
        if (labelled.Length == 0)
        {
            throw new ArgumentException($"No sample of '{dataset.Info.Name}' has a label, so there is nothing to compare with.", nameof(dataset));
        }

        var predictions = new Prediction[labelled.Length];
        var faults = new ConcurrentBag<DatasetFault>();
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.ForEach(Partitioner.Create(0, labelled.Length, options.BatchSize), parallel, range =>
            {
                ReadBatch(classifier, dataset, options, labelled, range.Item1, range.Item2, predictions, faults, seen, cancellationToken);
                progress?.Report(Interlocked.Add(ref done, range.Item2 - range.Item1));
            });
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions is [var single, ..])
        {
            // One failure ends the run; the first tells what happened, as it would without threads.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(single);
        }

        return new PredictionSet(
            classifier.Model,
            dataset.Info,
            predictions,
            [.. dataset.Faults, .. faults.OrderBy(fault => fault.Where, StringComparer.Ordinal)],
            Stopwatch.GetElapsedTime(start))
        {
            LeftOut = dataset.LeftOut,
            Detector = options.Detector?.Model,
        };
    }

    private static void ReadBatch(
        IEmotionClassifier classifier, FaceDataset dataset, EvaluationOptions options, int[] labelled, int from, int to, Prediction[] predictions, ConcurrentBag<DatasetFault> faults, FaceSeen? seen, CancellationToken cancellationToken)
    {
        var frames = new List<Frame>(to - from);
        var regions = new List<FaceRegion>(to - from);
        var positions = new List<int>(to - from);
        try
        {
            for (int i = from; i < to; i++)
            {
                FaceSample sample = dataset.Samples[labelled[i]];
                PredictionStatus status = PredictionStatus.Read;
                try
                {
                    Frame frame = dataset.Load(labelled[i]);
                    frames.Add(frame);
                    if (TryLocate(options.Detector, frame.View, cancellationToken, out FaceRegion region))
                    {
                        regions.Add(region);
                        positions.Add(i);
                    }
                    else
                    {
                        status = PredictionStatus.FaceMissed;
                    }
                }
                catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    faults.Add(new DatasetFault(sample.Id, e.Message));
                    status = PredictionStatus.Unreadable;
                }

                predictions[i] = new Prediction(sample.Id, sample.Label!.Value, status, default) { Subject = sample.Subject };
            }

            var scores = new EmotionScores[regions.Count];
            classifier.Classify(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(regions), scores, cancellationToken);
            for (int k = 0; k < scores.Length; k++)
            {
                predictions[positions[k]] = predictions[positions[k]] with { Scores = scores[k] };
                seen?.Invoke(positions[k], regions[k], scores[k]);
            }
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    /// <summary>The face to read: the whole picture where there is no detector, else the largest face that it finds.</summary>
    private static bool TryLocate(IFaceDetector? detector, in FrameView frame, CancellationToken cancellationToken, out FaceRegion region)
    {
        if (detector is null)
        {
            region = FaceRegion.Whole(frame);
            return true;
        }

        FaceDetection[] faces = detector.Detect(frame, cancellationToken: cancellationToken);
        region = faces.Length == 0 ? default : new FaceRegion(frame, faces.MaxBy(face => face.Box.Area));
        return faces.Length > 0;
    }
}

/// <summary>Told of a face that was read, from any thread.</summary>
/// <param name="position">Its position among the predictions.</param>
/// <param name="face">The face; its picture is valid during the call only.</param>
/// <param name="scores">The reading.</param>
internal delegate void FaceSeen(int position, in FaceRegion face, in EmotionScores scores);
