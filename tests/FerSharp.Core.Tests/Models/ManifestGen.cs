using CsCheck;

namespace FerSharp.Core.Tests.Models;

/// <summary>Random valid manifests.</summary>
internal static class ManifestGen
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char["abcXYZ 0189+&<>'\"\\/\u00fc\u4eba\t\n"], 1, 12].Where(text => !string.IsNullOrWhiteSpace(text));
    private static readonly Gen<string?> OptionalText = Gen.Bool.SelectMany(given => given ? Text.Select(text => (string?)text) : Gen.Const((string?)null));
    private static readonly Gen<string> Id = Gen.Select(
        Gen.String[Gen.Char["abcXYZ0189"], 1, 20], Gen.String[Gen.Char["aZ09._-"], 0, 20], (head, tail) => head + tail);
    private static readonly Gen<float> Finite = Gen.Single.Where(float.IsFinite);
    private static readonly Gen<float> NotZero = Finite.Where(number => number != 0);
    private static readonly Gen<float> Positive = Finite.Where(number => number > 0);
    private static readonly Gen<float> Unit = Gen.Single.Unit;

    private static readonly Gen<PreprocessingSpec> Shape = Gen.Select(
        Text, Gen.Int[1, 4096], Gen.Int[1, 4096], Gen.Enum<ChannelOrder>(), Gen.Bool, Gen.Enum<TensorLayout>(), NotZero,
        (name, width, height, order, repeat, layout, scale) => new PreprocessingSpec
        {
            Name = name,
            Width = width,
            Height = height,
            Order = order,
            Channels = order == ChannelOrder.Gray && !repeat ? 1 : 3,
            Layout = layout,
            Scale = scale,
        });

    private static readonly Gen<PreprocessingSpec> Values = Shape.SelectMany(shape => Gen.Select(
        PerChannel(Finite, shape.Channels), PerChannel(NotZero, shape.Channels), Positive.Nullable(), Gen.Single[0, 255],
        (mean, std, epsilon, pad) => shape with { Mean = mean, Std = std, StandardizationEpsilon = epsilon, PadValue = pad }));

    private static readonly Gen<PreprocessingSpec> DetectorInput = Gen.Select(
        Values, Gen.Enum<ResizeMode>(), Gen.Enum<SamplingMode>(), Gen.Enum<BorderMode>(),
        (input, resize, sampling, border) => input with { Resize = resize, Sampling = sampling, Border = border });

    private static readonly Gen<PreprocessingSpec> ClassifierInput = Gen.Select(
        DetectorInput, Gen.Single[-0.4f, 4], Gen.Single[-1, 1], Gen.Bool, Gen.Bool, Gen.Select(Unit, Unit, (x, y) => new PointF(x, y)).Array[5],
        (input, margin, shift, square, align, points) => input with
        {
            Crop = new CropSpec { Margin = margin, ShiftY = shift, Square = square },
            AlignTo = align ? points : null,
        });

    // A shuffled alphabet of labels and nulls, cut to some length that holds at least two expressions.
    private static readonly Gen<Emotion?[]> Labels = Gen.Shuffle(Enum.GetValues<Emotion>().Select(label => (Emotion?)label).Append(null).Append(null).ToArray())
        .Select(Gen.Int[4, 10], (all, count) => all[..count]);

    private static readonly Gen<ClassifierOutputSpec> Classifier = Gen.Select(
        Text, Gen.Enum<OutputActivation>(), Labels, Positive, Gen.Bool, Gen.Bool, OptionalText,
        (name, activation, labels, temperature, valence, arousal, embedding) => new ClassifierOutputSpec
        {
            Name = name,
            Activation = activation,
            Labels = labels,
            Temperature = temperature,
            ValenceIndex = valence ? labels.Length : null,
            ArousalIndex = arousal ? labels.Length + 1 : null,
            Embedding = embedding,
        });

    private static readonly Gen<DetectorOutputSpec> Detector = Gen.Int[0, 4].SelectMany(levels => Gen.Select(
        Text, Text.Array[1, 5], Unit, Unit, Gen.Int[1, 4096].Array[levels], Gen.Bool, Positive.Array[1, 3].Array[levels], Gen.Select(Positive.Array[2], Positive),
        (decoder, names, score, nms, strides, anchored, anchors, rest) => new DetectorOutputSpec
        {
            Decoder = decoder,
            Names = [.. names.Distinct()],
            ScoreThreshold = score,
            NmsThreshold = nms,
            Strides = strides,
            AnchorSizes = anchored ? anchors : [],
            Variances = rest.Item1,
            ReliableFaceSize = rest.Item2,
        }));

    private static readonly Gen<ModelManifest> Common = Gen.Select(
        Id, Text, Text, Gen.Enum<CommercialUse>(), OptionalText, OptionalText, Gen.Dictionary(Text, Gen.Double.Where(double.IsFinite))[0, 4],
        (id, version, license, commercial, source, trainedOn, metrics) => new ModelManifest
        {
            Id = id,
            Version = version,
            Task = ModelTask.FaceDetection,
            File = $"weights/{id}.onnx",
            Sha256 = source is null ? null : ModelPackage.ComputeSha256([(byte)id.Length]),
            License = new ModelLicense(license, commercial),
            Source = source,
            TrainedOn = trainedOn,
            Metrics = metrics,
            Input = new PreprocessingSpec { Name = "", Width = 0, Height = 0, Order = 0, Channels = 0 },
        });

    public static Gen<ModelManifest> Any { get; } = Gen.OneOf(
        Gen.Select(Common, DetectorInput, Detector, (manifest, input, output) => manifest with { Input = input, Detector = output }),
        Gen.Select(
            Common, ClassifierInput, Classifier,
            (manifest, input, output) => manifest with { Task = ModelTask.EmotionClassification, Input = input, Classifier = output }));

    private static Gen<float[]> PerChannel(Gen<float> value, int channels) =>
        Gen.Bool.SelectMany(each => value.Array[each ? channels : 1]);
}
