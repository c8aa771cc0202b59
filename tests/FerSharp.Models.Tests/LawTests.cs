using FerSharp.Onnx;
using FerSharp.Testing;

namespace FerSharp.Models.Tests;

public sealed class LawTests
{
    public static TheoryData<string, DetectorSize> DetectorCases
    {
        get
        {
            var cases = new TheoryData<string, DetectorSize>();
            foreach (string law in DetectorLaws.Names)
            {
                cases.Add(law, DetectorSize.Small);
                cases.Add(law, DetectorSize.Large);
            }

            return cases;
        }
    }

    public static TheoryData<string> ClassifierLawNames => [.. ClassifierLaws.Names];

    [Theory]
    [MemberData(nameof(DetectorCases))]
    public void Detector_EmbeddedModel_KeepsLaw(string law, DetectorSize size)
    {
        var subject = new DetectorSubject(() => OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(size))) { Scene = AverageFaces.Picture, MaxBytesPerCall = 0 };
        Assert.Equal(LawOutcome.Kept, DetectorLaws.Check(law, subject));
    }

    [Theory]
    [MemberData(nameof(ClassifierLawNames))]
    public void Classifier_EmbeddedModel_KeepsLaw(string law)
    {
        var subject = new ClassifierSubject(() => OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier))
        {
            Scene = AverageFaces.Picture,
            Faces = AverageFaces.Faces,
            MaxBytesPerCall = 0,
        };
        Assert.Equal(LawOutcome.Kept, ClassifierLaws.Check(law, subject));
    }
}
