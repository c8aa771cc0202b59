using System.Text;
using FerSharp.Features;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerSharp.MLNet;

/// <summary>
/// The file of a head: ML.NET's own zip, from the column of features to the column of scores, or that of a k-NN head: a line with the names of its
/// classes, such as <c>FSHEAD1 happiness,sadness</c>, and behind it what <see cref="NearestNeighborClassifier.Save"/> writes.
/// </summary>
internal static class HeadFile
{
    /// <summary>What the name of a k-NN head's file ends with.</summary>
    public const string NeighborsExtension = ".knn";

    /// <summary>What the name of a zip ends with.</summary>
    public const string ZipExtension = ".zip";

    /// <summary>Most bytes of a head's file: it is held as one array.</summary>
    public static int MaxBytes => Array.MaxLength;

    /// <summary>More than a k-NN head's file holds beside its rows and labels.</summary>
    public const int NeighborsOverhead = 1 << 16;

    public const string FeaturesColumn = "Features";
    public const string ScoreColumn = "Score";
    public const string LabelColumn = "Label";
    public const string WeightColumn = "Weight";

    private const string NeighborsMagic = "FSHEAD1 ";

    /// <summary>Longest line of names; all expressions take half of it.</summary>
    private const int MostNameBytes = 128;

    /// <summary>Writes a transformer. Its schema is that of the features alone.</summary>
    public static byte[] Write(MLContext context, ITransformer transformer, int length)
    {
        using var stream = new MemoryStream();
        context.Model.Save(transformer, RowEngine.Schema(FeaturesColumn, length), stream);
        return stream.ToArray();
    }

    /// <summary>Writes a k-NN head.</summary>
    public static byte[] Write(NearestNeighborClassifier classifier, IReadOnlyList<Emotion> labels)
    {
        using var stream = new MemoryStream();
        stream.Write(Encoding.UTF8.GetBytes($"{NeighborsMagic}{string.Join(',', labels.Select(HeadLabels.WordOf))}\n"));
        classifier.Save(stream);
        return stream.ToArray();
    }

    /// <summary>Reads a head's file and checks it against what its manifest says.</summary>
    /// <exception cref="FerModelException">The bytes are no zip of this version of ML.NET and no k-NN head, or they hold something else.</exception>
    public static RowModel Read(byte[] content, string modelId, string file, int length, IReadOnlyList<Emotion> labels) =>
        file.EndsWith(NeighborsExtension, StringComparison.Ordinal) ? ReadNeighbors(content, modelId, file, length, labels) : ReadZip(content, modelId, file, length, labels);

    private static RowModel ReadNeighbors(byte[] content, string modelId, string file, int length, IReadOnlyList<Emotion> labels)
    {
        int end = content.AsSpan(0, Math.Min(content.Length, MostNameBytes)).IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(content, 0, Math.Max(end, 0));
        if (!line.StartsWith(NeighborsMagic, StringComparison.Ordinal))
        {
            throw new FerModelException(modelId, $"'{file}' is no k-NN head of this version (it does not begin with {NeighborsMagic.TrimEnd()}), or it is cut short. Train the head again, or fetch the file again.");
        }

        string inFile = line[NeighborsMagic.Length..], inManifest = string.Join(',', labels.Select(HeadLabels.WordOf));
        if (inFile != inManifest)
        {
            throw new FerModelException(modelId, $"$.labels says {inManifest}; the classes of '{file}' are {inFile}, in this order.");
        }

        NearestNeighborClassifier classifier = NearestNeighborClassifier.Load(content.AsSpan(end + 1), modelId);
        return classifier.Length == length && classifier.Classes == labels.Count
            ? new RowModel(classifier, modelId)
            : throw new FerModelException(modelId, $"'{file}' holds rows of {classifier.Length} values and {classifier.Classes} classes; $.features.length says {length}, and $.labels has {labels.Count}. It belongs to another head.");
    }

    private static RowModel ReadZip(byte[] content, string modelId, string file, int length, IReadOnlyList<Emotion> labels)
    {
        ITransformer transformer;
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            transformer = new MLContext().Model.Load(stream, out _);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new FerModelException(modelId, $"'{file}' ({content.Length} bytes) is no model that {RowModel.Backend} can load: {e.GetBaseException().Message} Train the head again, or fetch the file again.", e);
        }

        DataViewSchema schema = RowEngine.Schema(FeaturesColumn, length);
        string[] faults = [.. Check(transformer, schema, file, labels)];
        if (faults.Length > 0)
        {
            (transformer as IDisposable)?.Dispose();
            throw new FerModelException(modelId, faults);
        }

        return new RowModel(transformer, schema, [ScoreColumn], modelId, file);
    }

    private static IEnumerable<string> Check(ITransformer transformer, DataViewSchema schema, string file, IReadOnlyList<Emotion> labels)
    {
        DataViewSchema.Column? score = null;
        string? cause = null;
        try
        {
            score = transformer.GetOutputSchema(schema).GetColumnOrNull(ScoreColumn);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cause = e.GetBaseException().Message;
        }

        if (score is not { Type: VectorDataViewType type } column || type.ItemType != NumberDataViewType.Single)
        {
            yield return $"'{file}' does not make a vector '{ScoreColumn}' of {schema[0].Type} '{FeaturesColumn}': it is no head over these features.{(cause is null ? "" : $" {cause}")}";
            yield break;
        }

        // The zip knows its own order, so a manifest whose labels were reordered is found out.
        if (column.HasSlotNames())
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetSlotNames(ref names);
            string inZip = string.Join(", ", names.DenseValues()), inManifest = string.Join(", ", labels.Select(HeadLabels.WordOf));
            if (inZip != inManifest)
            {
                yield return $"$.labels says {inManifest}; the zip's scores are {inZip}, in this order.";
            }
        }
    }
}
