using FerSharp.Testing;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace FerSharp.MLNet.Tests;

public sealed class FaceTransformsCatalogTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void FaceExpressions_ImagesOfAFolder_GiveWhatTheClassifierGives()
    {
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        IDataView files = _context.Data.LoadFromEnumerable(Enumerable.Repeat(new FileRow { File = AverageFaces.Path }, 3));
        IDataView result = _context.Transforms.LoadImages("Image", "", "File")
            .Append(_context.Transforms.FaceExpressions("Score", "Image", classifier))
            .Fit(files).Transform(files);
        ScoredRow[] rows = [.. _context.Data.CreateEnumerable<ScoredRow>(result, reuseRowObject: false)];
        EmotionScores expected = classifier.Classify(FaceRegion.Whole(AverageFaces.Picture));
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row => Assert.Equal(expected, new EmotionScores(row.Score)));
        Assert.Equal(expected.Top.ToString(), rows[0].PredictedLabel, ignoreCase: true);
    }

    [Fact]
    public void FaceExpressions_Scores_CarryTheExpressionsNames()
    {
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(ToyModels.Classifier());
        IDataView rows = Images(TestFaces.Picture(Emotion.Anger, 1));
        DataViewSchema schema = _context.Transforms.FaceExpressions("Score", "Image", classifier, labelColumnName: "Top").Fit(rows).GetOutputSchema(rows.Schema);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Score"].GetSlotNames(ref names);
        Assert.Equal("neutral happiness surprise sadness anger disgust fear contempt", string.Join(' ', names.DenseValues()));
        Assert.Equal(TextDataViewType.Instance, schema["Top"].Type);
    }

    [Fact]
    public void FaceExpressions_WithDetector_ReadsTheBestFace()
    {
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(ToyModels.Classifier());
        using MLNetFaceDetector detector = MLNetFaceDetector.Load(ToyModels.Detector());
        FrameView scene = SyntheticFrames.FaceScene();
        IDataView rows = Images(scene, SyntheticFrames.Blank(64, 64));
        IDataView result = _context.Transforms.FaceExpressions("Score", "Image", classifier, detector).Fit(rows).Transform(rows);
        ScoredRow[] scored = [.. _context.Data.CreateEnumerable<ScoredRow>(result, reuseRowObject: false)];
        EmotionScores expected = classifier.Classify(new FaceRegion(scene, detector.Detect(scene)[0]));
        Assert.Equal(expected[Emotion.Fear], scored[0].Score[(int)Emotion.Fear], 1e-5f);
        Assert.All(scored[1].Score, value => Assert.Equal(0, value));
        Assert.Equal("", scored[1].PredictedLabel);
    }

    [Fact]
    public void FaceFeatures_WithLabelsOfOnesOwn_TrainAnMLNetPipeline()
    {
        using MLNetFaceEmbedder features = MLNetFaceEmbedder.Load(ToyModels.Classifier());
        LabelledFace[] faces = TestFaces.Make(90, TestFaces.Three, noise: 40);
        IDataView rows = View(faces.Select(face => new LabelledRow { Image = Image(face.Region.Frame), Word = face.Label == "anger" ? "frown" : "other" }));
        var pipeline = _context.Transforms.FaceFeatures("Features", "Image", features)
            .Append(_context.Transforms.Conversion.MapValueToKey("Label", "Word"))
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Fit(rows);
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(pipeline.Transform(rows));
        Assert.InRange(metrics.MacroAccuracy, 0.9, 1);
    }

    [Fact]
    public void FaceExpressions_ColumnThatIsNotThere_IsNamed()
    {
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(ToyModels.Classifier());
        IDataView rows = Images(TestFaces.Picture(Emotion.Anger, 1));
        Assert.Contains("no column 'Photo'", Assert.Throws<ArgumentException>(() => _context.Transforms.FaceExpressions("Score", "Photo", classifier).Fit(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FaceExpressions_Save_IsRefusedByMLNet()
    {
        // Documented: if ML.NET ever learns to save such mappings, the documents must change.
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(ToyModels.Classifier());
        IDataView rows = Images(TestFaces.Picture(Emotion.Anger, 1));
        ITransformer transformer = _context.Transforms.FaceExpressions("Score", "Image", classifier).Fit(rows);
        Assert.ThrowsAny<Exception>(() => _context.Model.Save(transformer, rows.Schema, Stream.Null));
    }

    [Fact]
    public void FaceExpressions_WrongArguments_AreRefused()
    {
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(ToyModels.Classifier());
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.FaceExpressions("Score", "Image", null!));
        Assert.Throws<ArgumentException>(() => _context.Transforms.FaceExpressions(" ", "Image", classifier));
        Assert.Throws<ArgumentException>(() => _context.Transforms.FaceExpressions("Score", "", classifier));
        Assert.Throws<ArgumentNullException>(() => FaceTransformsCatalog.FaceExpressions(null!, "Score", "Image", classifier));
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.FaceFeatures("Features", "Image", null!));
    }

    private IDataView Images(params FrameView[] pictures) => View(pictures.Select(picture => new LabelledRow { Image = Image(picture) }));

    private IDataView View(IEnumerable<LabelledRow> rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(LabelledRow));
        schema[nameof(LabelledRow.Image)].ColumnType = new ImageDataViewType();
        return _context.Data.LoadFromEnumerable(rows.ToArray(), schema);
    }

    private static MLImage Image(FrameView picture)
    {
        FrameView colour = FrameTransforms.Encode(picture, PixelFormat.Bgra32);
        return MLImage.CreateFromPixels(colour.Width, colour.Height, MLPixelFormat.Bgra32, colour.Pixels.Span);
    }

    private sealed class FileRow
    {
        public string File { get; set; } = "";
    }

    private sealed class LabelledRow
    {
        [ImageType(1, 1)]
        public MLImage? Image { get; set; }

        public string Word { get; set; } = "";
    }

    private sealed class ScoredRow
    {
        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }
}
