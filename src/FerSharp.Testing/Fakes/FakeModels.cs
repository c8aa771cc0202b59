namespace FerSharp.Testing;

/// <summary>What the fakes say about themselves.</summary>
internal static class FakeModels
{
    public static ModelInfo Detector { get; } = Describe("fake-detector", ModelTask.FaceDetection, default, classifier: null);

    public static ModelInfo Classifier(EmotionSet emotions)
    {
        if (emotions.Count == 0)
        {
            throw new ArgumentException("A classifier knows at least one expression.", nameof(emotions));
        }

        return Describe("fake-classifier", ModelTask.EmotionClassification, emotions, new ClassifierOutputSpec
        {
            Name = "none",
            Activation = OutputActivation.Probabilities,
            Labels = [.. emotions.ToArray().Select(emotion => (Emotion?)emotion)],
        });
    }

    private static ModelInfo Describe(string id, ModelTask task, EmotionSet emotions, ClassifierOutputSpec? classifier) => new(id, "1.0", "FerSharp.Testing", emotions, new ModelManifest
    {
        Id = id,
        Version = "1.0",
        Task = task,
        File = "none",
        License = new ModelLicense("MIT", CommercialUse.Allowed),
        Input = new PreprocessingSpec { Name = "none", Width = 8, Height = 8, Order = ChannelOrder.Gray, Channels = 1 },
        Classifier = classifier,
        Detector = task == ModelTask.FaceDetection ? new DetectorOutputSpec { Decoder = "none", Names = [] } : null,
    });
}
