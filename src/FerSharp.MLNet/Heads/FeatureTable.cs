namespace FerSharp.MLNet;

/// <summary>Labelled rows of features: made once, trained on as often as you like. Immutable; thread-safe for reading.</summary>
public sealed class FeatureTable
{
    private FeatureTable(string featuresId, int length, FeatureSource source, float[][] rows, IReadOnlyList<string> labels, IReadOnlyList<string?> groups)
    {
        FeaturesId = featuresId;
        Length = length;
        Source = source;
        Rows = rows;
        Labels = labels;
        Groups = groups;
    }

    /// <summary>What made the features: <see cref="IFaceFeatureExtractor.Id"/>.</summary>
    public string FeaturesId { get; }

    /// <summary>Values of a row.</summary>
    public int Length { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Rows.Length;

    /// <summary>The label of each row.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The group of each row; null where it is a group of its own.</summary>
    public IReadOnlyList<string?> Groups { get; }

    /// <summary>The rows, in the order of the faces.</summary>
    internal float[][] Rows { get; }

    /// <summary>What a head must be saved with to make its rows again.</summary>
    internal FeatureSource Source { get; }

    /// <summary>A row: the features of one face.</summary>
    /// <param name="index">Which, in the order of the faces.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlyMemory<float> Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Rows[index];
    }

    /// <summary>Describes faces, one after the other: pictures can be loaded when they are asked for, and let go of then. The rows take 4 bytes a value.</summary>
    /// <param name="faces">The faces; enumerated once. A picture is borrowed until the next face is asked for.</param>
    /// <param name="features">Makes the rows; borrowed. A head that is trained on the table is saved with what makes them: the network of an <see cref="MLNetFaceEmbedder"/>, or the parameters of an extractor from <see cref="FeatureExtractors"/> that takes no reader of shapes.</param>
    /// <param name="progress">Hears how many rows there are; null for none.</param>
    /// <param name="cancellationToken">Checked between faces.</param>
    /// <exception cref="ArgumentNullException"><paramref name="faces"/> or <paramref name="features"/> is null.</exception>
    /// <exception cref="ArgumentException">A face is empty (default) or has no label.</exception>
    /// <exception cref="FerInferenceException">The features' network failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FeatureTable Extract(IEnumerable<LabelledFace> faces, IFaceFeatureExtractor features, IProgress<HeadTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Extract(faces, features, new FeatureSource((features as MLNetFaceEmbedder)?.Package, FeatureExtractors.SpecsOf(features)), progress, cancellationToken);
    }

    /// <summary>Describes faces by features of FerSharp.Core. A head that is trained on the table can be served without further ado, as its manifest holds their parameters.</summary>
    /// <param name="faces">As for the other overload.</param>
    /// <param name="features">Kinds and parameters, such as <c>FeatureExtractors.Named("hog+lbp")</c>.</param>
    /// <param name="progress">Hears how many rows there are; null for none.</param>
    /// <param name="cancellationToken">Checked between faces.</param>
    /// <exception cref="ArgumentNullException"><paramref name="faces"/> or <paramref name="features"/> is null.</exception>
    /// <exception cref="ArgumentException">A face is empty (default) or has no label.</exception>
    /// <exception cref="FerModelException">Parameters are at fault, or ask for 68 landmarks, which need an extractor with a reader of shapes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FeatureTable Extract(IEnumerable<LabelledFace> faces, IReadOnlyList<FeatureSpec> features, IProgress<HeadTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using IFaceFeatureExtractor extractor = FeatureExtractors.Create(features);
        return Extract(faces, extractor, new FeatureSource(Backbone: null, features), progress, cancellationToken);
    }

    private static FeatureTable Extract(IEnumerable<LabelledFace> faces, IFaceFeatureExtractor features, FeatureSource source, IProgress<HeadTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(faces);
        int? total = faces.TryGetNonEnumeratedCount(out int count) ? count : null;
        var rows = new List<float[]>();
        var labels = new List<string>();
        var groups = new List<string?>();
        foreach (LabelledFace face in faces)
        {
            if (string.IsNullOrWhiteSpace(face.Label))
            {
                throw new ArgumentException($"Face {rows.Count} has no label.", nameof(faces));
            }

            float[] row = new float[features.Length];
            features.Extract([face.Region], row, cancellationToken);
            rows.Add(row);
            labels.Add(face.Label);
            groups.Add(face.Group);
            progress?.Report(new HeadTrainingProgress(HeadTrainingStage.Features, rows.Count, total));
        }

        return new FeatureTable(features.Id, features.Length, source, [.. rows], labels, groups);
    }
}

/// <summary>What makes rows, as far as it can be saved with a head; both null where only the caller knows.</summary>
/// <param name="Backbone">The network of an embedding.</param>
/// <param name="Specs">Features of FerSharp.Core.</param>
internal sealed record FeatureSource(ModelPackage? Backbone, IReadOnlyList<FeatureSpec>? Specs);
