using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace FerSharp.Training;

/// <summary>Trains an expression network by a recipe, epoch by epoch, with all its state in one folder.</summary>
/// <remarks>
/// After each epoch the folder holds <c>last.safetensors</c> (all that is needed to go on), <c>best.safetensors</c> (the averaged weights of the
/// best epoch by validation), snapshots where the recipe wants them, <c>history.json</c> and <c>history.csv</c>. A run that was stopped, or
/// killed, goes on from its last epoch and ends with the weights of an unbroken run, on the same machine with as many threads.
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
    /// <exception cref="ArgumentException">The folder is empty, or there are fewer training pictures than a batch has.</exception>
    public Trainer(TrainingRecipe recipe, TrainingSet training, TrainingSet validation, string folder, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
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

    private int Steps => _training.Count / _recipe.BatchSize;

    /// <summary>Trains to the end, or goes on where the folder's last checkpoint is.</summary>
    /// <param name="progress">Told where the run is; null for nobody.</param>
    /// <param name="cancellationToken">Stops at the next step; the running epoch is lost.</param>
    /// <returns>All epochs, those of earlier calls too.</returns>
    /// <exception cref="FerModelException">torch cannot be loaded.</exception>
    /// <exception cref="InvalidDataException">The folder's checkpoint is damaged, or of another recipe or other pictures.</exception>
    /// <exception cref="IOException">A file cannot be written or read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<EpochRecord> Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        TorchRuntime.EnsureLoaded();
        Directory.CreateDirectory(_folder);
        random.manual_seed(_recipe.Seed);
        using var network = new ExpressionNetwork(_recipe.Network);
        using var averaged = new ExpressionNetwork(_recipe.Network);
        var average = new WeightAverage(averaged, network, _recipe.AverageDecay);
        using var optimizer = new NesterovOptimizer(network, _recipe.Optimizer);
        var checkpoint = new Checkpoint(_folder, _recipe.ToJson(), $"{_training.Sha256} {_validation.Sha256}");
        List<EpochRecord> epochs = checkpoint.Exists ? checkpoint.Load(network, averaged, optimizer) : [];
        var validator = new Validator(_validation, _recipe);
        while (epochs.Count < _recipe.Epochs)
        {
            long start = _time.GetTimestamp();
            (double loss, double rate, double speed) = RunEpoch(epochs.Count, network, average, optimizer, progress, cancellationToken);
            (double fer2013, double consensus8, double consensus7, double validationLoss) = validator.Measure(averaged, cancellationToken);
            var record = new EpochRecord(
                epochs.Count + 1, BatchProducer.SideIn(_recipe, epochs.Count), rate, loss, fer2013, consensus8, consensus7, validationLoss, _time.GetElapsedTime(start).TotalSeconds);
            bool best = epochs.All(epoch => epoch.Score < record.Score);
            epochs.Add(record);
            SaveWeights(averaged, record, best);
            TrainingHistory.Write(_folder, epochs);
            checkpoint.Save(network, averaged, optimizer, epochs);
            progress?.Report(new TrainingProgress(record.Epoch, _recipe.Epochs, Steps, Steps, loss, speed, Remaining(record.Epoch, 0, speed), record));
        }

        return epochs;
    }

    private (double Loss, double Rate, double Speed) RunEpoch(
        int epoch, ExpressionNetwork network, WeightAverage average, NesterovOptimizer optimizer, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        // Dropout draws from torch's own generator; seeding it here makes an epoch the same whether or not others ran before in this process.
        random.manual_seed((long)(new RandomSource(_recipe.Seed, epoch, -2).Next() >> 1));
        network.train();
        using var producer = new BatchProducer(_training, _recipe, epoch, cancellationToken);
        long start = _time.GetTimestamp(), reported = start;
        double loss = 0, rate = 0, speed = 0;
        int step = 0;
        foreach (Batch batch in producer.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long overall = ((long)epoch * Steps) + step;
            rate = LearningRate.At(_recipe.Optimizer, overall, Steps, _recipe.Epochs);
            loss += Step(batch, network, optimizer, rate);
            average.Follow(overall);
            step++;
            speed = step * (double)_recipe.BatchSize / _time.GetElapsedTime(start).TotalSeconds;
            if (progress is not null && _time.GetElapsedTime(reported) > TimeSpan.FromSeconds(1))
            {
                reported = _time.GetTimestamp();
                progress.Report(new TrainingProgress(epoch + 1, _recipe.Epochs, step, Steps, loss / step, speed, Remaining(epoch, step, speed), null));
            }
        }

        return (loss / step, rate, speed);
    }

    private double Step(Batch batch, ExpressionNetwork network, NesterovOptimizer optimizer, double rate)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = tensor(batch.Pixels, [batch.Count, 1, batch.Side, batch.Side]);
        NetworkOutput output = network.forward(input);
        Tensor fer2013 = CrossEntropy(output.Fer2013, tensor(batch.Fer2013, [batch.Count, ExpressionNetwork.Fer2013Classes]));
        Tensor consensus = CrossEntropy(output.Consensus, tensor(batch.Consensus, [batch.Count, ExpressionNetwork.ConsensusClasses]));
        Tensor loss = (_recipe.Fer2013Weight * fer2013) + (_recipe.ConsensusWeight * consensus);
        loss.backward();
        optimizer.Step(rate);
        return loss.ToDouble();
    }

    /// <summary>Cross-entropy with shares as target; a picture whose shares are all 0 says nothing.</summary>
    private static Tensor CrossEntropy(Tensor logits, Tensor shares) => -(shares * logits.log_softmax(1)).sum() / logits.shape[0];

    private void SaveWeights(ExpressionNetwork network, EpochRecord record, bool best)
    {
        var texts = new Dictionary<string, string> { ["recipe"] = _recipe.ToJson(), ["data"] = _training.Sha256, ["epoch"] = record.Epoch.ToString(CultureInfo.InvariantCulture) };
        if (best)
        {
            Checkpoint.SaveWeights(Path.Combine(_folder, "best.safetensors"), network, texts);
        }

        if (_recipe.SnapshotEvery > 0 && record.Epoch % _recipe.SnapshotEvery == 0)
        {
            Checkpoint.SaveWeights(Path.Combine(_folder, $"epoch-{record.Epoch:d3}.safetensors"), network, texts);
        }
    }

    /// <summary>Cost is taken to grow with the pictures' area.</summary>
    private TimeSpan Remaining(int epochsDone, int steps, double speed)
    {
        if (speed <= 0)
        {
            return TimeSpan.Zero;
        }

        double Area(int epoch) => Math.Pow(BatchProducer.SideIn(_recipe, epoch), 2);
        double now = Area(Math.Max(steps == 0 ? epochsDone - 1 : epochsDone, 0)), left = 0;
        for (int epoch = epochsDone; epoch < _recipe.Epochs; epoch++)
        {
            left += Area(epoch) * (epoch == epochsDone ? Steps - steps : Steps);
        }

        return TimeSpan.FromSeconds(left / now * _recipe.BatchSize / speed);
    }
}
