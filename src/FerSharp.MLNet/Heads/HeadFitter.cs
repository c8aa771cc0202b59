using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FerSharp.Features;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace FerSharp.MLNet;

/// <summary>A trainer with its settings.</summary>
/// <param name="Algorithm">The trainer.</param>
/// <param name="Strength">The trainers of weights: how much large weights cost. Trees: most leaves of one. k-NN: neighbours that vote.</param>
internal readonly record struct HeadSetting(HeadAlgorithm Algorithm, double Strength)
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Algorithm switch { HeadAlgorithm.LightGbm => "leaves", HeadAlgorithm.NearestNeighbors => "k", _ => "l2" }}={Strength}");

    /// <summary>What is tried of an algorithm: few settings, far apart, because each costs a training for every fold.</summary>
    public static HeadSetting[] Of(HeadAlgorithm algorithm) => algorithm switch
    {
        HeadAlgorithm.MaximumEntropyLbfgs => [new(algorithm, 1), new(algorithm, 10), new(algorithm, 100)],
        HeadAlgorithm.MaximumEntropySdca => [new(algorithm, 1e-4), new(algorithm, 1e-3), new(algorithm, 1e-2)],
        HeadAlgorithm.NearestNeighbors => [new(algorithm, 5), new(algorithm, 15), new(algorithm, 45)],
        _ => [new(algorithm, 7), new(algorithm, 31)],
    };
}

/// <summary>Trains one head on some rows of a table. One thread, so that the same rows and seed give the same head.</summary>
/// <param name="rows">Features of all rows.</param>
/// <param name="classes">Class of each row, from 0.</param>
/// <param name="groups">Group of each row.</param>
/// <param name="weights">Weight of each class.</param>
/// <param name="labels">The classes.</param>
/// <param name="seed">Seed of the trainers.</param>
internal sealed class HeadFitter(float[][] rows, int[] classes, IReadOnlyList<string?> groups, float[] weights, IReadOnlyList<Emotion> labels, int seed)
{
    /// <summary>One part in so many of the rows tells the trees when to stop.</summary>
    private const int StopParts = 10;

    /// <summary>With fewer rows of a class, there is nothing to spare for that.</summary>
    private const int LeastToSpare = 30;

    private const int MostTrees = 300;
    private const int TreesWithoutStop = 60;

    /// <summary>Trains on the rows of the given indices and gives the head's file. ML.NET's trainers take no token, so it is looked at whenever a row is read.</summary>
    /// <exception cref="ArgumentException">A k-NN head over so many rows would be too long for a file.</exception>
    /// <exception cref="FerModelException">LightGBM's native library cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public byte[] Fit(HeadSetting setting, int[] indices, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (setting.Algorithm == HeadAlgorithm.NearestNeighbors)
        {
            return KeepRows(setting, indices);
        }

        var context = new MLContext(seed);
        try
        {
            ITransformer transformer = setting.Algorithm == HeadAlgorithm.LightGbm ? FitTrees(context, setting, indices, cancellationToken) : FitWeights(context, setting, indices, cancellationToken);
            using IDisposable? owned = transformer as IDisposable;
            return HeadFile.Write(context, transformer, rows[0].Length);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // ML.NET may wrap what was thrown.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (setting.Algorithm == HeadAlgorithm.LightGbm && NativeLibraries.IsMissing(e))
        {
            throw NativeLibraries.LightGbmFault(e);
        }
    }

    private byte[] KeepRows(HeadSetting setting, int[] indices)
    {
        int length = rows[0].Length;
        if (((long)indices.Length * ((length * sizeof(float)) + 1)) + HeadFile.NeighborsOverhead > HeadFile.MaxBytes)
        {
            throw new ArgumentException($"A k-NN head keeps all rows: {indices.Length} of {length} values are more than a file of 2 GiB holds. Take fewer faces, shorter features or another algorithm.");
        }

        float[] all = new float[indices.Length * length];
        for (int i = 0; i < indices.Length; i++)
        {
            rows[indices[i]].CopyTo(all, i * length);
        }

        return HeadFile.Write(NearestNeighborClassifier.Fit(all, [.. indices.Select(index => classes[index])], weights, new NearestNeighborOptions { Neighbors = (int)setting.Strength }), labels);
    }

    private TransformerChain<ITransformer> FitWeights(MLContext context, HeadSetting setting, int[] indices, CancellationToken cancellationToken)
    {
        IEstimator<ITransformer> trainer = setting.Algorithm == HeadAlgorithm.MaximumEntropyLbfgs
            ? context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = HeadFile.LabelColumn,
                FeatureColumnName = HeadFile.FeaturesColumn,
                ExampleWeightColumnName = HeadFile.WeightColumn,
                L1Regularization = 0,
                L2Regularization = (float)setting.Strength,
                OptimizationTolerance = 1e-5f,
                MaximumNumberOfIterations = 200,
                NumberOfThreads = 1,
            })
            : context.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = HeadFile.LabelColumn,
                FeatureColumnName = HeadFile.FeaturesColumn,
                ExampleWeightColumnName = HeadFile.WeightColumn,
                L1Regularization = 0,
                L2Regularization = (float)setting.Strength,
                MaximumNumberOfIterations = 50,
                NumberOfThreads = 1,
            });

        // Weights are held small alike, so features must be alike in size; the scaling becomes part of the zip.
        return context.Transforms.NormalizeMeanVariance(HeadFile.FeaturesColumn, fixZero: false)
            .Append<ITransformer>((IEstimator<ITransformer>)trainer)
            .Fit(View(context, indices, cancellationToken));
    }

    private MulticlassPredictionTransformer<OneVersusAllModelParameters> FitTrees(MLContext context, HeadSetting setting, int[] indices, CancellationToken cancellationToken)
    {
        int[] own = [.. indices.Select(index => classes[index])];
        int[] part = StratifiedFolds.Assign(own, [.. indices.Select(index => groups[index])], StopParts, seed);
        bool canStop = own.CountBy(c => c).All(pair => pair.Value >= LeastToSpare) && CanSpare(own, part);
        LightGbmMulticlassTrainer trainer = context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            LabelColumnName = HeadFile.LabelColumn,
            FeatureColumnName = HeadFile.FeaturesColumn,
            ExampleWeightColumnName = HeadFile.WeightColumn,
            NumberOfLeaves = (int)setting.Strength,
            MinimumExampleCountPerLeaf = Math.Clamp(indices.Length / 100, 2, 20),
            LearningRate = 0.1,
            NumberOfIterations = canStop ? MostTrees : TreesWithoutStop,
            EarlyStoppingRound = canStop ? 15 : 0,
            UseSoftmax = true,
            NumberOfThreads = 1,
            Seed = seed,
            Silent = true,
        });
        if (!canStop)
        {
            return trainer.Fit(View(context, indices, cancellationToken));
        }

        return trainer.Fit(
            View(context, [.. indices.Where((_, i) => part[i] > 0)], cancellationToken),
            View(context, [.. indices.Where((_, i) => part[i] == 0)], cancellationToken));
    }

    /// <summary>Whether the part that says when to stop is small, and all classes are on both sides: few people may make parts that are not.</summary>
    private static bool CanSpare(int[] own, int[] part)
    {
        int[] spared = [.. own.Where((_, i) => part[i] == 0)];
        int classes = own.Distinct().Count();
        return 4 * spared.Length <= own.Length && spared.Distinct().Count() == classes && own.Where((_, i) => part[i] > 0).Distinct().Count() == classes;
    }

    private IDataView View(MLContext context, int[] indices, CancellationToken cancellationToken)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        SchemaDefinition.Column label = schema[nameof(Row.Label)];
        label.ColumnType = new KeyDataViewType(typeof(uint), labels.Count);

        // The names go into the zip as names of the scores: it knows its own order.
        ReadOnlyMemory<char>[] names = [.. labels.Select(emotion => HeadLabels.WordOf(emotion).AsMemory())];
        label.AddAnnotation("KeyValues", new VBuffer<ReadOnlyMemory<char>>(names.Length, names), new VectorDataViewType(TextDataViewType.Instance, names.Length));
        return context.Data.LoadFromEnumerable(
            indices.Select(index =>
            {
                // Classes from 0: ML.NET itself adds the 1 that its keys begin with.
                cancellationToken.ThrowIfCancellationRequested();
                return new Row { Features = rows[index], Label = (uint)classes[index], Weight = weights[classes[index]] };
            }),
            schema);
    }

    [SuppressMessage("Performance", "CA1812", Justification = "ML.NET makes it.")]
    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }

        public float Weight { get; set; }
    }
}
