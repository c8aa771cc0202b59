using FerSharp.Testing;

namespace FerSharp.MLNet.Tests;

public sealed class LawTests
{
    /// <summary>What OnnxTransformer allocates for each run beside a copy of its input: handles, names, small arrays.</summary>
    private const int BytesPerRun = 2048;

    /// <summary>Faces of the default scene.</summary>
    private const int Faces = 3;

    public static TheoryData<string> DetectorLawNames => [.. DetectorLaws.Names];

    public static TheoryData<string> ClassifierLawNames => [.. ClassifierLaws.Names];

    public static TheoryData<string, ChannelOrder, bool> ClassifierCases
    {
        get
        {
            var cases = new TheoryData<string, ChannelOrder, bool>();
            foreach (string law in ClassifierLaws.Names)
            {
                cases.Add(law, ChannelOrder.Gray, false);
                cases.Add(law, ChannelOrder.Bgr, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(DetectorLawNames))]
    public void Detector_ToyModel_KeepsLaw(string law)
    {
        var subject = new DetectorSubject(() => MLNetFaceDetector.Load(ToyModels.Detector())) { MaxBytesPerCall = BytesPerRun + (64 * 64 * 3 * sizeof(float)) };
        Assert.Equal(LawOutcome.Kept, DetectorLaws.Check(law, subject));
    }

    [Theory]
    [MemberData(nameof(ClassifierCases))]
    public void Classifier_ToyModel_KeepsLaw(string law, ChannelOrder order, bool withContempt)
    {
        var subject = new ClassifierSubject(() => MLNetEmotionClassifier.Load(ToyModels.Classifier(order, withContempt)))
        {
            MaxBytesPerCall = Faces * (BytesPerRun + (16 * 16 * (order == ChannelOrder.Gray ? 1 : 3) * sizeof(float))),
        };
        Assert.Equal(LawOutcome.Kept, ClassifierLaws.Check(law, subject));
    }
}
