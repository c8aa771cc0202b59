namespace FerSharp.Core.Tests.Models;

public sealed class ModelManifestReaderTests
{
    [Fact]
    public void Read_SmallestClassifier_FillsDefaults()
    {
        ModelManifest manifest = ManifestSamples.Classifier().Read();

        Assert.Equal(TensorLayout.Nchw, manifest.Input.Layout);
        Assert.Equal(1, manifest.Input.Scale);
        Assert.Equal([0f], manifest.Input.Mean);
        Assert.Equal([1f], manifest.Input.Std);
        Assert.Null(manifest.Input.StandardizationEpsilon);
        Assert.Equal(ResizeMode.Stretch, manifest.Input.Resize);
        Assert.Equal(SamplingMode.Bilinear, manifest.Input.Sampling);
        Assert.Equal(BorderMode.Replicate, manifest.Input.Border);
        Assert.Equal(new CropSpec(), manifest.Input.Crop);
        Assert.Null(manifest.Input.AlignTo);
        Assert.Equal(1, manifest.Classifier!.Temperature);
        Assert.Empty(manifest.Metrics);
        Assert.Null(manifest.Detector);
    }

    [Fact]
    public void Read_SmallestDetector_FillsDefaults()
    {
        ModelManifest manifest = ManifestSamples.Detector().With("output.strides", null).Read();

        Assert.Null(manifest.Classifier);
        Assert.Equal(new DetectorOutputSpec { Decoder = "cells", Names = ["pred"] }.ScoreThreshold, manifest.Detector!.ScoreThreshold);
        Assert.Equal(0.4f, manifest.Detector.NmsThreshold);
        Assert.Empty(manifest.Detector.Strides);
        Assert.Empty(manifest.Detector.AnchorSizes);
        Assert.Equal([0.1f, 0.2f], manifest.Detector.Variances);
        Assert.Equal(20, manifest.Detector.ReliableFaceSize);
    }

    [Fact]
    public void Read_TooManyLabels_IsOneFault()
    {
        string labels = $"[{string.Join(", ", Enumerable.Repeat("\"ignore\"", 1001))}]";
        FerModelException error = Assert.Throws<FerModelException>(() => ManifestSamples.Classifier().With("output.labels", labels).Read());
        Assert.StartsWith("$.output.labels names 1001 outputs; at most 1000", Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_IgnoredLabels_KeepTheirPlace()
    {
        ModelManifest manifest = ManifestSamples.Classifier().With("output.labels", """["ignore", "fear", null, "contempt"]""").Read();

        Assert.Equal([null, Emotion.Fear, null, Emotion.Contempt], manifest.Classifier!.Labels);
        Assert.Equal(new EmotionSet(Emotion.Fear, Emotion.Contempt), manifest.Classifier.Emotions);
    }

    [Fact]
    public void Read_AffectIndicesBesideTheLabels_AreKept()
    {
        ModelManifest manifest = ManifestSamples.Classifier().With("output.valenceIndex", "2").With("output.arousalIndex", "4").Read();

        Assert.Equal(2, manifest.Classifier!.ValenceIndex);
        Assert.Equal(4, manifest.Classifier.ArousalIndex);
    }

    [Fact]
    public void Read_UpperCaseHash_BecomesLowerCase()
    {
        ModelManifest manifest = ManifestSamples.Classifier().With("sha256", $"\"{new string('A', 64)}\"").Read();

        Assert.Equal(new string('a', 64), manifest.Sha256);
    }

    [Fact]
    public void Read_NullMember_CountsAsLeftOut()
    {
        ModelManifest manifest = ManifestSamples.Classifier().With("input.scale", "null").With("sha256", "null").Read();

        Assert.Equal(1, manifest.Input.Scale);
        Assert.Null(manifest.Sha256);
    }

    [Theory]
    [InlineData("schema", null, "$.schema is missing")]
    [InlineData("schema", "2", "$.schema is 2; this version of FerSharp reads only schema 1. Use a newer FerSharp.")]
    [InlineData("schema", "0", "$.schema is 0; this version of FerSharp reads only schema 1.")]
    [InlineData("id", null, "$.id is missing")]
    [InlineData("id", "\" \"", "$.id is empty")]
    [InlineData("id", "\"a/b\"", "$.id is 'a/b'")]
    [InlineData("id", "\"toy\\n\"", "$.id is 'toy\n'")]
    [InlineData("id", "5", "$.id must be a text in quotes")]
    [InlineData("version", null, "$.version is missing")]
    [InlineData("task", null, "$.task is missing; give one of faceDetection, emotionClassification")]
    [InlineData("task", "\"FaceDetection\"", "$.task is 'FaceDetection'; it must be one of faceDetection, emotionClassification")]
    [InlineData("task", "1", "$.task must be a text")]
    [InlineData("file", null, "$.file is missing")]
    [InlineData("file", "\"/etc/model.onnx\"", "$.file is '/etc/model.onnx'")]
    [InlineData("file", "\"../model.onnx\"", "$.file")]
    [InlineData("file", "\"a/../../model.onnx\"", "$.file")]
    [InlineData("file", "\"a//b\"", "$.file")]
    [InlineData("file", "\"./a\"", "$.file")]
    [InlineData("file", "\"..\\\\model.onnx\"", "$.file")]
    [InlineData("file", "\"C:model.onnx\"", "$.file")]
    [InlineData("file", "\"a\\u0000b\"", "$.file")]
    [InlineData("sha256", "\"abc\"", "$.sha256 is 'abc'; it must be 64 hex digits")]
    [InlineData("sha256", "\"g000000000000000000000000000000000000000000000000000000000000000\"", "$.sha256")]
    [InlineData("license", null, "$.license is missing")]
    [InlineData("license", "\"MIT\"", "$.license must be an object")]
    [InlineData("license.name", null, "$.license.name is missing")]
    [InlineData("license.commercial", null, "$.license.commercial is missing; give one of unclear, allowed, forbidden")]
    [InlineData("license.commercial", "true", "$.license.commercial must be a text")]
    [InlineData("source", "\"\"", "$.source is empty")]
    [InlineData("trainedOn", "[]", "$.trainedOn must be a text")]
    [InlineData("metrics", "[]", "$.metrics must be an object")]
    [InlineData("metrics", """{ "accuracy": "good" }""", "$.metrics.accuracy must be a finite number")]
    [InlineData("metrics", """{ "accuracy": null }""", "$.metrics.accuracy must be a finite number")]
    [InlineData("metrics", """{ "": 1 }""", "$.metrics[''] has no name")]
    [InlineData("input", null, "$.input is missing")]
    [InlineData("input", "3", "$.input must be an object")]
    [InlineData("input.name", null, "$.input.name is missing")]
    [InlineData("input.layout", "\"chw\"", "$.input.layout is 'chw'; it must be one of nchw, nhwc")]
    [InlineData("input.width", null, "$.input.width is missing")]
    [InlineData("input.width", "0", "$.input.width is 0; it must be a whole number from 1 to 4096")]
    [InlineData("input.width", "4097", "$.input.width is 4097")]
    [InlineData("input.width", "48.5", "$.input.width must be a whole number")]
    [InlineData("input.width", "99999999999", "$.input.width must be a whole number")]
    [InlineData("input.height", "-1", "$.input.height is -1")]
    [InlineData("input.channels", null, "$.input.channels is missing")]
    [InlineData("input.channels", "2", "$.input.channels is 2; it must be 1 or 3")]
    [InlineData("input.order", null, "$.input.order is missing; give one of rgb, bgr, gray")]
    [InlineData("input.order", "\"rgb\"", "$.input.channels is 1, but the order is rgb")]
    [InlineData("input.scale", "0", "$.input.scale is 0; it must be a finite number other than 0")]
    [InlineData("input.scale", "1e300", "$.input.scale must be a finite number")]
    [InlineData("input.mean", "[]", "$.input.mean has 0 values")]
    [InlineData("input.mean", "[1, 2, 3]", "$.input.mean has 3 values")]
    [InlineData("input.mean", "127.5", "$.input.mean must be an array")]
    [InlineData("input.mean", "[null]", "$.input.mean[0] is null")]
    [InlineData("input.std", "[0]", "$.input.std[0] is 0; it must be a finite number other than 0")]
    [InlineData("input.standardization", "{}", "$.input.standardization.epsilon is missing")]
    [InlineData("input.standardization", """{ "epsilon": 0 }""", "$.input.standardization.epsilon is 0")]
    [InlineData("input.resize", "\"letterbox\"", "$.input.resize is 'letterbox'; it must be one of stretch, letterboxTopLeft, letterboxCenter")]
    [InlineData("input.sampling", "\"cubic\"", "$.input.sampling is 'cubic'; it must be one of bilinear, area")]
    [InlineData("input.border", "\"zero\"", "$.input.border is 'zero'; it must be one of replicate, constant")]
    [InlineData("input.padValue", "256", "$.input.padValue is 256; it must be from 0 to 255")]
    [InlineData("input.crop.margin", "-0.5", "$.input.crop.margin is -0.5; it must be from -0.4 to 4")]
    [InlineData("input.crop.shiftY", "2", "$.input.crop.shiftY is 2")]
    [InlineData("input.crop.square", "1", "$.input.crop.square must be true or false")]
    [InlineData("input.alignTo", "[[0, 0]]", "$.input.alignTo has 1 points; give exactly 5")]
    [InlineData("input.alignTo", "[[0, 0], [0, 0], [0, 0], [0, 0], [0]]", "$.input.alignTo[4] must be a pair")]
    [InlineData("input.alignTo", "[[0, 0], [0, 0], [38.3, 0], [0, 0], [0, 0]]", "$.input.alignTo[2][0] is 38.3; it must be from 0 to 1")]
    [InlineData("output", null, "$.output is missing")]
    [InlineData("output.name", null, "$.output.name is missing")]
    [InlineData("output.activation", "\"softmax\"", "$.output.activation is 'softmax'; it must be one of logits, logProbabilities, probabilities")]
    [InlineData("output.labels", null, "$.output.labels is missing")]
    [InlineData("output.labels", """["neutral", "ignore"]""", "$.output.labels must name at least two expressions")]
    [InlineData("output.labels", """["neutral", "happy"]""", "$.output.labels[1] is 'happy'; it must be one of neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, or ignore")]
    [InlineData("output.labels", """["fear", "anger", "fear"]""", "$.output.labels[2] is fear, as [0] is")]
    [InlineData("output.labels", """["fear", "anger", 3]""", "$.output.labels[2] must be a text")]
    [InlineData("output.temperature", "0", "$.output.temperature is 0; it must be a finite number above 0")]
    [InlineData("output.valenceIndex", "-1", "$.output.valenceIndex is -1")]
    [InlineData("output.valenceIndex", "1", "$.output.valenceIndex is 1, but that output has the label anger")]
    [InlineData("output.embedding", "\"\"", "$.output.embedding is empty")]
    [InlineData("output.decoder", "\"yunet\"", "$.output.decoder belongs to the task faceDetection")]
    [InlineData("output.variances", "[0.1, 0.2]", "$.output.variances belongs to the task faceDetection")]
    [InlineData("output.reliableFaceSize", "16", "$.output.reliableFaceSize belongs to the task faceDetection")]
    [InlineData("output.colour", "1", "$.output.colour is not known; remove it or use one of name, activation, labels")]
    [InlineData("sha", "1", "$.sha is not known")]
    public void Read_OneFaultInAClassifier_IsTheOnlyOneListed(string member, string? json, string expected)
    {
        FerModelException error = ManifestSamples.Classifier().With(member, json).Refuse();

        Assert.StartsWith(expected, Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input.crop", "{}", "$.input.crop is for classifiers")]
    [InlineData("input.alignTo", "[[0, 0], [0, 0], [0, 0], [0, 0], [0, 0]]", "$.input.alignTo is for classifiers")]
    [InlineData("input.mean", "[1, 2]", "$.input.mean has 2 values; give one for all channels, or one for each of the 3")]
    [InlineData("output.decoder", null, "$.output.decoder is missing")]
    [InlineData("output.names", null, "$.output.names is missing or empty")]
    [InlineData("output.names", "[]", "$.output.names is missing or empty")]
    [InlineData("output.names", """["a", ""]""", "$.output.names[1] is empty")]
    [InlineData("output.names", """["a", "b", "a"]""", "$.output.names[2] is 'a', which is listed before")]
    [InlineData("output.scoreThreshold", "1.5", "$.output.scoreThreshold is 1.5; it must be from 0 to 1")]
    [InlineData("output.nmsThreshold", "-0.1", "$.output.nmsThreshold is -0.1")]
    [InlineData("output.strides", "[8, 0]", "$.output.strides[1] is 0")]
    [InlineData("output.strides", "[8, null]", "$.output.strides[1] is missing")]
    [InlineData("output.anchorSizes", "[[1]]", "$.output.anchorSizes has 1 lists for 2 strides")]
    [InlineData("output.anchorSizes", "[[1], []]", "$.output.anchorSizes[1] is empty")]
    [InlineData("output.anchorSizes", "[[1], [2, -3]]", "$.output.anchorSizes[1][1] is -3")]
    [InlineData("output.variances", "[0.1]", "$.output.variances has 1 values; give exactly two")]
    [InlineData("output.variances", "[0, 0.2]", "$.output.variances[0] is 0")]
    [InlineData("output.reliableFaceSize", "0", "$.output.reliableFaceSize is 0; it must be a finite number above 0")]
    [InlineData("output.labels", """["fear"]""", "$.output.labels belongs to the task emotionClassification")]
    [InlineData("output.temperature", "1", "$.output.temperature belongs to the task emotionClassification")]
    public void Read_OneFaultInADetector_IsTheOnlyOneListed(string member, string? json, string expected)
    {
        FerModelException error = ManifestSamples.Detector().With(member, json).Refuse();

        Assert.StartsWith(expected, Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SameIndexForValenceAndArousal_IsRefused()
    {
        FerModelException error = ManifestSamples.Classifier().With("output.valenceIndex", "5").With("output.arousalIndex", "5").Refuse();

        Assert.StartsWith("$.output.arousalIndex is 5, as valenceIndex is", Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ChannelsAtFault_AcceptsThreeMeans()
    {
        FerModelException error = ManifestSamples.Classifier().With("input.channels", null).With("input.mean", "[1, 2, 3]").Refuse();

        AssertPaths(error, "$.input.channels");
    }

    [Fact]
    public void Read_FiveFaults_ListsFive()
    {
        FerModelException error = ManifestSamples.Classifier()
            .With("version", null).With("input.width", "\"wide\"").With("input.std", "[0]").With("output.labels", """["happy", "fear", "anger"]""").With("extra", "1")
            .Refuse();

        AssertPaths(error, "$.version", "$.input.width", "$.input.std[0]", "$.output.labels[0]", "$.extra");
        Assert.Equal("toy", error.ModelId);
    }

    [Fact]
    public void Read_ThirteenFaultsOfAllKinds_ListsThemAll()
    {
        FerModelException error = ManifestSamples.Refuse(
            """
            {
              "schema": 9, "id": 7, "version": "", "task": "detect", "file": "../x", "file": "y",
              "license": { "name": "MIT", "commercial": "perhaps" },
              "input": { "name": "in", "width": 0, "height": "tall", "channels": 5, "order": "gray", "std": [1, 0, "x"], "zoom": 2 },
              "output": { "decoder": "cells", "names": ["a"], "scoreThreshold": 7 }
            }
            """);

        AssertPaths(
            error, "$.schema", "$.id", "$.version", "$.task", "$.file", "$.license.commercial", "$.input.width", "$.input.height", "$.input.channels",
            "$.input.std[1]", "$.input.std[2]", "$.input.zoom", "$.output.scoreThreshold");
        Assert.Equal("test.json", error.ModelId);
    }

    [Fact]
    public void Read_EmptyObject_ListsEveryRequiredPart()
    {
        FerModelException error = ManifestSamples.Refuse("{}");

        AssertPaths(error, "$.schema", "$.id", "$.version", "$.task", "$.file", "$.license", "$.input", "$.output");
    }

    [Fact]
    public void Read_ThousandFaults_ListsAHundredAndCountsTheRest()
    {
        string json = $"{{ {string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"x{i}\": 1"))} }}";

        FerModelException error = ManifestSamples.Refuse(json);

        Assert.Equal(101, error.Faults.Count);
        Assert.StartsWith("and 908 faults more", error.Faults[100], StringComparison.Ordinal);
    }

    private static void AssertPaths(FerModelException error, params string[] paths) =>
        Assert.Equal(paths.Order(StringComparer.Ordinal), error.Faults.Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal));
}
