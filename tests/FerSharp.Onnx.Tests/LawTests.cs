using FerSharp.Testing;

namespace FerSharp.Onnx.Tests;

public sealed class LawTests
{
    public static TheoryData<string> DetectorLawNames => [.. DetectorLaws.Names];

    public static TheoryData<string, string> SizedDetectorCases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string law in DetectorLaws.Names)
            {
                cases.Add(law, "the frame's shape");
                cases.Add(law, "a smallest face");
                cases.Add(law, "two sizes");
            }

            return cases;
        }
    }

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
        var subject = new DetectorSubject(() => OnnxFaceDetector.Load(ToyModels.Detector())) { MaxBytesPerCall = 0 };
        Assert.Equal(LawOutcome.Kept, DetectorLaws.Check(law, subject));
    }

    [Theory]
    [MemberData(nameof(SizedDetectorCases))]
    public void Detector_InputSizeByOptions_KeepsLaw(string law, string sizing)
    {
        var options = new OnnxFaceDetectorOptions { Model = ToyModels.FreeSizeDetector() };
        if (sizing == "a smallest face")
        {
            options.MinFaceSize = 16;
        }
        else
        {
            options.InputSizes = sizing == "two sizes" ? [DetectorInputSize.Square(64), DetectorInputSize.FrameShape(96)] : [DetectorInputSize.FrameShape(80)];
        }

        var subject = new DetectorSubject(() => OnnxFaceDetector.Load(options)) { MaxBytesPerCall = 0 };
        Assert.Equal(LawOutcome.Kept, DetectorLaws.Check(law, subject));
    }

    [Theory]
    [MemberData(nameof(ClassifierCases))]
    public void Classifier_ToyModel_KeepsLaw(string law, ChannelOrder order, bool withContempt)
    {
        var subject = new ClassifierSubject(() => OnnxEmotionClassifier.Load(ToyModels.Classifier(order, withContempt))) { MaxBytesPerCall = 0 };
        Assert.Equal(LawOutcome.Kept, ClassifierLaws.Check(law, subject));
    }
}
