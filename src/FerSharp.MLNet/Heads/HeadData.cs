using System.Text;
using System.Text.Json;

namespace FerSharp.MLNet;

/// <summary>A table as a training needs it: classes with numbers, weights, folds. Its constructor finds what cannot be trained on.</summary>
internal sealed class HeadData
{
    /// <summary>Makes classes of labels and deals the folds.</summary>
    /// <exception cref="ArgumentException">The table cannot be trained on; the message says why.</exception>
    public HeadData(FeatureTable table, HeadTrainingOptions options)
    {
        if (table.Count == 0)
        {
            throw new ArgumentException("There are no faces to train on.", nameof(table));
        }

        Dictionary<string, Emotion?> meanings = HeadLabels.Resolve(table.Labels, options.LabelMap);
        int[] kept = [.. Enumerable.Range(0, table.Count).Where(row => meanings[table.Labels[row]].HasValue)];
        Labels = [.. kept.Select(row => meanings[table.Labels[row]]!.Value).Distinct().Order()];
        Rows = [.. kept.Select(row => table.Rows[row])];
        Classes = [.. kept.Select(row => Array.IndexOf(Labels, meanings[table.Labels[row]]!.Value))];
        Groups = [.. kept.Select(row => table.Groups[row])];
        Counts = [.. Labels.Select((_, c) => Classes.Count(own => own == c))];
        if (Labels.Length < 2)
        {
            throw new ArgumentException($"{(Labels.Length == 0 ? "No face has an expression that is kept" : $"All {Rows.Length} faces show {HeadLabels.WordOf(Labels[0])}")}; a head tells two or more expressions apart.", nameof(table));
        }

        string[] few = [.. Labels.Where((_, c) => Counts[c] < options.Folds).Select(label => $"{HeadLabels.WordOf(label)} {Counts[Array.IndexOf(Labels, label)]}")];
        if (few.Length > 0)
        {
            throw new ArgumentException($"Each expression needs at least {options.Folds} faces for {options.Folds} folds; there are: {string.Join(", ", few)}. Add faces, take fewer {nameof(HeadTrainingOptions.Folds)}, or leave the label out by {nameof(HeadTrainingOptions.LabelMap)}.", nameof(table));
        }

        Folds = StratifiedFolds.Assign(Classes, Groups, options.Folds, options.Seed);
        ThrowIfLumped();
        Weights = [.. Counts.Select(count => MathF.Pow((float)Rows.Length / (Labels.Length * count), options.ClassBalance))];
    }

    public float[][] Rows { get; }

    /// <summary>The class of each row: an index of <see cref="Labels"/>.</summary>
    public int[] Classes { get; }

    public string?[] Groups { get; }

    /// <summary>The classes, in enum order.</summary>
    public Emotion[] Labels { get; }

    /// <summary>Rows of each class.</summary>
    public int[] Counts { get; }

    /// <summary>Weight of each class.</summary>
    public float[] Weights { get; }

    /// <summary>The fold of each row.</summary>
    public int[] Folds { get; }

    /// <summary>What the name of a head's file ends with.</summary>
    public static string ExtensionOf(HeadAlgorithm algorithm) => algorithm == HeadAlgorithm.NearestNeighbors ? HeadFile.NeighborsExtension : HeadFile.ZipExtension;

    /// <summary>The manifest of a head that was trained on this.</summary>
    public HeadManifest Describe(FeatureTable table, HeadTrainingOptions options, HeadCandidate chosen, float temperature, byte[] zip)
    {
        string hash = ModelPackage.ComputeSha256(zip);
        return new HeadManifest
        {
            Schema = HeadManifest.CurrentSchema,
            Id = options.Id,
            Version = options.Version,

            // A name of its own for each content: a folder can be saved over while it is served.
            File = $"{HeadManifest.FilePrefix}{hash[..12]}{ExtensionOf(chosen.Algorithm)}",
            Sha256 = hash,
            License = options.License.Name,
            Commercial = options.License.Commercial.ToString().ToLowerInvariant(),
            TrainedOn = options.TrainedOn,
            Features = new HeadFeatures
            {
                Id = table.FeaturesId,
                Length = table.Length,

                // The id covers the weights, the preparation of pixels and the network's name.
                Backbone = table.Source.Backbone is null ? null : $"{HeadManifest.BackbonePrefix}{ModelPackage.ComputeSha256(Encoding.UTF8.GetBytes(table.FeaturesId))[..12]}",
                Parameters = table.Source.Specs is { } specs ? JsonSerializer.Deserialize(FeatureExtractors.Write(specs), HeadJsonContext.Default.JsonElement) : null,
            },
            Labels = [.. Labels.Select(HeadLabels.WordOf)],
            Temperature = temperature,
            Training = new HeadRecord
            {
                Trainer = chosen.Algorithm.ToString(),
                Settings = chosen.Settings,
                Seed = options.Seed,
                Folds = options.Folds,
                ClassBalance = options.ClassBalance,
                MLNet = RowModel.Backend,
                Faces = Labels.Select((label, c) => (label, c)).ToDictionary(pair => HeadLabels.WordOf(pair.label), pair => Counts[pair.c]),
            },
            Metrics = new Dictionary<string, double>
            {
                ["cross-validation-accuracy"] = Math.Round(chosen.Accuracy, 4),
                ["cross-validation-macro-f1"] = Math.Round(chosen.MacroF1, 4),
                ["cross-validation-log-loss"] = Math.Round(chosen.LogLoss, 4),
            },
        };
    }

    /// <summary>An expression of which all faces fell into one fold would be unknown to the head that reads that fold.</summary>
    private void ThrowIfLumped()
    {
        int[] lumped = [.. Enumerable.Range(0, Labels.Length).Where(c => Folds.Where((_, row) => Classes[row] == c).Distinct().Count() < 2)];
        int[] alone = [.. lumped.Where(c => Groups.Where((_, row) => Classes[row] == c).Distinct().Count() < 2 && Groups.Where((group, row) => Classes[row] == c && group is null).Count() < 2)];
        if (alone.Length > 0)
        {
            throw new ArgumentException($"All faces of {Words(alone)} belong to one group, so they cannot be in two folds. Add faces of other groups.");
        }

        if (lumped.Length > 0)
        {
            throw new ArgumentException($"All faces of {Words(lumped)} fell into one fold: their few groups hold other expressions that had to be parted too. Add faces of other groups, take more {nameof(HeadTrainingOptions.Folds)} or another {nameof(HeadTrainingOptions.Seed)}.");
        }

        string Words(int[] classes) => string.Join(", ", classes.Select(c => HeadLabels.WordOf(Labels[c])));
    }
}
