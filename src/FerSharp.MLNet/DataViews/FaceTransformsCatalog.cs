using FerSharp;
using FerSharp.MLNet;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>Faces in ML.NET pipelines: from a column of images (<see cref="MLImage"/>) to a column of scores or of features.</summary>
/// <remarks>
/// <para>Pixels are prepared by FerSharp, as the model's manifest says, so a pipeline gives what the same classifier gives elsewhere. With a
/// detector the best face of an image is read; without one the whole image is taken as a face that is already cut out.</para>
/// <para>Classifier, features and detector are borrowed: they must live as long as the transformer. The images stay their owner's; nothing of
/// them is kept.</para>
/// <para>Such a transformer cannot be saved to a zip: ML.NET restores only its own transforms and mappings without state. Save the data
/// that it makes, or the rest of the pipeline.</para>
/// </remarks>
public static class FaceTransformsCatalog
{
    /// <summary>Reads expressions: a vector of eight probabilities in the order of <see cref="Emotion"/>, with their names, and the top one as a text.</summary>
    /// <param name="catalog">The transforms' catalogue.</param>
    /// <param name="outputColumnName">The column of scores; all 0 where the detector finds no face.</param>
    /// <param name="imageColumnName">The column of images, 8-bit BGRA or RGBA.</param>
    /// <param name="classifier">Reads the face.</param>
    /// <param name="detector">Finds it; null where images are faces.</param>
    /// <param name="labelColumnName">The column of the top expression, spelled as in manifests; empty where there is no face.</param>
    /// <returns>An estimator that needs no training.</returns>
    /// <exception cref="ArgumentNullException">A required argument is null.</exception>
    /// <exception cref="ArgumentException">A column's name is empty.</exception>
    public static IEstimator<ITransformer> FaceExpressions(
        this TransformsCatalog catalog, string outputColumnName, string imageColumnName, IEmotionClassifier classifier, IFaceDetector? detector = null, string labelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentException.ThrowIfNullOrWhiteSpace(labelColumnName);
        SchemaDefinition output = Output<ExpressionRow>(catalog, outputColumnName, nameof(ExpressionRow.Values), EmotionScores.Count);
        output[nameof(ExpressionRow.Label)].ColumnName = labelColumnName;
        ReadOnlyMemory<char>[] names = [.. Enum.GetValues<Emotion>().Select(emotion => HeadLabels.WordOf(emotion).AsMemory())];
        output[outputColumnName].AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(names.Length, names), new VectorDataViewType(TextDataViewType.Instance, names.Length));
        return new FaceEstimator<ExpressionRow>(
            catalog,
            imageColumnName,
            (input, result) =>
            {
                float[] values = new float[EmotionScores.Count];
                string label = "";
                ImageFaces.Read(input.Image, detector, face =>
                {
                    EmotionScores scores = classifier.Classify(face);
                    scores.CopyTo(values);
                    label = HeadLabels.WordOf(scores.Top);
                });
                result.Values = values;
                result.Label = label;
            },
            output);
    }

    /// <summary>Describes faces by features, for ML.NET's own trainers: with labels of any kind, not only expressions.</summary>
    /// <param name="catalog">The transforms' catalogue.</param>
    /// <param name="outputColumnName">The column of features; all 0 where the detector finds no face.</param>
    /// <param name="imageColumnName">The column of images, 8-bit BGRA or RGBA.</param>
    /// <param name="features">Describes the face.</param>
    /// <param name="detector">Finds it; null where images are faces.</param>
    /// <returns>An estimator that needs no training.</returns>
    /// <exception cref="ArgumentNullException">A required argument is null.</exception>
    /// <exception cref="ArgumentException">A column's name is empty.</exception>
    public static IEstimator<ITransformer> FaceFeatures(
        this TransformsCatalog catalog, string outputColumnName, string imageColumnName, IFaceFeatureExtractor features, IFaceDetector? detector = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        SchemaDefinition output = Output<FeatureRow>(catalog, outputColumnName, nameof(FeatureRow.Values), features.Length);
        return new FaceEstimator<FeatureRow>(
            catalog,
            imageColumnName,
            (input, result) =>
            {
                float[] values = new float[features.Length];
                ImageFaces.Read(input.Image, detector, face => features.Extract([face], values));
                result.Values = values;
            },
            output);
    }

    private static SchemaDefinition Output<TRow>(TransformsCatalog catalog, string name, string member, int length)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TRow));
        SchemaDefinition.Column values = schema[member];
        values.ColumnName = name;
        values.ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        return schema;
    }

    private sealed class ExpressionRow
    {
        public float[] Values { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class FeatureRow
    {
        public float[] Values { get; set; } = [];
    }
}
