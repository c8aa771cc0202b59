using FerSharp.Decoding;
using FerSharp.Testing;

namespace FerSharp.Onnx.Tests.Decoding;

public sealed class DetectionDecoderTests
{
    private static readonly (int Width, int Height)[] Sizes = [(64, 64), (96, 48), (50, 70)];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string decoder in DetectionDecoder.Names)
            {
                for (int seed = 0; seed < 6; seed++)
                {
                    cases.Add(decoder, seed);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Families => [.. DetectionDecoder.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decode_RandomOutputs_EqualsTheNaiveFormula(string family, int seed)
    {
        var random = new Random(seed);
        (int width, int height) = Sizes[seed % Sizes.Length];
        DetectorOutputSpec spec = Spec(family, seed % 2 == 0 ? [8, 16, 32] : [32, 8]) with { ScoreThreshold = 0.3f + (0.1f * seed) };
        float[][] outputs = [.. NaiveDecoders.Lengths(width, height, spec).Select(length => Enumerable.Range(0, length).Select(_ => Value(random)).ToArray())];
        DetectionDecoder decoder = Create(width, height, spec);
        Assert.Equal(NaiveDecoders.Lengths(width, height, spec), decoder.OutputLengths);

        FaceDetection[] found = Decode(decoder, outputs);
        Expected[] expected = [.. NaiveDecoders.Decode(width, height, spec, outputs)];
        Assert.InRange(expected.Length, 1, decoder.MaxCandidates - 1);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => AssertSame(pair.First, pair.Second));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Decode_ScoreAtTheThreshold_IsKept_JustBelow_IsDropped(string family)
    {
        DetectorOutputSpec spec = Spec(family, [32]) with { ScoreThreshold = 0.5f };
        Assert.Equal(2, Decode(Create(64, 32, spec), Scored(spec, 0.5f, 1)).Length);
        Assert.Single(Decode(Create(64, 32, spec), Scored(spec, 0.4999f, 1)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Decode_ScoresPastOne_AreCutToOne(string family)
    {
        DetectorOutputSpec spec = Spec(family, [32]);
        Assert.All(Decode(Create(64, 32, spec), Scored(spec, 1.25f, 40)), face => Assert.Equal(1f, face.Score));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Decode_NaNAndNegativeScores_AreNoFaces(string family)
    {
        DetectorOutputSpec spec = Spec(family, [32]) with { ScoreThreshold = 0.01f };
        Assert.Empty(Decode(Create(64, 32, spec), Scored(spec, float.NaN, -50)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Decode_EveryCellIsAFace_FillsToMaxCandidates(string family)
    {
        DetectorOutputSpec spec = Spec(family, [8, 32]) with { ScoreThreshold = 0.01f };
        DetectionDecoder decoder = Create(72, 40, spec);
        float[][] outputs = [.. decoder.OutputLengths.Select(length => Enumerable.Repeat(0.5f, length).ToArray())];
        Assert.Equal(decoder.MaxCandidates, Decode(decoder, outputs).Length);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Detect_ThroughTheWholeBackend_GivesTheNaiveFaces(string family)
    {
        const int Width = 64, Height = 32;
        DetectorOutputSpec spec = Spec(family, [32]) with { ScoreThreshold = 0.5f, NmsThreshold = 0.3f };
        float[][] outputs = Scored(spec, 0.625f, 0.75f);
        using OnnxFaceDetector detector = OnnxFaceDetector.Load(TestModels.ConstantDetector(Width, Height, spec, outputs));

        // Twice the tensor's size, so that every coordinate doubles.
        FaceDetection[] found = detector.Detect(SyntheticFrames.Noise(2 * Width, 2 * Height));
        Expected[] expected = [.. NaiveDecoders.Decode(Width, Height, spec, outputs).OrderByDescending(face => face.Score).Select(face => Scale(face, 2))];
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => AssertSame(pair.First, pair.Second));
    }

    [Theory]
    [InlineData("cells", "reads 1 outputs; 2 are named")]
    [InlineData("yunet", "reads 8 outputs; 2 are named")]
    [InlineData("retinaFace", "reads 3 outputs; 2 are named")]
    [InlineData("blazeFace", "reads 4 outputs; 2 are named")]
    public void Create_OtherNumberOfOutputs_SaysHowManyItReads(string family, string part)
    {
        var exception = Assert.Throws<FerModelException>(() => Create(64, 64, Spec(family, [8, 16]) with { Names = ["a", "b"] }));
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SeveralFaults_ListsThemAll()
    {
        DetectorOutputSpec spec = Spec("retinaFace", [8, 0]) with { Names = ["a"], AnchorSizes = [], Variances = [1] };
        var exception = Assert.Throws<FerModelException>(() => Create(64, 64, spec));
        Assert.Equal(4, exception.Faults.Count);
    }

    /// <summary>A family's specification with one to three anchors at each level.</summary>
    private static DetectorOutputSpec Spec(string family, int[] strides)
    {
        int outputs = family switch { "cells" => 1, "yunet" => 4 * strides.Length, "cornerBoxes" => 2, "retinaFace" => 3, _ => 2 * strides.Length };
        bool hasAnchors = family is "cornerBoxes" or "retinaFace" or "blazeFace";
        return new DetectorOutputSpec
        {
            Decoder = family,
            Names = [.. Enumerable.Range(0, outputs).Select(i => $"output{i}")],
            Strides = strides,
            AnchorSizes = hasAnchors ? [.. strides.Select((stride, level) => (IReadOnlyList<float>)[.. Enumerable.Range(1, strides.Length == 1 ? 1 : level + 1).Select(k => (float)(stride * k))])] : [],
            Variances = [0.15f, 0.25f],
        };
    }

    [Theory]
    [InlineData("cells", 1, 1, 0)]
    [InlineData("cornerBoxes", 2, 1, 100)]
    [InlineData("cornerBoxes", 2, 3, 100)]
    [InlineData("retinaFace", 3, 1, 20)]
    [InlineData("blazeFace", 2, 1, 200)]
    public void Create_MoreCandidatesThanAnyDetectorHas_IsRefusedBeforeMemoryIsTaken(string decoder, int names, int levels, int anchors)
    {
        DetectorOutputSpec spec = new()
        {
            Decoder = decoder,
            Names = [.. Enumerable.Range(0, names).Select(i => $"output{i}")],
            Strides = [.. Enumerable.Repeat(1, levels)],
            AnchorSizes = anchors == 0 ? [] : [.. Enumerable.Repeat(Enumerable.Repeat(1f, anchors).ToArray(), levels)],
        };
        FerModelException exception = Assert.Throws<FerModelException>(() => Create(4096, 4096, spec));
        Assert.StartsWith("output.strides: the strides and anchorSizes make", Assert.Single(exception.Faults), StringComparison.Ordinal);
    }

    /// <summary>Outputs for a 64 x 32 tensor of two cells with stride 32 that differ in their scores alone; boxes of the two do not overlap.</summary>
    private static float[][] Scored(DetectorOutputSpec spec, float first, float second)
    {
        static float Logit(float p) => p is > 0 and < 1 ? MathF.Log(p / (1 - p)) : 50 * p;
        float[] Points(int count) => [.. Enumerable.Range(0, count).Select(i => 0.05f * (i % 10))];
        return spec.Decoder switch
        {
            "cells" => [[first, 0, 0, -1, -1, .. Points(10), second, 0.1f, 0, -1, -1, .. Points(10)]],
            "yunet" => [[first, second], [first, second], [0.5f, 0.5f, -1, -1, 0.5f, 0.5f, -1, -1], Points(20)],
            "cornerBoxes" => [[1 - first, first, 1 - second, second], [0.1f, 0.1f, 0.3f, 0.8f, 0.6f, 0.2f, 0.9f, 0.7f]],
            "retinaFace" => [[0, 0, -4, -4, 0, 0, -4, -4], [1 - first, first, 1 - second, second], Points(20)],
            _ => [[Logit(first), Logit(second)], [0, 0, 10, 12, .. Points(12), 1, 1, 10, 12, .. Points(12)]],
        };
    }

    /// <summary>Mostly moderate values, some past every clamp.</summary>
    private static float Value(Random random) => random.Next(10) == 0 ? (random.NextSingle() * 6) - 3 : (random.NextSingle() * 1.4f) - 0.2f;

    private static DetectionDecoder Create(int width, int height, DetectorOutputSpec spec)
    {
        ModelManifest manifest = ToyModels.Detector().Manifest;
        return DetectionDecoder.Create(manifest with { Input = manifest.Input with { Width = width, Height = height }, Detector = spec });
    }

    private static FaceDetection[] Decode(DetectionDecoder decoder, float[][] outputs)
    {
        var candidates = new FaceDetection[decoder.MaxCandidates];
        ReadOnlyMemory<float>[] memory = [.. outputs.Select(output => (ReadOnlyMemory<float>)output)];
        return candidates[..decoder.Decode(memory, candidates)];
    }

    private static Expected Scale(Expected face, double factor) =>
        new(face.Left * factor, face.Top * factor, face.Width * factor, face.Height * factor, face.Score, face.Points?.Select(value => value * factor).ToArray());

    private static void AssertSame(Expected expected, FaceDetection actual)
    {
        double scale = 1e-4 * Math.Max(1, Math.Abs(expected.Width) + Math.Abs(expected.Height) + Math.Abs(expected.Left) + Math.Abs(expected.Top));
        Assert.Equal(expected.Left, actual.Box.X, scale);
        Assert.Equal(expected.Top, actual.Box.Y, scale);
        Assert.Equal(expected.Width, actual.Box.Width, scale);
        Assert.Equal(expected.Height, actual.Box.Height, scale);
        Assert.Equal(expected.Score, actual.Score, 1e-5);
        Assert.Equal(expected.Points is null, actual.Landmarks.IsEmpty);
        for (int i = 0; i < expected.Points?.Length; i++)
        {
            PointF point = actual.Landmarks[i / 2];
            Assert.Equal(expected.Points[i], i % 2 == 0 ? point.X : point.Y, scale);
        }
    }
}
