using FerSharp.Testing;
using Microsoft.ML.OnnxRuntime;

namespace FerSharp.Onnx.Tests;

public sealed class LoadingTests
{
    [Fact]
    public void Load_RandomBytes_SaysThatTheyAreNoModel()
    {
        byte[] bytes = new byte[4096];
        new Random(1).NextBytes(bytes);
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(ToyModels.Detector() with { Content = bytes }));
        Assert.Contains("'toy-detector.onnx' (4096 bytes) is no ONNX model", exception.Message, StringComparison.Ordinal);
        Assert.IsType<OnnxRuntimeException>(exception.InnerException, exactMatch: false);
    }

    [Fact]
    public void Load_EmptyContent_SaysThatItIsNoModel()
    {
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(ToyModels.Classifier() with { Content = default }));
        Assert.Contains("'toy-classifier.onnx'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Load_TruncatedModel_IsRefused(double share)
    {
        ModelPackage whole = ToyModels.Classifier();
        Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(whole with { Content = whole.Content[..(int)(whole.Content.Length * share)] }));
    }

    [Fact]
    public void Load_ContentInTheMiddleOfAnArray_IsReadFromThere()
    {
        ModelPackage whole = ToyModels.Detector();
        byte[] array = [1, 2, 3, .. whole.Content.Span, 4];
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(whole with { Content = array.AsMemory(3, whole.Content.Length) });
        Assert.Equal(3, detector.Detect(SyntheticFrames.FaceScene()).Length);
    }

    [Fact]
    public void Load_ClassifierAsDetector_SaysWhichTaskIsNeeded()
    {
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(ToyModels.Classifier()));
        Assert.Contains("task is EmotionClassification; a face detector is needed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DetectorAsClassifier_SaysWhichTaskIsNeeded()
    {
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxEmotionClassifier.Load(ToyModels.Detector()));
        Assert.Contains("task is FaceDetection; an expression classifier is needed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownDecoder_ListsTheKnownOnes()
    {
        ModelPackage model = ToyModels.Detector().With(manifest => manifest with { Detector = manifest.Detector! with { Decoder = "centerFace" } });
        FerModelException exception = Assert.Throws<FerModelException>(() => OnnxFaceDetector.Load(model));
        Assert.Equal("output.decoder: 'centerFace' is unknown; use one of cells, yunet, cornerBoxes, retinaFace, blazeFace.", Assert.Single(exception.Faults));
    }

    [Fact]
    public void Load_MissingFolder_SaysWhatWasLookedFor()
    {
        string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        Assert.Contains(folder, Assert.Throws<DirectoryNotFoundException>(() => OnnxFaceDetector.Load(folder)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => OnnxEmotionClassifier.Load(folder));
    }

    [Fact]
    public void Load_Folder_GivesTheModelThatLiesThere()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fersharp");
        try
        {
            ModelPackage model = ToyModels.Classifier();
            File.WriteAllBytes(Path.Combine(folder.FullName, model.Manifest.File), model.Content.ToArray());
            File.WriteAllBytes(Path.Combine(folder.FullName, ModelPackage.ManifestFileName), ModelManifestWriter.Write(model.Manifest));
            using OnnxEmotionClassifier loaded = OnnxEmotionClassifier.Load(folder.FullName), direct = OnnxEmotionClassifier.Load(model);
            FaceRegion face = FaceRegion.Whole(SyntheticFrames.Noise(16, 16));
            Assert.Equal(direct.Classify(face), loaded.Classify(face));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Load_NullArguments_AreRefused()
    {
        Assert.Throws<ArgumentNullException>(() => OnnxFaceDetector.Load((ModelPackage)null!));
        Assert.Throws<ArgumentNullException>(() => OnnxFaceDetector.Load((OnnxFaceDetectorOptions)null!));
        Assert.Throws<ArgumentException>(() => OnnxFaceDetector.Load((string)null!));
        Assert.Throws<ArgumentNullException>(() => OnnxEmotionClassifier.Load((ModelPackage)null!));
        Assert.Throws<ArgumentNullException>(() => OnnxEmotionClassifier.Load((OnnxEmotionClassifierOptions)null!));
        Assert.Throws<ArgumentException>(() => OnnxEmotionClassifier.Load(" "));
    }

    [Fact]
    public void Load_DetectorOptionsOutOfRange_ListsThemAll()
    {
        var options = new OnnxFaceDetectorOptions { MaxConcurrency = 0, IntraOpThreads = 2000, ScoreThreshold = 0, NmsThreshold = float.NaN };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => OnnxFaceDetector.Load(options));
        Assert.All(["ModelPath", "MaxConcurrency is 0", "IntraOpThreads is 2000", "ScoreThreshold is 0", "NmsThreshold is NaN"], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_ClassifierOptionsOutOfRange_ListsThemAll()
    {
        var options = new OnnxEmotionClassifierOptions { Model = ToyModels.Classifier(), ModelPath = "somewhere", MaxConcurrency = 1025, IntraOpThreads = -1, MaxBatchSize = 257 };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => OnnxEmotionClassifier.Load(options));
        Assert.All(["set either", "MaxConcurrency is 1025", "IntraOpThreads is -1", "MaxBatchSize is 257"], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_ThresholdsInOptions_OverrideTheManifest()
    {
        FrameView scene = SyntheticFrames.FaceScene();
        using OnnxFaceDetector plain = OnnxFaceDetector.Load(ToyModels.Detector());
        FaceDetection[] faces = plain.Detect(scene);
        float between = (faces[0].Score + faces[^1].Score) / 2;
        using OnnxFaceDetector strict = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ToyModels.Detector(), ScoreThreshold = between, NmsThreshold = 1 });
        Assert.Equal(between, strict.Model.Manifest.Detector!.ScoreThreshold);
        FaceDetection[] found = strict.Detect(scene);
        Assert.All(found, face => Assert.True(face.Score >= between));
        Assert.DoesNotContain(faces[^1], found);
        Assert.True(found.Length > 1, "With a threshold of 1 no box suppresses another.");
    }
}
