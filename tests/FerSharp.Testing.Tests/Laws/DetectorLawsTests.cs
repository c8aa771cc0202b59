namespace FerSharp.Testing.Tests;

public sealed class DetectorLawsTests
{
    public static TheoryData<string> Names => [.. DetectorLaws.Names];

    public static TheoryData<string, string> BrokenCases => [.. BrokenDetectorCases.All.Select(one => (one.Law, one.How))];

    [Theory, MemberData(nameof(Names))]
    public void FakeDetector_KeepsLaw(string law) =>
        Assert.Equal(LawOutcome.Kept, DetectorLaws.Check(law, new DetectorSubject(() => new FakeFaceDetector()) { MaxBytesPerCall = 0 }));

    [Theory, MemberData(nameof(BrokenCases))]
    public void BrokenDetector_BreaksItsLaw(string law, string how)
    {
        LawBrokenException broken = Assert.Throws<LawBrokenException>(() => DetectorLaws.Check(law, Subject(law, how)));
        Assert.Equal(law, broken.Law);
        Assert.Equal(DetectorLaws.PromiseOf(law), broken.Promise);
        Assert.NotEmpty(broken.Finding);
    }

    [Theory, MemberData(nameof(BrokenCases))]
    public void BrokenDetector_KeepsTheOtherLaws(string law, string how)
    {
        string[] expected = [law, .. BrokenDetectorCases.All.Single(one => one.Law == law && one.How == how).Also];
        string[] others = [.. DetectorLaws.Names.Except(expected).Where(other => Breaks(other, Subject(law, how)))];
        Assert.Empty(others);
    }

    [Fact]
    public void EveryLaw_HasABrokenCase() => Assert.Equal(DetectorLaws.Names.Order(), BrokenDetectorCases.All.Select(one => one.Law).Distinct().Order());

    // The budget is only the measure of the case that breaks it: most broken fakes allocate.
    private static DetectorSubject Subject(string law, string how) => new(BrokenDetectorCases.All.Single(one => one.Law == law && one.How == how).Create)
    {
        MaxBytesPerCall = law == "steady-state-stays-in-budget" ? 0 : null,
    };

    private static bool Breaks(string law, DetectorSubject subject)
    {
        try
        {
            DetectorLaws.Check(law, subject);
            return false;
        }
        catch (LawBrokenException)
        {
            return true;
        }
    }
}
