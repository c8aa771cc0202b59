using FerSharp.Onnx;
using FerSharp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FerSharp.Models.Tests;

public sealed class EmbeddedModelsTests
{
    [Fact]
    public void All_EachModel_IsReadOnceAndFitsItsHash()
    {
        Assert.Equal(["fersharp-face-detector-320", "fersharp-face-detector-640", "fersharp-expression-48"], EmbeddedModels.All.Select(model => model.Manifest.Id));
        Assert.All(EmbeddedModels.All, model => Assert.Equal(model.Manifest.Sha256, ModelPackage.ComputeSha256(model.Content.Span)));
        Assert.Same(EmbeddedModels.EmotionClassifier, EmbeddedModels.EmotionClassifier);
        Assert.Same(EmbeddedModels.All[1], EmbeddedModels.FaceDetector(DetectorSize.Large));
    }

    [Fact]
    public void FaceDetector_UndefinedSize_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddedModels.FaceDetector((DetectorSize)2));

    [Theory]
    [InlineData(DetectorSize.Small, 320)]
    [InlineData(DetectorSize.Large, 640)]
    public void FaceDetector_Size_IsTheInputSize(DetectorSize size, int pixels) => Assert.Equal(pixels, EmbeddedModels.FaceDetector(size).Manifest.Input.Width);

    [Theory]
    [InlineData(DetectorSize.Small)]
    [InlineData(DetectorSize.Large)]
    public void CreateAnalyzer_AverageFaces_FindsAllSeven(DetectorSize size)
    {
        using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer(detectorSize: size);
        FrameAnalysis analysis = analyzer.Analyze(AverageFaces.Picture);
        Assert.Equal(AverageFaces.Count, analysis.Faces.Count);
        Assert.All(analysis.Faces, face => Assert.False(face.Face.Landmarks.IsEmpty));
    }

    [Fact]
    public void CreateAnalyzer_Disposed_DisposesItsModels()
    {
        EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer(detectorSize: DetectorSize.Small);
        analyzer.Dispose();
        analyzer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => analyzer.Detector.Detect(AverageFaces.Picture));
        Assert.Throws<ObjectDisposedException>(() => analyzer.Classifier.Classify(FaceRegion.Whole(AverageFaces.Picture)));
    }

    [Fact]
    public void CreateAnalyzer_OptionsOutOfRange_ListsThemAll()
    {
        var options = new EmotionAnalyzerOptions { MaxFaces = 0, MinBrightness = 256 };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => FerSharpDefaults.CreateAnalyzer(options));
        Assert.Contains("MaxFaces is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MinBrightness is 256", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddEmbeddedModels_Container_ResolvesAnAnalyzerThatWorks()
    {
        var services = new ServiceCollection();
        services.AddFerSharp().AddEmbeddedModels(DetectorSize.Small);
        using ServiceProvider provider = services.BuildServiceProvider(validateScopes: true);
        provider.GetRequiredService<IStartupValidator>().Validate();
        EmotionAnalyzer analyzer = provider.GetRequiredService<EmotionAnalyzer>();
        Assert.Equal("fersharp-face-detector-320", analyzer.Detector.Model.Id);
        Assert.Equal("fersharp-expression-48", analyzer.Classifier.Model.Id);
        Assert.Equal(AverageFaces.Count, analyzer.Analyze(AverageFaces.Picture).Faces.Count);
    }

    [Fact]
    public void AddEmbeddedModels_NullBuilder_IsRefused() => Assert.Throws<ArgumentNullException>(() => EmbeddedModelsBuilderExtensions.AddEmbeddedModels(null!));

    [Fact]
    public void Classify_UpToTwentyFaces_EqualSingles()
    {
        using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
        FaceRegion[] faces = [.. Enumerable.Range(0, 20).Select(i => new FaceRegion(AverageFaces.Picture, AverageFaces.Faces[i % AverageFaces.Count]))];
        EmotionScores[] singles = [.. faces.Take(AverageFaces.Count).Select(face => classifier.Classify(face))];
        for (int count = 1; count <= faces.Length; count++)
        {
            var scores = new EmotionScores[count];
            classifier.Classify(faces.AsSpan(0, count), scores);
            Assert.All(scores.Select((reading, i) => (reading, single: singles[i % singles.Length])), pair => Assert.Equal(pair.single.TopScore, pair.reading[pair.single.Top], 1e-5f));
        }
    }
}
