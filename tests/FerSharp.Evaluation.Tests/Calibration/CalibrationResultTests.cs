using System.Text;
using System.Text.Json;
using FerSharp.Testing;

namespace FerSharp.Evaluation.Tests.Calibration;

public sealed class CalibrationResultTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public static TheoryData<string> Classifiers => [.. Samples().Where(path => ModelManifestReader.Read(File.ReadAllBytes(path), path).Classifier is not null).Select(Name)];

    public static TheoryData<string> Detectors => [.. Samples().Where(path => ModelManifestReader.Read(File.ReadAllBytes(path), path).Detector is not null).Select(Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void WriteTo_EverySampleManifest_ChangesTemperatureAndFiguresAlone(string name)
    {
        string path = Copy(name);
        ModelManifest before = ModelManifestReader.Read(File.ReadAllBytes(path), path);
        CalibrationResult result = Result(before);
        ModelManifest returned = result.WriteTo(path);
        ModelManifest after = ModelManifestReader.Read(File.ReadAllBytes(path), path);

        Assert.Equal(before.Classifier!.Temperature * result.Fit.Temperature, after.Classifier!.Temperature, 1e-6);
        Assert.Equal(5, after.Metrics.Count - before.Metrics.Count);
        Assert.All(before.Metrics, one => Assert.Equal(one.Value, after.Metrics[one.Key]));
        ModelManifest restored = after with { Metrics = before.Metrics, Classifier = after.Classifier with { Temperature = before.Classifier.Temperature } };
        Assert.Equal(ModelManifestWriter.Write(before), ModelManifestWriter.Write(restored));
        Assert.Equal(ModelManifestWriter.Write(after), ModelManifestWriter.Write(returned));
        Assert.Equal(Schema(InSamples(name)), Schema(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public void WriteTo_ManifestOfADetector_IsRefusedAndTheFileStays(string name)
    {
        string path = Copy(name);
        Assert.Throws<ArgumentException>(() => Result(Manifest()).WriteTo(path));
        Assert.Equal(File.ReadAllBytes(InSamples(name)), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void ApplyTo_TemperatureInTheManifest_IsMultiplied()
    {
        CalibrationResult result = Result(Manifest(temperature: 1.5f));
        Assert.Equal(1.5 * result.Fit.Temperature, result.ApplyTo(Manifest(temperature: 1.5f)).Classifier!.Temperature, 1e-6);
    }

    [Fact]
    public void ApplyTo_Figures_NameTheirPartAndReplaceEarlierOnes()
    {
        ModelManifest manifest = Manifest() with { Metrics = new Dictionary<string, double> { ["accuracy"] = 0.8, ["calibration-ece-before-0"] = 0.1 } };
        CalibrationResult result = Result(manifest);
        Assert.Equal(
            new Dictionary<string, double>
            {
                ["accuracy"] = 0.8,
                ["calibration-fit-temperature-fitting"] = result.Fit.Temperature,
                ["calibration-logloss-before-0123456789abcdef"] = result.Report.LogLossBefore,
                ["calibration-logloss-after-0123456789abcdef"] = result.Report.LogLossAfter,
                ["calibration-ece-before-0123456789abcdef"] = result.Report.Before.EqualWidthError,
                ["calibration-ece-after-0123456789abcdef"] = result.Report.After.EqualWidthError,
            },
            result.ApplyTo(manifest).Metrics);
    }

    [Fact]
    public void ApplyTo_AnotherModelOrTemperature_IsRefused()
    {
        CalibrationResult result = Result(Manifest());
        Assert.Contains("'other'", Assert.Throws<ArgumentException>(() => result.ApplyTo(Manifest() with { Id = "other" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => result.ApplyTo(Manifest() with { Version = "9" }));

        // The same result twice would multiply twice.
        Assert.Contains("Read the pictures again", Assert.Throws<ArgumentException>(() => result.ApplyTo(result.ApplyTo(Manifest()))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => result.ApplyTo(null!));
    }

    [Fact]
    public void ApplyTo_FitAtTheLimit_IsRefused()
    {
        // All answers are right and not fully sure: the log-loss falls for ever.
        Emotion[] truth = [.. Enumerable.Range(0, 16).Select(i => (Emotion)(i % 8))];
        ScoredSamples right = Metrics.MetricSamples.Answers(truth, truth);
        var fit = TemperatureFit.Fit(right, new DatasetInfo("made", "", "a"));
        var result = new CalibrationResult(Model(Manifest()), fit, fit.Report(Metrics.MetricSamples.Random(1, 20), new DatasetInfo("made", "", "b")), []);
        Assert.Throws<InvalidOperationException>(() => result.ApplyTo(Manifest()));
    }

    [Fact]
    public void WriteTo_CommentsMarkAndCommas_AreReadAndTheSchemaStays()
    {
        string json = Encoding.UTF8.GetString(ModelManifestWriter.Write(Manifest())).Replace("{\n  \"schema\"", "{ // ours\n  \"$schema\": \"a \\\"b\\\".json\",\n  \"schema\"", StringComparison.Ordinal).TrimEnd()[..^1] + ", }";
        string path = _folder.Write("model.json", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(json)]);
        Result(Manifest()).WriteTo(path);
        Assert.Equal("a \"b\".json", Schema(path));
    }

    [Fact]
    public void WriteTo_BadFile_IsRefusedAndStays()
    {
        string path = _folder.Write("model.json", "{ \"schema\": 1 }");
        Assert.Throws<FerModelException>(() => Result(Manifest()).WriteTo(path));
        Assert.Equal("{ \"schema\": 1 }", File.ReadAllText(path));
        Assert.Throws<FileNotFoundException>(() => Result(Manifest()).WriteTo(Path.Combine(_folder.Root, "none.json")));
        Assert.Throws<ArgumentException>(() => Result(Manifest()).WriteTo(" "));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Run_OneSet_FitsAndReportsOnDifferentPictures()
    {
        var dataset = new Named(200);
        using var classifier = new FakeEmotionClassifier(Sure, EmotionSet.All);
        int highest = 0;
        CalibrationResult result = TemperatureCalibration.Run(classifier, dataset, new CalibrationSplit { Copies = null }, new EvaluationOptions { Threads = 1 }, new Progress(value => highest = Math.Max(highest, value)));
        Assert.NotEqual(result.Fit.FittedOn.Sha256, result.Report.Part.Sha256);
        Assert.True(result.Fit.Temperature > 1, $"The classifier is too sure; {result.Fit.Temperature} does not say so.");
        Assert.True(result.Report.LogLossAfter < result.Report.LogLossBefore);
        Assert.Equal(200, highest);
    }

    [Fact]
    public void Run_SamePartTwice_IsRefused()
    {
        var dataset = new Named(80);
        using var classifier = new FakeEmotionClassifier(Sure, EmotionSet.All);
        Assert.Throws<InvalidOperationException>(() => TemperatureCalibration.Run(classifier, dataset, dataset));
    }

    [Fact]
    public void Run_NothingRead_SaysWhere()
    {
        using var classifier = new FakeEmotionClassifier(Sure, EmotionSet.All);
        var options = new EvaluationOptions { Detector = new FakeFaceDetector((in FrameView _, Span<FaceDetection> _) => 0) };
        Assert.Contains(TemperatureCalibration.FittingPart, Assert.Throws<ArgumentException>(() => TemperatureCalibration.Run(classifier, new Named(80), options: options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TemperedManifest_ReadsAsTheFitSays()
    {
        // The embedded classifier, run again under the written temperature, gives the figures that the report promised.
        string pixels = TestFiles.InShared("data", "fer2013_train_val.bin.gz"), labels = TestFiles.InShared("data", "fer2013_train_val_labels.csv.gz");
        FaceDataset whole = FaceDatasets.Packed(pixels, labels, "PublicTest", LabelSet.FerPlusMajority, new FaceDatasetOptions { LeaveOutUnlabelled = true });
        FaceDataset dataset = DatasetSplits.Stratified(whole, [new SplitPart("some", 0.2)], 1)[0];
        ModelPackage model = EmbeddedModels.EmotionClassifier;
        using IEmotionClassifier classifier = Onnx.OnnxEmotionClassifier.Load(model);
        CalibrationResult result = TemperatureCalibration.Run(classifier, dataset, new CalibrationSplit { Seed = 5 });
        using IEmotionClassifier tempered = Onnx.OnnxEmotionClassifier.Load(new ModelPackage(result.ApplyTo(model.Manifest), model.Content));
        (_, FaceDataset reporting) = TemperatureCalibration.Divide(dataset, new CalibrationSplit { Seed = 5 });
        Prediction[] again = [.. EvaluationRunner.Run(tempered, reporting).Read];
        var samples = new ScoredSamples(Array.ConvertAll(again, one => one.Truth), Array.ConvertAll(again, one => one.Scores));
        Assert.Equal(result.Report.LogLossAfter, ClassificationMetrics.Of(samples).LogLoss, 1e-5);
        Assert.Equal(result.Report.After.EqualWidthError, CalibrationMetrics.Of(samples).EqualWidthError, 2e-3);
    }

    // Nearly sure of the first pixel's class, which is the truth in three pictures of four.
    private static EmotionScores Sure(in FaceRegion face)
    {
        Span<float> scores = stackalloc float[EmotionScores.Count];
        scores.Fill(0.01f / 7);
        scores[face.Frame.Pixels.Span[0] % 8] = 0.99f;
        return new EmotionScores(scores);
    }

    private static CalibrationResult Result(ModelManifest manifest)
    {
        var fit = TemperatureFit.Fit(Metrics.MetricSamples.Random(3, 200), new DatasetInfo("made", "a", "fitting"));
        return new CalibrationResult(Model(manifest), fit, fit.Report(Metrics.MetricSamples.Random(4, 200), new DatasetInfo("made", "b", "0123456789abcdef0123")), []);
    }

    private static ModelInfo Model(ModelManifest manifest) => new(manifest.Id, manifest.Version, "made", manifest.Classifier?.Emotions ?? default, manifest);

    private static ModelManifest Manifest(float temperature = 1)
    {
        ModelManifest manifest = EmbeddedModels.EmotionClassifier.Manifest;
        return manifest with { Classifier = manifest.Classifier! with { Temperature = temperature }, Metrics = new Dictionary<string, double>() };
    }

    private static IEnumerable<string> Samples() => Directory.GetFiles(TestFiles.InRepository("samples", "manifests"), "model.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string Name(string path) => Path.GetFileName(Path.GetDirectoryName(path)!);

    private static string InSamples(string name) => TestFiles.InRepository("samples", "manifests", name, "model.json");

    private static string? Schema(string path)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        return json.RootElement.GetProperty("$schema").GetString();
    }

    private string Copy(string name) => _folder.Write("model.json", File.ReadAllBytes(InSamples(name)));

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    private sealed class Named(int count)
        : FaceDataset(new DatasetInfo("named", "", "0"), [.. Enumerable.Range(0, count).Select(i => new FaceSample($"{i}", (Emotion)(i / 4 % 8)))], [])
    {
        public override Frame Load(int index)
        {
            byte[] pixels = new byte[64];
            Array.Fill(pixels, (byte)((index / 4 % 8) + (index % 4 == 0 ? 1 : 0)));
            return Frame.CopyOf(new FrameView(pixels, 8, 8, PixelFormat.Gray8));
        }
    }
}
