using FerSharp.Testing;

namespace FerSharp.PublicApi.Tests;

/// <summary>A backend written with nothing but the public API keeps all laws.</summary>
public sealed class OutsideBackendTests
{
    public static TheoryData<string> DetectorLawNames => [.. DetectorLaws.Names];

    public static TheoryData<string> ClassifierLawNames => [.. ClassifierLaws.Names];

    [Theory, MemberData(nameof(DetectorLawNames))]
    public void OutsideDetector_KeepsLaw(string law) => Report(DetectorLaws.Check(law, new DetectorSubject(() => new OutsideDetector())));

    [Theory, MemberData(nameof(ClassifierLawNames))]
    public void OutsideClassifier_KeepsLaw(string law) => Report(ClassifierLaws.Check(law, new ClassifierSubject(() => new OutsideClassifier()) { MaxBytesPerCall = 0 }));

    private static void Report(LawOutcome outcome) => Assert.SkipWhen(outcome.IsWaived, outcome.WaivedBecause ?? string.Empty);
}
