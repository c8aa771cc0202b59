using System.Security.Cryptography;
using FerSharp.Graphs;

namespace FerSharp.Testing;

/// <summary>Small models, made on the spot, with manifests: enough to test a backend offline. They know nothing about real faces.</summary>
/// <remarks>Pure functions; the same bytes on every call and every machine.</remarks>
public static class ToyModels
{
    /// <summary>
    /// A classifier with fixed random weights: input <c>input</c> [N, C, 16, 16], outputs <c>logits</c> [N, 7 or 8] and <c>embedding</c> [N, 32].
    /// Every pixel and every channel has a weight of its own, so that a wrong crop, order or layout changes the scores.
    /// </summary>
    /// <param name="order">Order of the channels; gray has one channel, the others have three.</param>
    /// <param name="withContempt">Whether the model knows all eight expressions or the seven of <see cref="EmotionSet.Basic"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="order"/> is not a defined order.</exception>
    public static ModelPackage Classifier(ChannelOrder order = ChannelOrder.Gray, bool withContempt = false)
    {
        int channels = order switch
        {
            ChannelOrder.Gray => 1,
            ChannelOrder.Rgb or ChannelOrder.Bgr => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "Not a channel order."),
        };

        // FER-2013's own order, which is not the order of Emotion: whoever forgets the mapping gets other scores.
        List<Emotion?> labels = [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral];
        if (withContempt)
        {
            labels.Add(Emotion.Contempt);
        }

        return Package(ClassifierGraph(channels, labels.Count), new ModelManifest
        {
            Id = withContempt ? "toy-classifier-8" : "toy-classifier-7",
            Version = "1.0",
            Task = ModelTask.EmotionClassification,
            File = "toy-classifier.onnx",
            License = new ModelLicense("MIT", CommercialUse.Allowed),
            Source = "FerSharp.Testing",
            Input = new PreprocessingSpec
            {
                Name = "input",
                Width = 16,
                Height = 16,
                Order = order,
                Channels = channels,
                Scale = 1 / 255f,
                Mean = [0.5f],
                Std = [0.5f],
                Crop = new CropSpec { Margin = 0.1f },
            },
            Classifier = new ClassifierOutputSpec { Name = "logits", Activation = OutputActivation.Logits, Labels = labels, Embedding = "embedding" },
        });
    }

    /// <summary>
    /// A detector of the drawn faces of <see cref="SyntheticFrames"/>: input <c>input</c> [1, 3, 64, 64], output <c>pred</c> [1, 80, 15] for the
    /// decoder <c>cells</c> with strides 8 and 16. Faces should be 12 to 36 tensor pixels high and two heights apart.
    /// </summary>
    /// <remarks>
    /// A cell's numbers: score (a probability), centre x and y, log of width and height, then five points x, y in <see cref="FaceLandmarks"/>
    /// order; all but the score in strides, positions from the cell's centre.
    /// </remarks>
    public static ModelPackage Detector() => Detector("toy-detector", isFree: false);

    /// <summary>
    /// The same detector as a graph whose batch, height and width are free: input <c>input</c> [N, 3, H, W] with sides that are multiples of 16,
    /// output <c>pred</c> [N, cells, 15]. Its manifest says 64 x 64.
    /// </summary>
    public static ModelPackage FreeSizeDetector() => Detector("toy-detector-free-size", isFree: true);

    private static ModelPackage Detector(string id, bool isFree) => Package(ToyDetectorGraph.Build(isFree), new ModelManifest
    {
        Id = id,
        Version = "1.0",
        Task = ModelTask.FaceDetection,
        File = "toy-detector.onnx",
        License = new ModelLicense("MIT", CommercialUse.Allowed),
        Source = "FerSharp.Testing",
        Input = new PreprocessingSpec
        {
            Name = "input",
            Width = ToyDetectorGraph.Size,
            Height = ToyDetectorGraph.Size,
            Order = ChannelOrder.Rgb,
            Channels = 3,
            Scale = 1 / 255f,
            Resize = ResizeMode.LetterboxTopLeft,
            Sampling = SamplingMode.Area,
            Border = BorderMode.Constant,
        },
        Detector = new DetectorOutputSpec { Decoder = "cells", Names = ["pred"], Strides = ToyDetectorGraph.Strides, ReliableFaceSize = isFree ? 8 : 20 },
    });

    private static byte[] ClassifierGraph(int channels, int labels)
    {
        const int Filters = 8;
        const int Features = 32;
        var weights = new SplitMix(2013);
        var graph = new OnnxWriter("toy-classifier");
        string input = graph.Input("input", OnnxElementType.Float32, "N", channels, 16, 16);
        string x = graph.Relu(graph.Conv(input, Random([Filters, channels, 3, 3], 1), Random([Filters], 0.1f), padding: 1));
        x = graph.Flatten(graph.MaxPool(x, kernel: 2, stride: 2));
        x = graph.Relu(graph.Gemm(x, Random([Features, Filters * 64], 0.2f), Random([Features], 0.1f)));
        graph.Output("embedding", x, OnnxElementType.Float32, "N", Features);
        graph.Output("logits", graph.Gemm(x, Random([labels, Features], 0.2f), Random([labels], 0.1f)), OnnxElementType.Float32, "N", labels);
        return graph.ToArray();

        string Random(int[] shape, float scale)
        {
            float[] values = new float[shape.Aggregate((a, b) => a * b)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = scale * ((2 * weights.NextFloat()) - 1);
            }

            return graph.Initializer("weights", values, shape);
        }
    }

    private static ModelPackage Package(byte[] model, ModelManifest manifest) =>
        new(manifest with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)) }, model);
}
