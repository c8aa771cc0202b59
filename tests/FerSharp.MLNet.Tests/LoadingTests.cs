using FerSharp.Testing;

namespace FerSharp.MLNet.Tests;

public sealed class LoadingTests
{
    [Fact]
    public void Load_BytesThatAreNoModel_SaysSo()
    {
        byte[] bytes = new byte[4096];
        new Random(1).NextBytes(bytes);
        FerModelException exception = Assert.Throws<FerModelException>(() => MLNetFaceDetector.Load(ToyModels.Detector() with { Content = bytes }));
        Assert.Contains("ML.NET cannot load 'toy-detector.onnx' (4096 bytes)", exception.Message, StringComparison.Ordinal);
        Assert.Throws<FerModelException>(() => MLNetEmotionClassifier.Load(ToyModels.Classifier() with { Content = default }));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Load_TruncatedModel_IsRefused(double share)
    {
        ModelPackage whole = ToyModels.Classifier();
        Assert.Throws<FerModelException>(() => MLNetEmotionClassifier.Load(whole with { Content = whole.Content[..(int)(whole.Content.Length * share)] }));
    }

    [Fact]
    public void Load_WrongTask_SaysWhichIsNeeded()
    {
        Assert.Contains("a face detector is needed", Assert.Throws<FerModelException>(() => MLNetFaceDetector.Load(ToyModels.Classifier())).Message, StringComparison.Ordinal);
        Assert.Contains("an expression classifier is needed", Assert.Throws<FerModelException>(() => MLNetEmotionClassifier.Load(ToyModels.Detector())).Message, StringComparison.Ordinal);
        Assert.Contains("names no embedding", Assert.Throws<FerModelException>(() => MLNetFaceEmbedder.Load(ToyModels.Detector())).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Mismatches => ["input name", "output name", "width", "channels", "labels"];

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void Load_ManifestThatDoesNotFitTheGraph_IsRefused(string what)
    {
        ModelPackage toy = ToyModels.Classifier();
        ModelManifest manifest = toy.Manifest;
        PreprocessingSpec input = manifest.Input;
        ClassifierOutputSpec output = manifest.Classifier!;
        manifest = what switch
        {
            "input name" => manifest with { Input = input with { Name = "pixels" } },
            "output name" => manifest with { Classifier = output with { Name = "scores" } },
            "width" => manifest with { Input = input with { Width = 17 } },
            "channels" => manifest with { Input = input with { Channels = 3, Order = ChannelOrder.Rgb } },
            _ => manifest with { Classifier = output with { Labels = [.. output.Labels.Take(6)] } },
        };
        FerModelException exception = Assert.Throws<FerModelException>(() => MLNetEmotionClassifier.Load(toy with { Manifest = manifest }));
        Assert.Equal(toy.Manifest.Id, exception.ModelId);
    }

    [Fact]
    public void Load_DetectorWithOtherStrides_SaysWhatIsExpected()
    {
        ModelPackage toy = ToyModels.Detector();
        ModelManifest manifest = toy.Manifest with { Detector = toy.Manifest.Detector! with { Strides = [8] } };
        Assert.Contains("decoder 'cells' expects 960 values in 'pred'; the graph gives 1200", Assert.Throws<FerModelException>(() => MLNetFaceDetector.Load(toy with { Manifest = manifest })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NetworkThatGivesNaN_FailsInTheCall()
    {
        ModelPackage toy = ToyModels.Classifier();
        ModelManifest manifest = toy.Manifest with { Input = toy.Manifest.Input with { Scale = 1e30f, Std = [1e-30f] } };
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(toy with { Manifest = manifest });
        using MLNetFaceEmbedder embedder = MLNetFaceEmbedder.Load(toy with { Manifest = manifest });
        FaceRegion face = FaceRegion.Whole(SyntheticFrames.Noise(16, 16));
        Assert.Throws<FerInferenceException>(() => classifier.Classify(face));
        Assert.Throws<FerInferenceException>(() => embedder.Extract([face], new float[embedder.Length]));
    }

    [Fact]
    public void Load_OptionsOutOfRange_ListsThemAll()
    {
        var options = new MLNetFaceDetectorOptions { MaxConcurrency = 0, IntraOpThreads = 2000, ScoreThreshold = 0, NmsThreshold = float.NaN };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => MLNetFaceDetector.Load(options));
        Assert.All(["ModelPath", "MaxConcurrency is 0", "IntraOpThreads is 2000", "ScoreThreshold is 0", "NmsThreshold is NaN"], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => MLNetEmotionClassifier.Load(" "));
        Assert.Throws<ArgumentNullException>(() => MLNetEmotionClassifier.Load((ModelPackage)null!));
        Assert.Throws<ArgumentNullException>(() => MLNetFaceDetector.Load((MLNetFaceDetectorOptions)null!));
        Assert.Throws<ArgumentNullException>(() => MLNetFaceEmbedder.Load((ModelPackage)null!));
    }

    [Fact]
    public void Load_LeavesNoTemporaryFile()
    {
        string[] before = Directory.GetFiles(Path.GetTempPath(), "fersharp-*.onnx");
        using MLNetEmotionClassifier classifier = MLNetEmotionClassifier.Load(ToyModels.Classifier());
        Assert.Throws<FerModelException>(() => MLNetEmotionClassifier.Load(ToyModels.Classifier() with { Content = new byte[] { 1, 2, 3 } }));

        // Other tests may be loading at this moment; none of theirs may stay either.
        Assert.True(SpinWait.SpinUntil(() => !Directory.GetFiles(Path.GetTempPath(), "fersharp-*.onnx").Except(before).Any(), TimeSpan.FromMinutes(1)));
    }
}
