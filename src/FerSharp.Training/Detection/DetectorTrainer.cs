namespace FerSharp.Training;

/// <summary>Trains a face detector by a recipe, epoch by epoch, with all its state in one folder.</summary>
/// <remarks>
/// After each epoch the folder holds what a run of <see cref="Trainer"/> has: <c>last.safetensors</c>, <c>best.safetensors</c> (the averaged weights of the best epoch by
/// validation), snapshots where the recipe wants them, <c>recipe.json</c>, <c>history.json</c>, <c>.csv</c> and <c>.svg</c>. A run that was stopped, or killed, goes on from
/// its last epoch and ends with the weights of an unbroken run, on the same machine with as many threads. Use a folder for one run at a time.
/// </remarks>
public sealed class DetectorTrainer
{
    private readonly DetectorRecipe _recipe;
    private readonly DetectionPictures _training;
    private readonly DetectionPictures _validation;
    private readonly string _folder;
    private readonly PretrainedWeights? _start;
    private readonly TimeProvider _time;

    /// <summary>Prepares a run.</summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="training">The pictures to learn from.</param>
    /// <param name="validation">The pictures that choose the best epoch; never learnt from.</param>
    /// <param name="folder">Where the run's files are, or will be.</param>
    /// <param name="start">All weights of an earlier run of the same network, to go on from; null to begin anew. A run that has a checkpoint goes on from that.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentNullException">A recipe or pictures are null.</exception>
    /// <exception cref="ArgumentException">The folder is empty, the recipe cannot be used (all faults are listed), or no picture has a face.</exception>
    public DetectorTrainer(DetectorRecipe recipe, DetectionPictures training, DetectionPictures validation, string folder, PretrainedWeights? start = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (recipe.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(recipe));
        }

        if (training.FaceCount == 0 || training.Scenes.Count + training.CloseUps.Count + training.Crops.Count == 0)
        {
            throw new ArgumentException("No picture to learn from has a face whose box is known.", nameof(training));
        }

        if (validation.FaceCount == 0 || validation.Scenes.Count + validation.CloseUps.Count == 0)
        {
            throw new ArgumentException("No picture to validate on has a face whose box is known.", nameof(validation));
        }

        _recipe = recipe;
        _training = training;
        _validation = validation;
        _folder = folder;
        _start = start;
        _time = timeProvider ?? TimeProvider.System;
    }

    private int Steps => _recipe.PicturesPerEpoch / _recipe.BatchSize;

    /// <summary>Trains to the end, or goes on where the folder's last checkpoint is.</summary>
    /// <param name="progress">Told where the run is; null for nobody.</param>
    /// <param name="cancellationToken">Stops at the next step; the running epoch is lost.</param>
    /// <returns>All epochs, those of earlier calls too.</returns>
    /// <exception cref="FerModelException">torch cannot be loaded.</exception>
    /// <exception cref="InvalidDataException">The folder's checkpoint is damaged, or of another recipe or other pictures; or the weights to start from are of another network.</exception>
    /// <exception cref="IOException">A file cannot be written or read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<DetectorEpoch> Run(IProgress<DetectorProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        TorchRuntime.EnsureLoaded();
        Directory.CreateDirectory(_folder);
        var checkpoint = new Checkpoint<DetectorEpoch>(
            _folder, _recipe.ToJson(), text => DetectorRecipe.FromJson(text).ToJson(), $"{_training.Info.Sha256} {_validation.Info.Sha256}");
        using var session = new DetectorSession(_recipe);
        if (!checkpoint.Exists)
        {
            _start?.CopyTo(session.Network);
            _start?.CopyTo(session.Averaged);
        }

        List<DetectorEpoch> epochs = checkpoint.Exists ? checkpoint.Load(session.Network, session.Averaged, session.Optimizer) : [];
        File.WriteAllText(Path.Combine(_folder, "recipe.json"), _recipe.ToJson() + "\n");
        DetectorValidation validation = DetectorValidation.Of(_validation, _recipe);
        while (epochs.Count < _recipe.Epochs)
        {
            long start = _time.GetTimestamp();
            (DetectorLoss loss, double rate, double speed) = RunEpoch(epochs, session, progress, cancellationToken);
            DetectorFigures figures = validation.Measure(session.Averaged, _recipe.ValidationSize, cancellationToken);
            var record = new DetectorEpoch(epochs.Count + 1, rate, loss, figures, _time.GetElapsedTime(start).TotalSeconds);
            bool best = epochs.TrueForAll(epoch => epoch.Validation.Score < figures.Score);
            epochs.Add(record);
            SaveWeights(session.Averaged, record.Epoch, best);
            checkpoint.Save(session.Network, session.Averaged, session.Optimizer, epochs);
            DetectorHistory.Write(_folder, epochs);
            progress?.Report(new DetectorProgress(record.Epoch, _recipe.Epochs, Steps, Steps, loss, speed, Remaining(record.Epoch, 0, speed), record));
        }

        return epochs;
    }

    private (DetectorLoss Loss, double Rate, double Speed) RunEpoch(
        List<DetectorEpoch> done, DetectorSession session, IProgress<DetectorProgress>? progress, CancellationToken cancellationToken)
    {
        int epoch = done.Count;
        session.Network.train();
        using var producer = new SceneProducer(_training, _recipe, epoch, cancellationToken);
        long start = _time.GetTimestamp(), reported = start;
        DetectorLoss loss = default;
        double rate = 0, speed = 0;
        int step = 0;
        foreach (DetectionBatch batch in producer.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long overall = ((long)epoch * Steps) + step;
            rate = LearningRate.At(_recipe.Schedule, _recipe.Optimizer.LearningRate, _recipe.Epochs, overall, Steps, () => LearningRate.Plateaus(_recipe.Schedule, done.Select(e => e.Validation.Score)));
            loss = loss.Plus(session.Learn(batch, rate, overall));
            step++;
            speed = step * (double)_recipe.BatchSize / Math.Max(_time.GetElapsedTime(start).TotalSeconds, 1e-9);
            if (progress is not null && _time.GetElapsedTime(reported) > TimeSpan.FromSeconds(1))
            {
                reported = _time.GetTimestamp();
                progress.Report(new DetectorProgress(epoch + 1, _recipe.Epochs, step, Steps, loss.Over(step), speed, Remaining(epoch, step, speed), null));
            }
        }

        return (loss.Over(step), rate, speed);
    }

    private void SaveWeights(DetectorNetwork network, int epoch, bool best)
    {
        if (best)
        {
            WeightFile.Save(Path.Combine(_folder, "best.safetensors"), network, _recipe.ToJson(), _training.Info.Sha256, epoch);
        }

        if (_recipe.SnapshotEvery > 0 && epoch % _recipe.SnapshotEvery == 0)
        {
            WeightFile.Save(Path.Combine(_folder, $"epoch-{epoch:d3}.safetensors"), network, _recipe.ToJson(), _training.Info.Sha256, epoch);
        }
    }

    private TimeSpan Remaining(int epochsDone, int steps, double speed) =>
        speed > 0 ? TimeSpan.FromSeconds((((long)_recipe.Epochs - epochsDone) * Steps - steps) * _recipe.BatchSize / speed) : TimeSpan.Zero;
}
