namespace FerSharp.MLNet;

/// <summary>Labelled rows of features: made once, trained on as often as you like. Immutable; thread-safe for reading.</summary>
public sealed class FeatureTable
{
    private const int Chunk = 16;

    private FeatureTable(string featuresId, int length, ModelPackage? backbone, float[][] rows, IReadOnlyList<string> labels, IReadOnlyList<string?> groups)
    {
        FeaturesId = featuresId;
        Length = length;
        Backbone = backbone;
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

    /// <summary>The network behind an embedding; null for other features. A head is saved with it.</summary>
    internal ModelPackage? Backbone { get; }

    /// <summary>A row: the features of one face.</summary>
    /// <param name="index">Which, in the order of the faces.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlyMemory<float> Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Rows[index];
    }

    /// <summary>Describes faces. Pictures are asked for a few at a time and let go of; the rows take 4 bytes a value.</summary>
    /// <param name="faces">The faces; enumerated once. A picture must stay valid until 16 more faces have been asked for.</param>
    /// <param name="features">Makes the rows; borrowed.</param>
    /// <param name="progress">Hears how many rows there are; null for none.</param>
    /// <param name="cancellationToken">Checked between faces.</param>
    /// <exception cref="ArgumentNullException"><paramref name="faces"/> or <paramref name="features"/> is null.</exception>
    /// <exception cref="ArgumentException">A face is empty (default) or has no label.</exception>
    /// <exception cref="FerInferenceException">The features' network failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FeatureTable Extract(IEnumerable<LabelledFace> faces, IFaceFeatureExtractor features, IProgress<HeadTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(features);
        int? total = faces.TryGetNonEnumeratedCount(out int count) ? count : null;
        var rows = new List<float[]>();
        var labels = new List<string>();
        var groups = new List<string?>();
        foreach (LabelledFace[] chunk in faces.Chunk(Chunk))
        {
            if (Array.FindIndex(chunk, face => string.IsNullOrWhiteSpace(face.Label)) is >= 0 and int without)
            {
                throw new ArgumentException($"Face {rows.Count + without} has no label.", nameof(faces));
            }

            float[] values = new float[chunk.Length * features.Length];
            features.Extract([.. chunk.Select(face => face.Region)], values, cancellationToken);
            for (int i = 0; i < chunk.Length; i++)
            {
                rows.Add(values.AsSpan(i * features.Length, features.Length).ToArray());
                labels.Add(chunk[i].Label);
                groups.Add(chunk[i].Group);
            }

            progress?.Report(new HeadTrainingProgress(HeadTrainingStage.Features, rows.Count, total));
        }

        return new FeatureTable(features.Id, features.Length, (features as MLNetFaceEmbedder)?.Package, [.. rows], labels, groups);
    }
}
