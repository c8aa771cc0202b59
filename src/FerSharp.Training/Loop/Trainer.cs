namespace FerSharp.Training;

/// <summary>Trains an expression network by a recipe, epoch by epoch, with all its state in one folder.</summary>
/// <remarks>
/// After each epoch the folder holds <c>last.safetensors</c> (all that is needed to go on), <c>best.safetensors</c> (the averaged weights of the
/// best epoch by validation), snapshots where the recipe wants them, <c>recipe.json</c>, <c>history.json</c>, <c>history.csv</c> and
/// <c>history.svg</c> (the curves). A run that was stopped, or killed, goes on from its last epoch and ends with the weights of an unbroken run, on the same
/// machine with as many threads. Use a folder for one run at a time.
/// </remarks>
public sealed class Trainer
{
    private readonly TrainingRecipe _recipe;
    private readonly TrainingSet _training;
    private readonly TrainingSet _validation;
    private readonly string _folder;
    private readonly TimeProvider _time;

    /// <summary>Prepares a run.</summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="training">The pictures to learn from.</param>
    /// <param name="validation">The pictures that choose the best epoch; never varied, never learnt from.</param>
    /// <param name="folder">Where the run's files are, or will be.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentNullException">A recipe or a set is null.</exception>
    /// <exception cref="ArgumentException">The folder is empty, the recipe cannot be used (all faults are listed), or there are fewer training pictures than a batch has.</exception>
    public Trainer(TrainingRecipe recipe, TrainingSet training, TrainingSet validation, string folder, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (RecipeRules.Faults(recipe) is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(recipe));
        }

        if (training.Count < recipe.BatchSize)
        {
            throw new ArgumentException($"A batch has {recipe.BatchSize} pictures; there are only {training.Count} to train on.", nameof(training));
        }

        _recipe = recipe;
        _training = training;
        _validation = validation;
        _folder = folder;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Weights to start from in place of random ones; null for none. Without meaning for a run that goes on.</summary>
    public PretrainedWeights? Start { get; init; }

    private int Steps => _training.Count / _recipe.BatchSize;

    /// <summary>Trains to the end, or goes on where the folder's last checkpoint is.</summary>
    /// <param name="progress">Told where the run is; null for nobody.</param>
    /// <param name="cancellationToken">Stops at the next step; the running epoch is lost.</param>
    /// <returns>All epochs, those of earlier calls too.</returns>
    /// <exception cref="FerModelException">torch cannot be loaded.</exception>
    /// <exception cref="InvalidDataException">The folder's checkpoint is damaged, or of another recipe or other pictures; or <see cref="Start"/> does not fit the network.</exception>
    /// <exception cref="IOException">A file cannot be written or read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<EpochRecord> Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        TorchRuntime.EnsureLoaded();
        Directory.CreateDirectory(_folder);
        var checkpoint = new Checkpoint<EpochRecord>(
            _folder, _recipe.ToJson(), text => TrainingRecipe.FromJson(text).ToJson(), string.Join(' ', _training.Info.Sha256, _training.TeacherSha256, _validation.Info.Sha256));
        using var session = new TrainingSession(_recipe, checkpoint.Exists ? null : Start);
        List<EpochRecord> epochs = checkpoint.Exists ? checkpoint.Load(session.Network, session.Averaged, session.Optimizer) : [];
        File.WriteAllText(Path.Combine(_folder, "recipe.json"), _recipe.ToJson() + "\n");
        var targets = new TargetWriter(_training, _recipe);
        while (epochs.Count < _recipe.Epochs && !HasStopped(epochs))
        {
            long start = _time.GetTimestamp();
            (double loss, double rate, double speed) = RunEpoch(epochs, session, targets, progress, cancellationToken);
            ValidationFigures figures = ValidationFigures.Measure(
                _validation, Predictions.Of(session.Averaged, _validation, _recipe.Network.InputSize, cancellationToken), _recipe);
            var record = new EpochRecord(
                epochs.Count + 1, BatchProducer.SideIn(_recipe, epochs.Count), rate, loss, figures, Score(figures), _time.GetElapsedTime(start).TotalSeconds);
            bool best = epochs.All(epoch => epoch.Figure(_recipe.Monitor) < record.Figure(_recipe.Monitor));
            epochs.Add(record);
            SaveWeights(session.Averaged, record.Epoch, best);
            checkpoint.Save(session.Network, session.Averaged, session.Optimizer, epochs);
            TrainingHistory.Write(_folder, epochs);
            progress?.Report(new TrainingProgress(record.Epoch, _recipe.Epochs, Steps, Steps, loss, speed, Remaining(record.Epoch, 0, speed), record));
        }

        return epochs;
    }

    private (double Loss, double Rate, double Speed) RunEpoch(
        List<EpochRecord> done, TrainingSession session, TargetWriter targets, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int epoch = done.Count;
        session.Network.train();
        using var producer = new BatchProducer(_training, targets, _recipe, epoch, cancellationToken);
        long start = _time.GetTimestamp(), reported = start;
        double loss = 0, rate = 0, speed = 0;
        int step = 0;
        foreach (Batch batch in producer.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long overall = ((long)epoch * Steps) + step;
            rate = LearningRate.At(_recipe, overall, Steps, done);
            loss += session.Learn(batch, rate, overall, Steps);
            step++;
            speed = step * (double)_recipe.BatchSize / Math.Max(_time.GetElapsedTime(start).TotalSeconds, 1e-9);
            if (progress is not null && _time.GetElapsedTime(reported) > TimeSpan.FromSeconds(1))
            {
                reported = _time.GetTimestamp();
                progress.Report(new TrainingProgress(epoch + 1, _recipe.Epochs, step, Steps, loss / step, speed, Remaining(epoch, step, speed), null));
            }
        }

        return (loss / step, rate, speed);
    }

    private bool HasStopped(List<EpochRecord> epochs)
    {
        if (_recipe.StopAfter == 0 || epochs.Count == 0)
        {
            return false;
        }

        EpochRecord best = epochs.MaxBy(epoch => epoch.Figure(_recipe.Monitor))!;
        return epochs.Count - best.Epoch >= _recipe.StopAfter;
    }

    private double Score(ValidationFigures figures) => (_recipe.Fer2013Weight > 0, _recipe.ConsensusWeight > 0) switch
    {
        (true, true) => (figures.Fer2013 + figures.Consensus8) / 2,
        (true, false) => figures.Fer2013,
        _ => figures.Consensus8,
    };

    private void SaveWeights(ExpressionNetwork network, int epoch, bool best)
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

    /// <summary>Cost is taken to grow with the pictures' area.</summary>
    private TimeSpan Remaining(int epochsDone, int steps, double speed)
    {
        if (speed <= 0)
        {
            return TimeSpan.Zero;
        }

        double now = Area(steps == 0 ? epochsDone - 1 : epochsDone), left = 0;
        for (int epoch = epochsDone; epoch < _recipe.Epochs; epoch++)
        {
            left += Area(epoch) * (epoch == epochsDone ? Steps - steps : Steps);
        }

        return TimeSpan.FromSeconds(left / now * _recipe.BatchSize / speed);
    }

    private double Area(int epoch) => Math.Pow(BatchProducer.SideIn(_recipe, epoch), 2);
}
